/** Callers that the verdict judges: one alone, or many at once, on a clock of the test's own. */
import { toFetch } from '../../src/host/fetch.ts'
import { type Random, seededRandom } from '../../src/sim/random.ts'
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

/** What becomes of attempts at a question with such words, by a header that says so: each client's own, however many ask. */
const fates: Readonly<Record<string, { readonly attempts: number; readonly then: Record<string, unknown> }>> = {
  busy: { attempts: 1, then: { error: { status: 429, code: '429' }, retryAfter: '2s' } },
  refused: { attempts: 4, then: { error: { status: 429, code: '429' }, retryAfter: '12s' } },
  'flaky once': { attempts: 1, then: { error: { status: 500, code: '500' } } },
  'flaky twice': { attempts: 2, then: { error: { status: 500, code: '500' } } },
  'flaky thrice': { attempts: 3, then: { error: { status: 500, code: '500' } } },
  layers: { attempts: 4, then: { error: { status: 500, code: '500' } } },
  down: { attempts: 11, then: { error: { status: 500, code: '500' } } },
  wrong: { attempts: Infinity, then: { error: { status: 400, code: 'bad' } } },
  breaks: { attempts: 1, then: { fault: 'cut', after: { events: 3 } } },
  'fails within': { attempts: 1, then: { fault: 'errorEvent', after: { events: 3 } } },
  silent: { attempts: Infinity, then: { fault: 'stall', after: { events: 3 }, for: '700s' } },
  slow: { attempts: 1, then: { latency: { timeToFirstToken: '20s' } } },
  tell: { attempts: Infinity, then: { latency: { interToken: '10ms' } } },
  'in a word': { attempts: Infinity, then: { text: 'No.' } },
}

const rules = Object.entries(fates).map(([fate, { then }]) => ({ when: { headers: { 'x-fate': fate } }, then }))

/** Each of its model, so that what one client is caught by is nothing to another. */
const deployments = {
  'gpt-4o': { model: 'gpt-4o' },
  first: { model: 'gpt-4.1' },
  second: { model: 'gpt-4.1' },
  reserved: { model: 'gpt-4o-mini', sku: 'GlobalProvisionedManaged', capacity: 15 },
  standard: { model: 'gpt-4o-mini' },
}

type Caller = {
  readonly fetch: typeof globalThis.fetch
  readonly sleep: (ms: number) => Promise<void>
  readonly random: Random
  /** Part of each question. */
  readonly name: string
  /** Says nothing wrong between what its client does: where others do that, it may be empty. */
  readonly areOthersThere: boolean
}

export type World = ReturnType<typeof callerOf>

export function world(settings: Record<string, unknown> = {}, { keepsNoConnection = false } = {}) {
  const clock = manualClock(1_800_000_000_000)
  const simulator = testSimulator({ deployments, rules, ...settings }, { clock })
  const sleep = (ms: number) => clock.advanceAsync(ms)
  let connection = 0
  const fetch = over(simulator, () => (keepsNoConnection ? ++connection : connection))
  const { request } = simulator
  const random = seededRandom(7)
  return { clock, request, ...callerOf({ fetch, sleep, random, name: '', areOthersThere: false }) }
}

/** As a host that tells connections apart. */
function over(simulator: ReturnType<typeof testSimulator>, connection: () => number): typeof globalThis.fetch {
  const handle: typeof simulator.handle = (request) => simulator.handle({ ...request, connection: connection() })
  return toFetch({ ...simulator, handle })
}

