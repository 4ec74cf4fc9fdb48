/** The load tests of `loadtest/`: with locust, where it is installed; their files are checked anyway. */
import { execFile, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { load } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Book, problemsOf, type Run } from '../../loadtest/expected.ts'
import { startNodeHost } from '../../src/host/node.ts'
import { python } from '../support/python.ts'
import { testSimulator } from '../support/simulator.ts'

const folder = path.resolve(import.meta.dirname, '../../loadtest')
const book = JSON.parse(readFileSync(path.join(folder, 'scenarios.json'), 'utf8')) as Book
const hasLocust = spawnSync(python, ['-m', 'locust', '--version']).status === 0
const hasK6 = spawnSync('k6', ['version']).status === 0
const isBuilt = existsSync(path.resolve(folder, '../dist/cli/main.js'))

describe('the scenarios', () => {
  it.each(Object.entries(book.scenarios))(
    '%s: the simulator takes its settings, and all that it names is there',
    (name, scenario) => {
      expect(() => testSimulator({ ...scenario.settings })).not.toThrow()
      const { mix } = scenario.tokens
      if (mix !== undefined) expect(book.mixes[mix]?.promptTokens).toHaveLength(21)
      expect(readFileSync(path.join(folder, 'README.md'), 'utf8')).toContain(`| \`${name}\` `)
    },
  )

  it.each([
    [['steady', '--shorten', '0'], '--shorten takes a number above 0'],
    [['steady', '--shorten', 'half'], '--shorten takes a number above 0'],
    [['steady', '--on429', 'sleep'], '--on429 takes wait, hurry or "go on"'],
    [['steady', '--baseline', 'none.json'], '--baseline: there is no none.json'],
    [['stedy'], 'Scenarios are: steady, '],
  ])('are not begun where it is wrong what is asked: %j', (flags, told) => {
    const { status, stderr } = spawnSync(process.execPath, [path.join(folder, 'run.ts'), ...flags], {
      encoding: 'utf8',
    })
    expect(stderr).toContain(told)
    expect(status).toBe(1)
  })

  it('are those that Azure Load Testing is given', () => {
    const config = load(readFileSync(path.join(folder, 'azure/steady.yaml'), 'utf8')) as Record<string, unknown>
    expect(config).toMatchObject({ version: 'v0.1', testType: 'Locust', engineInstances: 1 })
    for (const file of [config['testPlan'], ...(config['configurationFiles'] as string[])])
      expect(existsSync(path.join(folder, 'azure', file as string))).toBe(true)
    const env = config['env'] as { name: string; value: string }[]
    expect(Object.keys(book.scenarios)).toContain(env.find(({ name }) => name === 'SCENARIO')?.value)
    expect(config['testId']).toMatch(/^[a-z0-9_-]{2,50}$/)
    expect((config['description'] as string).length).toBeLessThanOrEqual(100)
    // As its command line reads them: an aggregate, a metric, a condition and a number.
    const metrics = 'response_time_ms|latency|error|requests|requests_per_sec'
    for (const criterion of config['failureCriteria'] as string[])
      expect(criterion).toMatch(
        new RegExp(`^(avg|min|max|count|percentage|p\\d+(\\.\\d+)?)\\((${metrics})\\) [<>] \\d+$`),
      )
    const { errorPercentage, timeWindow } = config['autoStop'] as Record<string, number>
    expect(errorPercentage).toBeLessThanOrEqual(100)
    expect(Number.isInteger(timeWindow)).toBe(true)
    for (const { value } of config['secrets'] as { value: string }[]) expect(value).toMatch(/^https:.*\/secrets\//)
  })

  it('are what k6 is given: its script, with stand-ins for the modules of k6', () => {
    for (const [name, scenario] of Object.entries(book.scenarios)) {
      const { asked, waited, stages } = runK6Script(name)
      const lengths = stages.map(({ duration }) => Number.parseInt(duration))
      expect(lengths, name).toEqual(scenario.stages.map(({ seconds }) => seconds))
      expect(stages.map(({ target }) => target)).toEqual(scenario.stages.map(({ users }) => users))
      // Refused twice, for 1.5 s each: who goes on does not come back.
      const tries = scenario.on429 === 'go on' ? 1 : 3
      expect(asked, name).toHaveLength(tries)
      expect(new Set(asked.map(({ body }) => body)).size).toBe(1)
      expect(asked[0]?.url).toBe('http://sim.test/openai/deployments/load/chat/completions?api-version=2024-10-21')
      expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({ stream: scenario.stream })
      expect(waited.slice(0, -1)).toEqual(Array(tries - 1).fill(scenario.on429 === 'hurry' ? 1 : 1.5))
      expect(waited.at(-1)).toBeLessThanOrEqual(scenario.thinkSeconds[1])
    }
  })

  it('say what did not come true', () => {
    const zeros = { limitedByRequests: 0, limitedOtherwise: 0, failed: 0, left: 0 }
    const totals = { requests: 100, ok: 60, limitedByTokens: 40, ...zeros, firstByteMs: { p50: 30 }, totalMs: null }
    const sums = { ok: [30, 30], promptTokens: [100, 100], completionTokens: [900, 900] }
    const run: Run = {
      resources: [{ verdict: { level: 'warn' }, report: { momentMs: 1000, rows: [{ totals, sums }] } }],
    }
    const isWhole = true
    expect(
      problemsOf(run, { refused: [0.3, 0.5], refusedBy: 'tokens', tokensInAMinute: [1900, 2100] }, { isWhole }),
    ).toEqual([])
    expect(
      problemsOf(
        run,
        {
          refused: [0, 0],
          refusedBy: 'requests',
          firstByteP50Ms: [0, 20],
          tokensInAMinute: [0, 1000],
          verdict: 'pass',
        },
        { isWhole },
      ),
    ).toEqual([
      'p50 of the time to the first byte, in ms, is 30, not 0 to 20.',
      'the verdict is warn, not pass.',
      'the share that was refused with 429 is 0.4, not 0 to 0.',
      'the most tokens in a minute is 2000, not 0 to 1000.',
      'most 429s are by tokens, not by requests.',
    ])
    expect(problemsOf({ resources: [] }, {}, { isWhole })).toEqual(['no request came.'])
  })
})

type Asked = { readonly url: string; readonly body: string }

/** One turn of one user, who is refused twice. */
function runK6Script(scenario: string) {
  const imports = /^import .* from 'k6.*'$/gm
  const script = readFileSync(path.join(folder, 'k6.js'), 'utf8')
  expect(script.match(imports)).toHaveLength(4)
  const body = script
    .replaceAll(imports, '')
    .replace('export default ', 'const turn = ')
    .replaceAll(/^export /gm, '')
  const asked: Asked[] = []
  const waited: number[] = []
  const http = {
    post: (url: string, sent: string) =>
      asked.push({ url, body: sent }) < 3
        ? { status: 429, headers: { 'Retry-After-Ms': '1500' } }
        : { status: 200, headers: {} },
  }
  class Metric {
    add() {}
  }
  const given = {
    sleep: (seconds: number) => void waited.push(seconds),
    exec: { vu: { idInTest: 1 }, scenario: { iterationInTest: 0 } },
    http,
    Counter: Metric,
    Rate: Metric,
    open: (file: string) => readFileSync(path.join(folder, file), 'utf8'),
    __ENV: { SCENARIO: scenario, AOAI_URL: 'http://sim.test', AOAI_KEY: 'key' },
  }
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- k6 is no module system of Node's.
  const made = new Function(...Object.keys(given), `${body}\nreturn { turn, options }`) as (
    ...values: readonly unknown[]
  ) => {
    turn: () => void
    options: { scenarios: Record<string, { stages: readonly { duration: string; target: number }[] }> }
  }
  const { turn, options } = made(...Object.values(given))
  turn()
  return { asked, waited, stages: options.scenarios[scenario]?.stages ?? [] }
}

const run = async (...args: readonly string[]) => {
  const env = { ...process.env, PATH: `${path.dirname(python)}${path.delimiter}${process.env['PATH'] ?? ''}` }
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(folder, 'run.ts'), ...args], {
    env,
    timeout: 120_000,
  })
  return stdout
}

