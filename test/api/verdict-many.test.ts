/** The verdict over many clients at once, through a pool of connections, through a proxy, and with questions in common. */
import { describe, expect, it } from 'vitest'
import type { SimRequest } from '../../src/sim/types.ts'
import type { Verdict } from '../../src/sim/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

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
