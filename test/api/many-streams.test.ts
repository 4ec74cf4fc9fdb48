/** What is changed while streams run touches none of them but those that it fits. */
import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

type Session = { readonly id: string; readonly apiKey: string }

async function run(
  change: (
    control: (method: string, path: string, body?: unknown) => Promise<number>,
    sessions: readonly Session[],
  ) => Promise<void>,
) {
  const clock = manualClock()
  const simulator = testSimulator(
    {
      seed: 9,
      latency: { chatCompletions: { interToken: '20ms' } },
      timeline: {
        start: 'manual',
        phases: [
          { name: 'slow', for: '1h', latency: { factor: 5 } },
          { name: 'ramp', for: '1h', latency: { factor: '1 -> 9' } },
        ],
      },
    },
    { clock },
  )
  const control = async (method: string, path: string, body?: unknown) => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await simulator.request(`/++${path}`, { method, ...init })
    await answer.text()
    return answer.status
  }
  const sessions: Session[] = []
  for (let at = 0; at < 5; at++)
    sessions.push((await (await simulator.post('/++/sessions', { seed: at })).json()) as Session)
  const texts: string[] = []
  let isDone = 0
  const streams = Array.from({ length: 500 }, async (_, at) => {
    // Every second one is of a session.
    const session = at % 2 === 0 ? sessions[(at / 2) % sessions.length] : undefined
    const base = session ? `/resources/${session.id}` : ''
    const response = await simulator.post(
      `${base}/openai/v1/chat/completions`,
      { model: 'gpt-4o', messages: [{ role: 'user', content: `question ${at}` }], max_tokens: 20, stream: true },
      session ? { 'api-key': session.apiKey } : {},
    )
    const text = await response.text()
    texts[at] = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, token]) => token).join('')
    expect(text).toContain('[DONE]')
    isDone++
  })
  await clock.advanceAsync(200)
  expect(isDone).toBe(0)
  await change(control, sessions)
  for (let step = 0; isDone < 500 && step < 200; step++) await clock.advanceAsync(20)
  await Promise.all(streams)
  expect(simulator.errors).toEqual([])
  return { texts, atMs: clock.now(), simulator, control, clock }
}

describe('while five hundred streams run', () => {
  it('rules, sessions, settings and a timeline change, and no stream is another one', { timeout: 60_000 }, async () => {
    const before = await run(() => Promise.resolve())
    const { texts, atMs, simulator } = await run(async (control, sessions) => {
      expect(await control('PUT', '/rules', [{ then: { error: 'serverError' } }])).toBe(200)
      expect(await control('POST', '/sessions', { rules: [{ then: { text: 'other' } }] })).toBe(201)
      expect(await control('PATCH', `/sessions/${sessions[0]?.id}`, { rules: [{ then: { text: 'mine' } }] })).toBe(200)
      // Its streams go on to their end.
      expect(await control('DELETE', `/sessions/${sessions[1]?.id}`)).toBe(200)
      expect(await control('POST', '/timeline/start')).toBe(200)
      expect(await control('POST', '/timeline/skip')).toBe(200)
      expect(await control('PATCH', '/settings', { latency: { factor: 50 } })).toBe(200)
    })
    expect(texts).toEqual(before.texts)
    expect(atMs).toBe(before.atMs)
    const next = await simulator.post('/openai/v1/chat/completions', {
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'a' }],
    })
    expect(next.status).toBe(500)
  })

  it(
    'a timeline is skipped in the middle of a ramp again and again, and nothing is left of it',
    { timeout: 60_000 },
    async () => {
      const { control, clock } = await run(async (control) => {
        for (let turn = 0; turn < 20; turn++) {
          expect(await control('POST', '/timeline/start')).toBe(200)
          expect(await control('POST', '/timeline/skip')).toBe(200)
        }
      })
      expect(await control('POST', '/timeline/skip')).toBe(200)
      expect(await control('POST', '/timeline/skip')).toBe(409)
      expect(clock.waiting).toBe(0)
    },
  )
})

/** `SESSIONS=10000` for the full size. */
const sessionCount = Number(process.env['SESSIONS'] ?? 1_000)

it('many sessions come and go within the bound of those that there are', { timeout: 600_000 }, async () => {
  const simulator = testSimulator({ sessions: { maxSessions: 100 } })
  for (let at = 0; at < sessionCount; at++)
    expect((await simulator.post('/++/sessions', { name: `s${at}` })).status).toBe(201)
  const { sessions } = (await (await simulator.request('/++/sessions')).json()) as { sessions: { name: string }[] }
  expect(sessions).toHaveLength(100)
  expect(sessions.at(-1)?.name).toBe(`s${sessionCount - 1}`)
  const { resources } = (await (await simulator.request('/++/resources')).json()) as { resources: unknown[] }
  expect(resources).toHaveLength(101)
})

it.each(['/(a+)+$/', '/(a|aa)+$/', '/(.*a){20}$/', '/^(([a-z])+.)+[A-Z]([a-z])+$/', '/(a?){30}a{30}$/'])(
  'the pattern %s looks through a long text once, wherever it stands',
  { timeout: 20_000 },
  async (pattern) => {
    const long = `${'a'.repeat(20_000)}!`
    const rules = ['prompt', 'system', 'conversation'].map((name) => ({
      when: { [name]: pattern },
      then: { error: 'serverError' },
    }))
    const simulator = testSimulator({
      rules: [...rules, { when: { headers: { 'x-long': pattern } }, then: { error: 'serverError' } }],
    })
    const messages = [
      { role: 'system', content: long },
      { role: 'user', content: long },
    ]
    const answer = await simulator.post(
      '/openai/v1/chat/completions',
      { model: 'gpt-4o', messages, max_tokens: 1 },
      { 'x-long': `${'a'.repeat(4_000)}!` },
    )
    expect(answer.status).toBe(200)
  },
)
