/** Clients made up for the verdict: each does one thing wrong, but for the first. */
import { seededRandom } from '../../src/sim/random.ts'
import { manualClock } from './manual-clock.ts'
import { testSimulator } from './simulator.ts'

type Attempted = { readonly status: number; readonly waitMs: number | undefined; readonly isWhole: boolean }
type Wish = {
  readonly stream?: boolean
  readonly maxTokens?: number
  readonly deployment?: string
  readonly headers?: Record<string, string>
  /** Leaves after so many bytes. */
  readonly leavesAfter?: number
  readonly timeoutMs?: number
}

export type World = ReturnType<typeof world>

const rules = [
  {
    when: { prompt: 'busy', headers: { 'x-try': '0' } },
    then: { error: { status: 429, code: '429' }, retryAfter: '2s' },
  },
  { when: { prompt: 'flaky', headers: { 'x-try': '0' } }, then: { error: { status: 500, code: '500' } } },
  { when: { prompt: 'flaky twice', headers: { 'x-try': '1' } }, then: { error: { status: 500, code: '500' } } },
  { when: { prompt: 'flaky thrice', headers: { 'x-try': '1' } }, then: { error: { status: 500, code: '500' } } },
  { when: { prompt: 'flaky thrice', headers: { 'x-try': '2' } }, then: { error: { status: 500, code: '500' } } },
  { when: { prompt: 'down', call: '1..11' }, then: { error: { status: 500, code: '500' } } },
  { when: { prompt: 'layers', call: '1..4' }, then: { error: { status: 500, code: '500' } } },
  { when: { prompt: 'wrong' }, then: { error: { status: 400, code: 'bad' } } },
  { when: { prompt: 'breaks', headers: { 'x-try': '0' } }, then: { fault: 'cut', after: { events: 3 } } },
  { when: { prompt: 'fails within', headers: { 'x-try': '0' } }, then: { fault: 'errorEvent', after: { events: 3 } } },
  { when: { prompt: 'silent' }, then: { fault: 'stall', after: { events: 3 }, for: '700s' } },
  { when: { prompt: 'slow', headers: { 'x-try': '0' } }, then: { latency: { timeToFirstToken: '20s' } } },
  {
    when: { deployment: 'first', prompt: 'refused', call: '1..4' },
    then: { error: { status: 429, code: '429' }, retryAfter: '12s' },
  },
]

export function world(settings: Record<string, unknown> = {}) {
  const clock = manualClock(1_800_000_000_000)
  const random = seededRandom(7)
  const simulator = testSimulator({ rules, ...settings }, { clock })
  const sleep = (ms: number) => clock.advanceAsync(ms)
  let asked = 0

  async function attempt(prompt: string, tries: number, wish: Wish = {}): Promise<Attempted> {
    const { stream = false, maxTokens = 10, deployment = 'gpt-4o', headers = {}, leavesAfter, timeoutMs } = wish
    const leaving = new AbortController()
    const asking = simulator.fetch(
      `http://sim.test/openai/deployments/${deployment}/chat/completions?api-version=2024-10-21`,
      {
        method: 'POST',
        headers: { 'api-key': 'test-key', 'content-type': 'application/json', 'x-try': String(tries), ...headers },
        body: JSON.stringify({ messages: [{ role: 'user', content: prompt }], max_tokens: maxTokens, stream }),
        signal: leaving.signal,
      },
    )
    if (timeoutMs !== undefined) {
      const gone = asking.catch(() => undefined)
      await sleep(timeoutMs)
      leaving.abort()
      await gone
      await sleep(0)
      return { status: 0, waitMs: undefined, isWhole: false }
    }
    const answer = await asking
    const waitMs = Number(answer.headers.get('retry-after-ms') ?? NaN)
    let text = ''
    try {
      const reader = answer.body?.getReader()
      const decoder = new TextDecoder()
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        text += decoder.decode(part.value as Uint8Array, { stream: true })
        if (leavesAfter === undefined || text.length < leavesAfter) continue
        await reader?.cancel()
        break
      }
    } catch {
      // Broken off.
    }
    const isWhole = stream ? text.includes('[DONE]') && !text.includes('"error"') : text.endsWith('}')
    return { status: answer.status, waitMs: Number.isNaN(waitMs) ? undefined : waitMs, isWhole }
  }

  /** As it should be done: waits as told, or longer each time and by chance. */
  async function well(prompt: string, wish: Wish = {}): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      const { status, waitMs, isWhole } = await attempt(prompt, tries, wish)
      if (status < 400 ? isWhole : status < 500 && status !== 429) return
      await sleep((waitMs ?? 500 * 2 ** tries) * (1 + 0.25 * random.fraction()))
    }
  }

  const healthy = async (count: number, wish: Wish = {}) => {
    for (let index = 0; index < count; index++) await attempt(`Hello ${++asked}`, 0, wish)
  }
  return { clock, random, sleep, attempt, well, healthy, fetch: simulator.fetch, request: simulator.request }
}

export type MadeUp = {
  readonly name: string
  readonly settings?: Record<string, unknown>
  readonly run: (world: World) => Promise<void>
  /** Marks that do not pass, with their levels. */
  readonly caught: Readonly<Record<string, 'warn' | 'fail'>>
}

const threeTimes = [0, 1, 2]

