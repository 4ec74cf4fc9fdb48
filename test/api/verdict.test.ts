import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import OpenAI, { AzureOpenAI } from 'openai'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startNodeHost } from '../../src/host/node.ts'
import { serverLimits } from '../support/hosts.ts'
import { world } from '../support/callers.ts'
import { testSimulator } from '../support/simulator.ts'
import { madeUp } from '../support/verdict-clients.ts'

type Mark = {
  readonly name: string
  readonly level: string
  readonly why: string
  readonly example?: readonly string[]
}
type Verdict = {
  readonly level: string
  readonly resource: string
  readonly calls: number
  readonly attempts: number
  readonly ambiguous: number
  readonly marks: readonly Mark[]
}

const verdictOf = async (asked: { request: (path: string) => Promise<Response> }, query = '') =>
  (await (await asked.request(`/++/verdict${query}`)).json()) as Verdict

const caughtBy = ({ marks }: Verdict) =>
  Object.fromEntries(marks.flatMap(({ name, level }) => (level === 'warn' || level === 'fail' ? [[name, level]] : [])))

const docs = () => readFileSync(new URL('../../docs/verdict.md', import.meta.url), 'utf8')

describe('a client', () => {
  it.each(madeUp.map((client) => [client.name, client] as const))(
    'is caught by its mark, and by no other: %s',
    async (_, { run, caught, name, keepsNoConnection }) => {
      const asked = world({}, { ...(keepsNoConnection && { keepsNoConnection }) })
      await run(asked)
      const verdict = await verdictOf(asked)
      expect(caughtBy(verdict), JSON.stringify(verdict.marks, null, 1)).toEqual(caught)
      for (const { level, example, name: mark } of verdict.marks)
        if (level === 'fail' && mark !== 'keepAlive') expect(example?.length, mark).toBeGreaterThan(0)
      // The table of the documentation says the same.
      const marks = Object.entries(caught).map(([mark, level]) => `\`${mark}\`: ${level}`)
      expect(docs().replaceAll(/ +/g, ' ')).toContain(`| ${name} | ${marks.join(', ') || 'nothing'} |`)
    },
  )

  it('is caught over many connections, which the embedded host tells apart', async () => {
    for (const keepAlive of [true, false]) {
      const simulator = testSimulator()
      const host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
      const agent = new Agent({ keepAlive, maxSockets: 1 })
      const ask = (n: number) =>
        new Promise<void>((resolve, reject) => {
          const sent = request(
            `${host.url}/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21`,
            { agent, method: 'POST', headers: { 'api-key': 'test-key', 'content-type': 'application/json' } },
            (answer) => answer.resume().on('end', resolve),
          )
          sent.on('error', reject)
          sent.end(JSON.stringify({ messages: [{ role: 'user', content: `Hi ${n}` }], max_tokens: 2 }))
        })
      for (let n = 0; n < 25; n++) await ask(n)
      agent.destroy()
      const verdict = await verdictOf(simulator)
      await host.stop()
      expect(caughtBy(verdict)).toEqual(keepAlive ? {} : { keepAlive: 'fail' })
    }
  })
})

