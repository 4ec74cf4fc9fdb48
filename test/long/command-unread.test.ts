/** The command as a process whose output nobody reads. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let cwd = ''
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'cli-'))))
afterEach(() => rmSync(cwd, { recursive: true }))

describe('the command', () => {
  it('takes it quietly where nobody reads on what it prints', { timeout: 60_000 }, async () => {
    const main = join(import.meta.dirname, '../../src/cli/main.ts')
    const child = spawn(process.execPath, [main, 'check'], {
      cwd,
      env: { ...process.env, SIMULATOR_API_KEY: 'k' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    let errors = ''
    child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()))
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
  })
})
