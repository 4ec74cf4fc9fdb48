/** The command keeps what Node compiled of it for its next start, where it may; where it may not, it starts all the same. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildAll } from '../../scripts/build.mjs'

const main = path.resolve(import.meta.dirname, '../../dist/cli/main.js')
const place = mkdtempSync(path.join(tmpdir(), 'compiled-'))

beforeAll(() => buildAll({ onlyIfStale: true }))
afterAll(() => rmSync(place, { recursive: true, force: true }))

function version(folder: string) {
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: folder }
  const { stdout, stderr } = spawnSync(process.execPath, [main, '--version'], { cwd: place, encoding: 'utf8', env })
  return { stdout: stdout.trim(), stderr }
}

it('is kept in the folder that NODE_COMPILE_CACHE names', () => {
  const folder = path.join(place, 'kept')
  expect(version(folder)).toEqual({ stdout: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string, stderr: '' })
  expect(readdirSync(folder, { recursive: true }).length).toBeGreaterThan(2)
})

it('starts where the folder cannot be made', () => {
  const taken = path.join(place, 'taken')
  writeFileSync(taken, '')
  expect(version(taken)).toEqual({ stdout: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string, stderr: '' })
})
