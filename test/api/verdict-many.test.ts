/** The verdict over many clients at once, through a pool of connections, through a proxy, and with questions in common. */
import { describe, expect, it } from 'vitest'
import type { SimRequest } from '../../src/sim/types.ts'
import type { Verdict } from '../../src/sim/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'
import { madeUp } from '../support/verdict-clients.ts'
import { crowd, type MadeUp } from '../support/callers.ts'

type Way = (
  user: number,
  attempt: number,
) => { readonly connection?: number; readonly headers?: Record<string, string> }

/** Sixty users, each with a question; all are refused, and come back after `waitMs` where two seconds are asked for. */
async function run(question: (user: number) => string, way: Way, waitMs: number, attempts = 4): Promise<Verdict> {
  const clock = manualClock(1_800_000_000_000)
  const rules = [{ then: { error: { status: 429, code: '429' }, retryAfter: '2s' } }]
  const simulator = testSimulator({ rules }, { clock })
  for (let attempt = 0; attempt < attempts; attempt++) {
    for (let user = 0; user < 60; user++) {
      const { connection, headers = {} } = way(user, attempt)
      const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: question(user) }] })
      const all: Record<string, string> = { 'api-key': 'test-key', 'content-type': 'application/json', ...headers }
      const request: SimRequest = {
        method: 'POST',
        url: '/openai/v1/chat/completions',
        headers: { get: (name) => all[name] ?? null },
        bytes: () => Promise.resolve(Buffer.from(body)),
        signal: new AbortController().signal,
        ...(connection !== undefined && { connection }),
      }
      expect((await simulator.handle(request)).status).toBe(429)
      await clock.advanceAsync(1)
    }
    await clock.advanceAsync(waitMs)
  }
  await clock.advanceAsync(60_000)
  return (await (await simulator.request('/++/verdict')).json()) as Verdict
}

const own = (user: number) => `Question of ${user}`
const common = () => 'Hello'

const ways: Readonly<Record<string, Way>> = {
  'each attempt over a connection of its own': (user, attempt) => ({ connection: 1000 * attempt + user }),
  'a pool of connections, in any order': (user, attempt) => ({ connection: (7 * user + 11 * attempt) % 20 }),
  'a proxy that says so': (user, attempt) => ({
    connection: (user + attempt) % 5,
    headers: { 'x-forwarded-for': '10.0.0.1' },
  }),
  'a host that tells no connections apart': () => ({}),
}

const levelOf = ({ marks }: Verdict, wanted: string) => marks.find(({ name }) => name === wanted)?.level

describe('sixty users at once', () => {
  it.each(Object.entries(ways))('who come back too early are caught, through %s', async (_, way) => {
    const verdict = await run(own, way, 500)
    expect(verdict).toMatchObject({ calls: 60, attempts: 240, ambiguous: 0 })
    expect(levelOf(verdict, 'retryAfterHonoured')).toBe('fail')
    expect(levelOf(verdict, 'amplification')).toBe('fail')
  })

  it.each(Object.entries(ways))('who wait as they are told are not, through %s', async (_, way) => {
    const verdict = await run(own, way, 2_200)
    expect(levelOf(verdict, 'retryAfterHonoured')).toBe('pass')
  })

  it.each(Object.entries(ways))(
    'who ask the same and never again are accused of nothing, through %s',
    async (_, way) => {
      // Each attempt is another user's: as many as there are requests.
      const verdict = await run(common, way, 500, 2)
      expect(levelOf(verdict, 'retryAfterHonoured')).not.toBe('fail')
      expect(levelOf(verdict, 'retryStorm')).not.toBe('fail')
      expect(verdict.ambiguous).toBeGreaterThan(30)
    },
  )

  it('tells of no connections where a proxy stands before it', async () => {
    const verdict = await run(own, ways['a proxy that says so'] as Way, 2_200)
    expect(levelOf(verdict, 'keepAlive')).toBe('unknown')
    const without = await run(own, ways['each attempt over a connection of its own'] as Way, 2_200)
    expect(levelOf(without, 'keepAlive')).toBe('fail')
  })
})

