import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const main = join(import.meta.dirname, '../../bench/main.ts')

it.each([
  [['--onyl', 'chat'], "Unknown option '--onyl'; there is --only, --quick, --app"],
  [['--only', 'chatt'], /^--only chatt: there is chat, stream, [a-z, ]+$/],
  [['chat'], /^Unexpected argument 'chat'/],
  [['--app', 'none.js'], 'There is no none.js: "npm run bench" builds it'],
])('npm run bench tells a slip in one line: %j', { timeout: 60_000 }, (args, message) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
  expect(stderr.trimEnd()).toMatch(message)
  expect([status, stdout, stderr.trimEnd().split('\n').length]).toEqual([1, '', 1])
})