export const madeUp: readonly MadeUp[] = [
  {
    name: 'waits as told, else longer each time and by chance; reads streams to their end',
    run: async ({ well, healthy }) => {
      await healthy(60)
      await healthy(30, { stream: true })
      for (const index of threeTimes) {
        await well(`busy ${index}`)
        await well(`flaky twice ${index}`)
        await well(`breaks ${index}`, { stream: true })
        await well(`fails within ${index}`, { stream: true })
        await well(`wrong ${index}`)
      }
    },
    caught: {},
  },
  {
    name: 'comes back before the wait that was asked for',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30)
      for (const index of threeTimes) {
        await attempt(`busy ${index}`, 0)
        await sleep(300)
        await attempt(`busy ${index}`, 1)
      }
    },
    caught: { retryAfterHonoured: 'fail' },
  },
  {
    name: 'waits twelve times as long as asked',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30)
      await attempt('busy', 0)
      await sleep(24_000)
      await attempt('busy', 1)
    },
    caught: { waitsTooLong: 'fail' },
  },
  {
    name: 'repeats what was refused for good',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30)
      for (const tries of threeTimes) {
        await attempt('wrong', tries)
        await sleep(1_000 * 2 ** tries)
      }
    },
    caught: { retriesHopeless: 'fail' },
  },
  {
    name: 'never tries again',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30)
      for (let index = 0; index < 6; index++) await attempt(`flaky ${index}`, 0)
      await sleep(60_000)
    },
    caught: { givesUp: 'fail' },
  },
  {
    name: 'tries twelve times',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(100)
      for (let tries = 0; tries < 12; tries++) {
        await attempt('down', tries)
        await sleep(500 * 1.6 ** tries)
      }
    },
    caught: { retryStorm: 'fail' },
  },
  {
    name: 'has every call fail three times before it is through',
    run: async ({ well, sleep }) => {
      for (let index = 0; index < 25; index++) {
        await well(`flaky thrice ${index}`)
        await sleep(2_000)
      }
    },
    caught: { amplification: 'fail' },
  },
  {
    name: 'has no back-off: tries again at once',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30)
      for (const index of threeTimes) {
        await attempt(`flaky ${index}`, 0)
        await sleep(5)
        await attempt(`flaky ${index}`, 1)
      }
    },
    caught: { backOffGrows: 'fail' },
  },
  {
    name: 'waits as long each time',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(40)
      for (const index of threeTimes)
        for (const tries of threeTimes) {
          await attempt(`flaky twice ${index}`, tries)
          await sleep(1_000)
        }
    },
    caught: { backOffGrows: 'warn' },
  },
  {
    name: 'has no jitter: forty that failed together come back together',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(300)
      for (let index = 0; index < 40; index++) await attempt(`flaky ${index}`, 0)
      await sleep(500)
      for (let index = 0; index < 40; index++) await attempt(`flaky ${index}`, 1)
    },
    caught: { synchronisedRetries: 'fail' },
  },
  {
    name: 'has three layers that repeat',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(60)
      for (const [at, count] of [0, 1, 0, 1, 0].entries()) {
        await attempt('layers', at, { headers: { 'x-stainless-retry-count': String(count) } })
        await sleep(500 * 2 ** at)
      }
    },
    caught: { layeredRetries: 'warn' },
  },
  {
    name: 'takes a stream that broke off for a whole one',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30, { stream: true })
      await attempt('breaks', 0, { stream: true })
      await sleep(60_000)
    },
    caught: { cutStreamAccepted: 'fail' },
  },
  {
    name: 'misses an error within a stream',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30, { stream: true })
      await attempt('fails within', 0, { stream: true })
      await sleep(60_000)
    },
    caught: { streamErrorMissed: 'warn' },
  },
  {
    name: 'drops streams halfway',
    settings: { latency: { chatCompletions: { interToken: '10ms' } } },
    run: async ({ attempt, sleep }) => {
      for (let index = 0; index < 30; index++) {
        const asked = attempt(`Tell ${index}`, 0, {
          stream: true,
          maxTokens: 20,
          ...(index % 5 === 0 && { leavesAfter: 900 }),
        })
        for (let step = 0; step < 40; step++) await sleep(10)
        await asked
      }
    },
    caught: { abandonedStreams: 'fail' },
  },
  {
    name: 'waits for a silent answer without end',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30, { stream: true })
      const asked = attempt('silent', 0, { stream: true })
      for (let step = 0; step < 71; step++) await sleep(10_000)
      await asked
    },
    caught: { noReadTimeout: 'fail' },
  },
  {
    name: 'asks again for answers that were on their way',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(60)
      for (const index of threeTimes) {
        await attempt(`slow ${index}`, 0, { maxTokens: 300, timeoutMs: 5_000 })
        await sleep(1_000)
        await attempt(`slow ${index}`, 1, { maxTokens: 300 })
      }
    },
    caught: { wastedTokens: 'fail' },
  },
  {
    name: 'allows far more tokens than it uses',
    settings: { generate: { maxTokens: 'bound', medianTokens: 60 } },
    run: async ({ healthy }) => healthy(30, { maxTokens: 4_000 }),
    caught: { maxTokens: 'fail' },
  },
  {
    name: 'stays with a deployment that refuses, while another one is idle',
    settings: { deployments: { first: { model: 'gpt-4o' }, second: { model: 'gpt-4o' } } },
    run: async ({ healthy, well }) => {
      await healthy(40, { deployment: 'first' })
      await well('refused', { deployment: 'first' })
    },
    caught: { failover: 'fail' },
  },
  {
    name: 'has three times the load from one minute to the next',
    run: async ({ healthy, sleep }) => {
      await healthy(20)
      await sleep(60_000)
      await healthy(60)
    },
    caught: { ramp: 'warn' },
  },
  {
    name: 'asks a standard deployment while the provisioned one has room',
    settings: {
      deployments: {
        reserved: { model: 'gpt-4o', sku: 'GlobalProvisionedManaged', capacity: 15 },
        standard: { model: 'gpt-4o' },
      },
    },
    run: async ({ healthy }) => {
      await healthy(20, { deployment: 'reserved' })
      await healthy(20, { deployment: 'standard' })
    },
    caught: { provisionedFirst: 'fail' },
  },
]
