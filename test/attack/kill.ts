/**
 * `npm run kill`: 200 kills of a simulator that records under load (`KILLS`), and 50 of one that keeps what clients leave
 * behind (`KEPT_KILLS`), each into a folder and into Azurite.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const runner = join(root, 'node_modules/vitest/vitest.mjs')
const { status } = spawnSync(
  process.execPath,
  [runner, 'run', 'test/recordings-kill.test.ts', 'test/kept-kill.test.ts', '--testTimeout=3600000'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, KILLS: process.env['KILLS'] ?? '200', KEPT_KILLS: process.env['KEPT_KILLS'] ?? '50' },
  },
)
process.exitCode = status ?? 1
