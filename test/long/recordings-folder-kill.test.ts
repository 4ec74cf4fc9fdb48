/** Whoever records is killed in the middle of its work. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fileStore } from '../../src/sim/recordings/file-store.ts'
import { createRecordings } from '../../src/sim/recordings/recordings.ts'
import { exampleSought } from '../support/interactions.ts'
import { manualClock } from '../support/manual-clock.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recordings-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it(
  'a folder of recordings has only whole documents after the recorder was killed, time and again',
  { timeout: 60_000 },
  async () => {
    const script = fileURLToPath(new URL('../support/record-until-killed.ts', import.meta.url))
    for (let round = 0; round < 5; round++) {
      const child = spawn(process.execPath, [script, folder, String(round * 10_000)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      // Wherever it happens to be in the work of one document.
      for (let turn = 0; turn < round * 37; turn++) await new Promise((resolve) => setImmediate(resolve))
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const warnings: string[] = []
    const log = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message), error() {} }
    const store = fileStore(folder)
    const recordings = createRecordings({ store, clock: manualClock(), log })
    let documents = 0
    for await (const { name } of store.list()) if (name.endsWith('.yaml')) documents++
    let found = 0
    for (let round = 0; round < 5; round++) {
      for (let count = round * 10_000; ; count++) {
        const [interaction] = await recordings.find(exampleSought(`request ${count}`))
        if (!interaction) break
        const { body } = interaction.response
        expect(body.kind === 'bytes' && [body.bytes.length, body.bytes[0]]).toEqual([2_000_000, count % 256])
        found++
      }
    }
    expect(warnings).toEqual([])
    expect(found).toBe(documents)
    expect(found).toBeGreaterThanOrEqual(5)
  },
)
