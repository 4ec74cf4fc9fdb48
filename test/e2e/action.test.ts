/** The action for GitHub: what it runs starts the simulator, and tells the steps that follow where it is. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { loadAll } from 'js-yaml'
import { afterAll, expect, it } from 'vitest'
import { connect } from '../../src/testing/index.ts'
import { freePort } from '../support/free-port.ts'

const root = path.resolve(import.meta.dirname, '../..')
const place = mkdtempSync(path.join(tmpdir(), 'action-'))
const read = (name: string) => readFileSync(path.join(place, name), 'utf8')
afterAll(() => {
  process.kill(Number(read('aoai-simulator.pid')), 'SIGTERM')
  rmSync(place, { recursive: true, force: true })
})

it('starts the simulator with the settings that it is given', { timeout: 120_000 }, async () => {
  const action = loadAll(readFileSync(path.join(root, 'action.yml'), 'utf8'))[0] as {
    runs: { steps: { run?: string; env?: Record<string, string> }[] }
  }
  const step = action.runs.steps.find(({ run }) => run !== undefined)
  expect(step?.run).toContain('scripts/start-for-steps.sh')
  for (const name of ['env', 'output']) writeFileSync(path.join(place, name), '')
  writeFileSync(path.join(place, 'sim.yaml'), 'rules: [{ id: from-file, then: { text: Hello } }]\n')
  const port = await freePort()
  await promisify(execFile)('bash', [path.join(root, 'scripts/start-for-steps.sh')], {
    cwd: place,
    env: {
      ...process.env,
      GITHUB_ENV: path.join(place, 'env'),
      GITHUB_OUTPUT: path.join(place, 'output'),
      RUNNER_TEMP: place,
      CONFIG: 'sim.yaml',
      PORT_FOR_STEPS: String(port),
      // As where npm has started the step; and npm's end is that of what it started.
      npm_lifecycle_event: 'test',
    },
  })
  // Whoever looks after the script's end looks every 250 ms.
  await setTimeout(600)
  const told = Object.fromEntries(
    read('env')
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2) as [string, string]),
  )
  expect(read('output')).toBe(`url=${told['AOAI_SIMULATOR_URL']}\n`)
  const simulator = connect(told['AOAI_SIMULATOR_URL'] ?? '', told['AOAI_SIMULATOR_KEY'] ?? '')
  expect(await simulator.rules.list()).toMatchObject([{ id: 'from-file' }])
})