/** All pairs, beside two hundred: `CROWD=200 PAIRS=all npx vitest run test/api/verdict-many.test.ts`. */
const good = Number(process.env['CROWD'] ?? 60)
const bad = madeUp.filter(({ crowd: { perHundred } }) => perHundred > 0)
const pairs = bad.flatMap((one, at) => bad.slice(at + 1).map((other) => [one, other] as const))
const neighbours = bad.flatMap((one, at) => (at % 2 === 0 ? [[one, bad[at + 1] ?? bad[0] ?? one] as const] : []))

const caughtBy = ({ marks }: Verdict) =>
  Object.fromEntries(marks.flatMap(({ name, level }) => (level === 'warn' || level === 'fail' ? [[name, level]] : [])))

describe(`${good} clients who do nothing wrong`, { timeout: 120_000 }, () => {
  it('are caught by no mark, and all of them are judged', async () => {
    const verdict = (await (await crowd(good, [])).json()) as Verdict
    expect(caughtBy(verdict), JSON.stringify(verdict.marks, null, 1)).toEqual({})
    expect(verdict).toMatchObject({ calls: 12 * good, ambiguous: 0 })
    // All that can be known of them is.
    const unknown = verdict.marks.flatMap(({ name, level }) => (level === 'unknown' ? [name] : []))
    expect(unknown).toEqual([
      'synchronisedRetries',
      'layeredRetries',
      'noReadTimeout',
      'cacheablePrefix',
      'failover',
      'provisionedFirst',
    ])
  })

  it.each([
    ['what is the same last', (long: string) => `%s ${long}`, 0],
    ['what is the same first', (long: string) => `${long} %s`, 0.9],
  ])(
    'are told what of long prompts was cached, with %s, and how many do not say who they are',
    async (_, words, least) => {
      const long = words('word '.repeat(1_500))
      const asksLong: MadeUp = {
        name: 'long',
        run: async ({ attempt, name }) => {
          await attempt(long.replace('%s', name), 0)
        },
        caught: {},
        crowd: { perHundred: 200 },
      }
      const verdict = (await (await crowd(20, [asksLong])).json()) as Verdict
      const share = (wanted: string) => verdict.marks.find(({ name }) => name === wanted)
      expect(share('cacheablePrefix')?.share).toBeGreaterThanOrEqual(least)
      expect(share('cacheablePrefix')?.share).toBeLessThan(least + 0.1)
      expect(share('identifiesItself')).toMatchObject({ count: 40 })
    },
  )

  it.each(
    (process.env['PAIRS'] === 'all' ? pairs : neighbours).map(
      ([one, other]) => [one.name, other.name, one, other] as const,
    ),
  )(
    'beside clients, one of whom %s, the other %s: these are caught by their marks, and by no other',
    async (_, __, one, other) => {
      const verdict = (await (await crowd(good, [one, other])).json()) as Verdict
      expect(caughtBy(verdict), JSON.stringify(verdict.marks, null, 1)).toEqual(expectedOf(one, other))
    },
  )
})

/** Few, where one more attempt is a large share of a moment's. */
describe('thirty clients who do nothing wrong', { timeout: 120_000 }, () => {
  it.each([
    ['tries twelve times', 'waits as long each time'],
    ['has every call fail three times before it is through', 'waits as long each time'],
    ['has no jitter: forty that failed together come back together', 'never tries again'],
  ])('beside clients, one of whom %s, the other %s: these are caught, and by no other mark', async (...names) => {
    const [one, other] = names.map((wanted) => bad.find(({ name }) => name === wanted))
    if (!one || !other) throw new Error('There is no such client.')
    const verdict = (await (await crowd(30, [one, other])).json()) as Verdict
    expect(caughtBy(verdict), JSON.stringify(verdict.marks, null, 1)).toEqual(expectedOf(one, other))
  })
})

/** Where both are caught by one, the worse counts. */
function expectedOf(one: MadeUp, other: MadeUp): Readonly<Record<string, string>> {
  const caught = { ...one.caught, ...other.caught, ...pick(one.caught, 'fail'), ...pick(other.caught, 'fail') }
  // Both are shares of all requests, those of the other among them: see docs/verdict.md.
  if ('keepAlive' in caught && 'amplification' in caught) return { ...caught, amplification: 'warn' }
  if ('keepAlive' in caught && 'ramp' in caught) return { ...caught, keepAlive: 'warn' }
  return caught
}

const pick = (caught: Readonly<Record<string, string>>, wanted: string) =>
  Object.fromEntries(Object.entries(caught).filter(([, level]) => level === wanted))
