/**
 * One load test from start to report: `node loadtest/run.ts SCENARIO [--with locust|k6|benchmark]`. Starts a simulator
 * with the scenario's settings (or asks the one at --url), runs the tool, writes the report, and says whether what the
 * scenario expects came true.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Book, problemsOf, type Run, type Scenario } from './expected.ts'

const here = import.meta.dirname
const root = path.dirname(here)
const cli = path.join(root, 'dist/cli/main.js')
const book = JSON.parse(readFileSync(path.join(here, 'scenarios.json'), 'utf8')) as Book

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    with: { type: 'string', default: 'locust' },
    url: { type: 'string' },
    key: { type: 'string', default: process.env['SIMULATOR_API_KEY'] ?? 'key-of-the-load-test' },
    deployment: { type: 'string', default: 'load' },
    shorten: { type: 'string', default: '1' },
    out: { type: 'string', default: 'load-test' },
    baseline: { type: 'string' },
    on429: { type: 'string' },
  },
})
const [name = ''] = positionals
const scenario = book.scenarios[name]
if (!scenario) {
  console.error(`Scenarios are: ${Object.keys(book.scenarios).join(', ')}.`)
  process.exit(1)
}

const shorten = Number(values.shorten)
// Told before a run that takes minutes, and not after it.
const wrong = [
  ...(Number.isFinite(shorten) && shorten > 0
    ? []
    : ['--shorten takes a number above 0: 10 runs a tenth of the time.']),
  ...(values.on429 === undefined || ['wait', 'hurry', 'go on'].includes(values.on429)
    ? []
    : ['--on429 takes wait, hurry or "go on".']),
  ...(values.baseline === undefined || existsSync(values.baseline)
    ? []
    : [`--baseline: there is no ${values.baseline}; a run writes its run.json into the folder of --out.`]),
  ...(existsSync(cli) ? [] : ['npm run build comes first.']),
]
if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
const out = path.resolve(values.out)
const key = values.key
mkdirSync(out, { recursive: true })
const url = values.url ?? `http://127.0.0.1:${await freePort()}`
let simulator: ChildProcess | undefined
try {
  simulator = values.url === undefined ? await startSimulator(url, scenario) : undefined
  // What came before belongs to no run.
  await fetch(`${url}/++/requests`, { method: 'DELETE', headers: { 'api-key': key } })
  console.log(`${name}: ${scenario.about}`)
  await run(commandOf(scenario))
  report(scenario)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  simulator?.kill()
}

function commandOf({ stages, tokens, on429, thinkSeconds }: Scenario): {
  command: string
  args: string[]
  cwd?: string
} {
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0) / shorten
  switch (values.with) {
    case 'locust': {
      const own = path.join(root, '.venv/bin/locust')
      const command = existsSync(own) ? own : 'locust'
      const files = ['--csv', path.join(out, 'locust'), '--html', path.join(out, 'locust.html')]
      const quiet = [
        '--headless',
        '--only-summary',
        '--loglevel',
        'WARNING',
        '--exit-code-on-error',
        '0',
        '--stop-timeout',
        '15',
      ]
      return { command, args: ['-f', path.join(here, 'locustfile.py'), '--host', url, ...quiet, ...files] }
    }
    case 'k6':
      return { command: 'k6', args: ['run', '--summary-export', path.join(out, 'k6.json'), path.join(here, 'k6.js')] }
    case 'benchmark': {
      const cwd = process.env['BENCHMARK_PATH']
      if (cwd === undefined) throw new Error('BENCHMARK_PATH names a copy of Azure/azure-openai-benchmark.')
      const mix = tokens.mix === undefined ? undefined : book.mixes[tokens.mix]
      const middle = (list: readonly number[]) => list[Math.floor(list.length / 2)] ?? 0
      const [prompt, answer] = mix
        ? [middle(mix.promptTokens), middle(mix.answerTokens)]
        : [tokens.prompt, tokens.answer]
      const shape = ['--shape-profile', 'custom', '--context-tokens', String(prompt), '--max-tokens', String(answer)]
      const users = String(Math.max(...stages.map((stage) => stage.users)))
      const pause = thinkSeconds[0] / 2 + thinkSeconds[1] / 2 + 2
      const rate = String(Math.round((60 * Number(users)) / pause))
      const load = [
        '--clients',
        users,
        '--rate',
        rate,
        '--duration',
        String(Math.max(31, Math.round(seconds))),
        '--api-version',
        '2024-10-21',
      ]
      const retry = ['--retry', on429 === 'wait' ? 'exponential' : 'none', '--output-format', 'human']
      const command = process.env['BENCHMARK_PYTHON'] ?? 'python3'
      const args = [
        '-m',
        'benchmark.bench',
        'load',
        '--deployment',
        values.deployment,
        ...load,
        ...shape,
        ...retry,
        url,
      ]
      return { command, args, cwd }
    }
    default:
      throw new Error('--with takes locust, k6 or benchmark.')
  }
}

/** Rejects where the tool is not there, or ends with a mistake of its own. */
function run({ command, args, cwd }: ReturnType<typeof commandOf>): Promise<void> {
  const env = {
    ...process.env,
    SCENARIO: name,
    SHORTEN: values.shorten,
    AOAI_URL: url,
    AOAI_KEY: key,
    AOAI_DEPLOYMENT: values.deployment,
    OPENAI_API_KEY: key,
    ...(values.on429 !== undefined && { ON429: values.on429 }),
  }
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env, cwd })
    child.on('error', () => reject(new Error(`${command} is not installed: loadtest/README.md tells how.`)))
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}.`))))
  })
}

function report(chosen: Scenario): void {
  const files = ['--html', path.join(out, 'run.html'), '--json', path.join(out, 'run.json')]
  const baseline = values.baseline === undefined ? [] : ['--baseline', path.resolve(values.baseline)]
  const told = spawnSync(process.execPath, [cli, 'report', url, '--key', key, ...files, ...baseline], {
    stdio: 'inherit',
  })
  if (told.status !== 0) throw new Error('There is no report.')
  const kept = JSON.parse(readFileSync(path.join(out, 'run.json'), 'utf8')) as Run
  // A short run is no measure of a minute.
  const { verdict: _, ...withoutVerdict } = chosen.expect
  const expected = values.on429 === undefined ? chosen.expect : withoutVerdict
  const problems = problemsOf(kept, expected, { isWhole: shorten === 1 })
  for (const problem of problems) console.log(`NOT AS EXPECTED: ${problem}`)
  if (problems.length === 0) console.log('As expected.')
  console.log(`The report: ${path.join(out, 'run.html')}`)
  process.exitCode = problems.length === 0 ? 0 : 1
}

async function startSimulator(address: string, { settings }: Scenario): Promise<ChildProcess> {
  const file = path.join(out, 'sim.yaml')
  // What is JSON is YAML, too.
  writeFileSync(file, `${JSON.stringify({ journal: { size: 100_000 }, ...settings }, undefined, 2)}\n`)
  const { port } = new URL(address)
  const child = spawn(process.execPath, [cli, 'start', '--config', file, '--port', port], {
    env: { ...process.env, SIMULATOR_API_KEY: key, SIMULATOR_MODE: 'generate' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (let tries = 0; tries < 300; tries++) {
    const isThere = await fetch(address).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isThere) return child
    if (child.exitCode !== null) throw new Error('The simulator did not start: npm run build comes first.')
    await new Promise((go) => setTimeout(go, 100))
  }
  child.kill()
  throw new Error('The simulator did not start within 30 s.')
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