describe('the official SDK', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => vi.useRealTimers())

  const asks = (asked: ReturnType<typeof world>) => {
    const until = async <T>(work: Promise<T>): Promise<void> => {
      const ended = new Set<true>()
      const end = () => ended.add(true)
      work.then(end, end)
      for (let ms = 0; ms < 60_000 && ended.size === 0; ms += 10) {
        await asked.clock.advanceAsync(10)
        await vi.advanceTimersByTimeAsync(10)
      }
    }
    const azure = new AzureOpenAI({
      apiKey: 'test-key',
      endpoint: 'http://sim.test',
      apiVersion: '2024-10-21',
      fetch: asked.fetch,
    })
    return { azure, until }
  }

  it('passes: it waits as told, and else longer each time', async () => {
    const rules = [
      { when: { prompt: 'busy', call: 'every 2' }, then: { error: { status: 429, code: '429' }, retryAfter: '3s' } },
      { when: { prompt: 'flaky', call: 'every 3' }, then: { error: { status: 500, code: '500' } } },
    ]
    const asked = world({ rules })
    const { azure, until } = asks(asked)
    for (let n = 0; n < 24; n++) {
      const content = n % 8 === 0 ? `busy ${n}` : n % 8 === 4 ? `flaky ${n}` : `Hello ${n}`
      await until(
        azure.chat.completions.create({ model: 'gpt-4o', max_tokens: 5, messages: [{ role: 'user', content }] }),
      )
    }
    const verdict = await verdictOf(asked)
    expect(caughtBy(verdict), JSON.stringify(verdict.marks, null, 1)).toEqual({})
    expect(verdict.calls).toBe(24)
    expect(verdict.attempts).toBeGreaterThan(24)
    expect(verdict.marks.find(({ name }) => name === 'retryAfterHonoured')?.level).toBe('pass')
  })

  it('comes back at once where it is told to wait for 0 ms', async () => {
    const rules = [
      {
        when: { prompt: 'zero', call: '1' },
        then: { error: { status: 429, code: '429', headers: { 'retry-after-ms': '0' } } },
      },
    ]
    const asked = world({ rules })
    const { azure, until } = asks(asked)
    await until(
      azure.chat.completions.create({ model: 'gpt-4o', max_tokens: 5, messages: [{ role: 'user', content: 'zero' }] }),
    )
    expect(caughtBy(await verdictOf(asked))).toEqual({ backOffGrows: 'fail' })
  })

  it('retries in layers where the application repeats what it gave up', async () => {
    const rules = [{ when: { prompt: 'down', call: '1..4' }, then: { error: { status: 500, code: '500' } } }]
    const asked = world({ rules })
    const { until } = asks(asked)
    const client = new OpenAI({
      apiKey: 'test-key',
      baseURL: 'http://sim.test/openai/v1',
      fetch: asked.fetch,
      maxRetries: 1,
    })
    const ask = () => client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'down' }] })
    for (let time = 0; time < 3; time++) {
      await until(ask())
      await until(asked.sleep(1_000))
    }
    expect(caughtBy(await verdictOf(asked))).toMatchObject({ layeredRetries: 'warn' })
  })
})

describe('the verdict', () => {
  it('says where it is not clear what belongs together, and judges nobody by that', async () => {
    const asked = world()
    // A question that many ask, and ten of them are refused.
    for (let user = 0; user < 4; user++) await asked.attempt('busy', 1)
    for (let user = 0; user < 10; user++) await asked.attempt('busy', 0)
    for (let user = 0; user < 10; user++) await asked.attempt('busy', 1)
    const verdict = await verdictOf(asked)
    expect(verdict.ambiguous).toBeGreaterThan(5)
    expect(caughtBy(verdict)).toEqual({})
  })

  it('does not know where too little was seen, and is empty with the journal', async () => {
    const asked = world()
    await asked.healthy(3)
    const verdict = await verdictOf(asked)
    expect(verdict).toMatchObject({ level: 'pass', resource: 'default', calls: 3, attempts: 3, ambiguous: 0 })
    expect(verdict.marks).toHaveLength(21)
    expect(verdict.marks.find(({ name }) => name === 'givesUp')).toMatchObject({ level: 'unknown' })
    await asked.request('/++/requests', { method: 'DELETE' })
    expect((await verdictOf(asked)).attempts).toBe(0)
  })

  it('keeps as many attempts as it is told to, those of a time, and none where it is off', async () => {
    const asked = world({ verdict: { size: 100 } })
    await asked.healthy(150)
    expect((await verdictOf(asked)).attempts).toBe(100)
    const later = new Date(asked.clock.now() + 1).toISOString()
    expect((await verdictOf(asked, `?since=${later}`)).attempts).toBe(0)
    expect((await asked.request('/++/verdict?since=soon')).status).toBe(400)
    const off = world({ verdict: { enabled: false } })
    await off.healthy(3)
    expect(await verdictOf(off)).toMatchObject({ level: 'unknown', attempts: 0 })
  })

  it('holds by the thresholds that are set', async () => {
    const asked = world({ verdict: { fail: { givesUp: 0.5 }, warn: { givesUp: 0.3 } } })
    await asked.healthy(30)
    for (let index = 0; index < 6; index++) await asked.attempt(`flaky once ${index}`, 0)
    await asked.sleep(60_000)
    expect(caughtBy(await verdictOf(asked))).toEqual({})
  })

  it('is of one resource', async () => {
    const simulator = testSimulator({ resources: { other: {} } })
    await simulator.request('/resources/other/openai/v1/embeddings', {
      method: 'POST',
      body: JSON.stringify({ model: 'text-embedding-3-small', input: 'x' }),
    })
    expect(await verdictOf(simulator)).toMatchObject({ attempts: 0, resource: 'default' })
    expect(await verdictOf(simulator, '?resource=other')).toMatchObject({ attempts: 1, resource: 'other' })
  })
})