function callerOf({ fetch, sleep, random, name, areOthersThere }: Caller) {
  let asked = 0

  async function attempt(prompt: string, tries: number, wish: Wish = {}): Promise<Attempted> {
    const { stream = false, maxTokens = 10, deployment = 'gpt-4o', headers = {}, leavesAfter, timeoutMs } = wish
    const leaving = new AbortController()
    const [fate] = Object.entries(fates).find(([words, one]) => prompt.includes(words) && tries < one.attempts) ?? []
    const content = `${prompt} ${name}`
    const asking = fetch(`http://sim.test/openai/deployments/${deployment}/chat/completions?api-version=2024-10-21`, {
      method: 'POST',
      headers: {
        'api-key': 'test-key',
        'content-type': 'application/json',
        ...(fate !== undefined && { 'x-fate': fate }),
        ...headers,
      },
      body: JSON.stringify({ messages: [{ role: 'user', content }], max_tokens: maxTokens, stream }),
      signal: leaving.signal,
    })
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
    const isWhole = stream ? text.includes('[DONE]') && !text.includes('"error"') : text.trimEnd().endsWith('}')
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

  /** Questions that are answered. */
  const ask = async (count: number, wish: Wish = {}, prompt = 'Hello') => {
    for (let index = 0; index < count; index++) await attempt(`${prompt} ${++asked}`, 0, wish)
  }
  /** The same, of those who do nothing wrong. */
  const healthy = async (count: number, wish: Wish = {}) => (areOthersThere ? undefined : ask(count, wish))
  return { name, random, sleep, attempt, well, ask, healthy, fetch }
}

export type MadeUp = {
  readonly name: string
  readonly run: (world: World) => Promise<void>
  /** Each request of it comes over a connection of its own. */
  readonly keepsNoConnection?: true
  /** Marks that do not pass, with their levels. */
  readonly caught: Readonly<Record<string, 'warn' | 'fail'>>
  /** As one of many, beside many who do nothing wrong. */
  readonly crowd: {
    /** So many beside each hundred who do nothing wrong, and at least two: their share is seen. */
    readonly perHundred: number
    /** And at least so many, where their mark needs that. */
    readonly min?: number
    /** What each of them does, where that is not what one does who is alone. */
    readonly each?: (world: World) => Promise<void>
    /** All begin at once. */
    readonly isTogether?: boolean
  }
}

/** Callers at once, each over a connection of its own, and each asking what nobody else asks; their verdict after it. */
export async function crowd(good: number, bad: readonly MadeUp[]): Promise<Response> {
  const clock = manualClock(1_800_000_000_000)
  const simulator = testSimulator({ deployments, rules, verdict: { size: 100_000 } }, { clock })
  const sleep = (ms: number) => new Promise<void>((resolve) => clock.timer(resolve).set(clock.now() + ms))
  let connections = 0
  const caller = (name: string, keepsNoConnection = false) => {
    const own = ++connections
    const fetch = over(simulator, () => (keepsNoConnection ? ++connections : own))
    return callerOf({ fetch, sleep, random: seededRandom(own), name: `of ${name}`, areOthersThere: true })
  }
  const begins = seededRandom(3)
  const working = new Set<Promise<void>>()
  const begin = (afterMs: number, work: () => Promise<void>) => {
    const doing = sleep(afterMs).then(work)
    working.add(doing)
    void doing.finally(() => working.delete(doing))
  }
  for (let index = 0; index < good; index++)
    begin(goodForMs * begins.fraction(), () => doNothingWrong(caller(`good ${index}`), index))
  for (const { name, run, keepsNoConnection, crowd: asMany } of bad)
    for (let index = 0; index < Math.max(asMany.min ?? 2, (asMany.perHundred * good) / 100); index++)
      begin(asMany.isTogether ? 30_000 : 60_000 * begins.fraction(), () =>
        (asMany.each ?? run)(caller(`${name} ${index}`, keepsNoConnection)),
      )
  // Small steps: what is not settled yet is not left behind.
  while (working.size > 0) await clock.advanceAsync(100)
  await clock.advanceAsync(60_000)
  return simulator.request('/++/verdict')
}

const goodForMs = 120_000
const headers = { 'user-agent': 'good/1' }
const troubles = ['busy', 'flaky twice', 'breaks', 'fails within', 'wrong']

async function doNothingWrong({ ask, well, sleep, random }: World, index: number): Promise<void> {
  for (let call = 0; call < 12; call++) {
    const stream = (index + call) % 3 === 0
    // One call of every second one meets with trouble, of one kind after the other.
    if (call === (index / 2) % 12) await well(troubles[(index / 2) % troubles.length] ?? '', { stream: true, headers })
    else await ask(1, { stream, headers })
    await sleep(1_000 + 1_000 * random.fraction())
  }
}