const missing = [
  ...(hasLocust ? [] : ['no locust: loadtest/requirements.txt']),
  ...(isBuilt ? [] : ['no dist: npm run build']),
]
const withLocust = missing.length === 0 ? 'locust' : `locust (skipped: ${missing.join('; ')})`

describe.skipIf(missing.length > 0)(withLocust, { timeout: 130_000 }, () => {
  let out = ''
  beforeAll(() => {
    out = mkdtempSync(path.join(tmpdir(), 'loadtest-'))
  })
  afterAll(() => rmSync(out, { recursive: true }))

  it.each(['streams', 'limits-tokens'])('runs %s from start to report', async (scenario) => {
    const said = await run(scenario, '--shorten', '45', '--out', out)
    expect(said).toMatch(/^In \d+ s [\d,]+ requests? came: /m)
    expect(said).toContain('As expected.')
    expect(readFileSync(path.join(out, 'run.html'), 'utf8')).toContain('<h1>What the run came to</h1>')
    expect(readFileSync(path.join(out, 'locust_stats.csv'), 'utf8')).toContain(
      scenario === 'streams' ? 'first token' : 'chat',
    )
  })
})

describe.skipIf(!hasLocust)(hasLocust ? 'Azure Load Testing' : 'Azure Load Testing (skipped: no locust)', () => {
  it('has all files in one folder, and what the test asks for in variables', { timeout: 130_000 }, async () => {
    const config = load(readFileSync(path.join(folder, 'azure/steady.yaml'), 'utf8')) as {
      testPlan: string
      configurationFiles: string[]
      env: { name: string; value: string }[]
      secrets: { name: string }[]
    }
    const place = mkdtempSync(path.join(tmpdir(), 'azure-'))
    for (const file of [config.testPlan, ...config.configurationFiles])
      copyFileSync(path.join(folder, 'azure', file), path.join(place, path.basename(file)))
    const simulator = testSimulator(book.scenarios['steady']?.settings)
    const host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: simulator.config().server })
    const env = {
      ...process.env,
      ...Object.fromEntries(config.env.map(({ name, value }) => [name, value])),
      ...Object.fromEntries(config.secrets.map(({ name }) => [name, 'test-key'])),
      LOCUST_HOST: host.url,
      SHORTEN: '60',
    }
    const args = ['-m', 'locust', '-f', path.basename(config.testPlan), '--headless', '--csv', 'run']
    await promisify(execFile)(python, args, { cwd: place, env, timeout: 120_000 })
    await host.stop()
    const [, chat = ''] = readFileSync(path.join(place, 'run_stats.csv'), 'utf8').split('\n')
    rmSync(place, { recursive: true })
    const [type, name, requests, failures] = chat.split(',')
    expect([type, name, failures]).toEqual(['POST', 'chat', '0'])
    expect(Number(requests)).toBeGreaterThan(0)
  })
})

const withK6 = hasK6 && isBuilt ? 'k6' : 'k6 (skipped: it is not installed)'
describe.skipIf(!(hasK6 && isBuilt))(withK6, { timeout: 130_000 }, () => {
  it('runs a scenario from start to report', async () => {
    const out = mkdtempSync(path.join(tmpdir(), 'loadtest-'))
    expect(await run('steady', '--with', 'k6', '--shorten', '30', '--out', out)).toContain('As expected.')
    rmSync(out, { recursive: true })
  })
})
