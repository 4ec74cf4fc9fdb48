import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const main = join(import.meta.dirname, '../../bench/main.ts')

it.each([
  [['--onyl', 'chat'], "Unknown option '--onyl'; there is --only, --quick, --app, --before, --rounds"],
  [['--only', 'chatt'], /^--only chatt: there is chat, stream, [a-z, ]+$/],
  [['chat'], /^Unexpected argument 'chat'/],
  [['--app', 'none.js'], 'There is no file none.js: a build has dist/cli/main.js, and "npm run bench" builds this one'],
  [['--before', 'none.js'], /^There is no file none.js: /],
  [['--before', '.'], /^There is no file \.: /],
  [['--before'], /^Option '--before <value>' argument missing; there is --only/],
  [['--before', main, '--only', 'pace'], '--only pace: --before compares chat, stream, embeddings, replay'],
  [['--before', main, '--rounds', '3'], '--rounds 3: a whole number from 15 to 1000'],
  [['--before', main, '--rounds', 'many'], '--rounds many: a whole number from 15 to 1000'],
  [['--rounds', '20'], '--rounds is for --before: how often the two builds take turns'],
  [['--app', main, '--only', ''], /^--only : there is chat, /],
])('npm run bench tells a slip in one line: %j', { timeout: 60_000 }, (args, message) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
  expect(stderr.trimEnd()).toMatch(message)
  expect([status, stdout, stderr.trimEnd().split('\n').length]).toEqual([1, '', 1])
})
