import { AzureOpenAI } from 'openai'
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'
import { manualClock } from '../support/manual-clock.ts'

const messages = [{ role: 'user' as const, content: 'Hello' }]

type Session = {
  readonly id: string
  readonly name: string
  readonly endpoint: string
  readonly apiKey: string
  readonly expiresAt: string
  readonly counts: { readonly calls: number; readonly statuses: Readonly<Record<string, number>> }
}

function sessions(input: Record<string, unknown> = {}, options = {}) {
  const simulator = testSimulator({ sessions: { maxSessions: 3 }, ...input }, options)
  const { fetch } = simulator
  const control = async (method: string, path: string, body?: unknown, key = 'test-key') => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(`http://sim.test${path}`, { method, headers: { 'api-key': key }, ...init })
    return { status: answer.status, body: await answer.json() }
  }
  const open = async (settings: Record<string, unknown> = {}) => {
    const { status, body } = await control('POST', '/++/sessions', settings)
    if (status !== 201) throw new Error(JSON.stringify(body))
    return body as Session
  }
  const azure = (endpoint: string, apiKey: string) =>
    new AzureOpenAI({ endpoint, apiKey, apiVersion: '2024-10-21', fetch, maxRetries: 0 })
  const ask = (endpoint: string, apiKey: string) =>
    azure(endpoint, apiKey)
      .chat.completions.create({ model: 'gpt-4o', messages })
      .then(
        ({ choices }) => choices[0]?.message.content,
        (error: unknown) => (error as { status: number }).status,
      )
  return { ...simulator, control, open, azure, ask }
}

describe('sessions', () => {
  it('are worlds of their own, side by side, found by their endpoint or their key alone', async () => {
    const { open, ask, control } = sessions()
    const say = (text: string) => ({ rules: [{ when: { prompt: 'hello' }, then: { text } }] })
    const [one, other] = [await open({ name: 'one', ...say('First') }), await open({ name: 'other', ...say('Second') })]
    expect(one.endpoint).toBe(`http://sim.test/resources/${one.id}`)
    expect(one.apiKey).not.toBe(other.apiKey)
    expect(await Promise.all([ask(one.endpoint, one.apiKey), ask(other.endpoint, other.apiKey)])).toEqual([
      'First',
      'Second',
    ])
    expect(await ask('http://sim.test', other.apiKey)).toBe('Second')
    expect(await ask(one.endpoint, other.apiKey)).toBe(401)
    const journal = await control('GET', `/resources/${one.id}/++/requests`, undefined, one.apiKey)
    expect((journal.body as { requests: readonly unknown[] }).requests).toHaveLength(2)
    expect((await control('GET', '/++/requests', undefined, one.apiKey)).status).toBe(401)
    expect((await control('GET', '/++/sessions', undefined, one.apiKey)).status).toBe(401)
  })

  it('are listed, read, changed and deleted; the last tells what was asked', async () => {
    const { open, ask, control } = sessions()
    const made = await open({ name: 'mine', lifetime: '2min' })
    await ask(made.endpoint, made.apiKey)
    await ask(made.endpoint, 'wrong')
    expect((await control('GET', '/++/sessions')).body).toMatchObject({ sessions: [{ id: made.id, name: 'mine' }] })
    const changed = await control('PATCH', `/++/sessions/${made.id}`, { azure: { region: 'Norway East' } })
    expect(changed.status).toBe(200)
    const settings = await control('GET', `/resources/${made.id}/++/settings`, undefined, made.apiKey)
    expect(settings.body).toMatchObject({ azure: { region: 'Norway East' } })
    expect((await control('PATCH', `/++/sessions/${made.id}`, { region: 'Sweden Central' })).status).toBe(200)
    const moved = await control('GET', `/resources/${made.id}/++/settings`, undefined, made.apiKey)
    expect(moved.body).toMatchObject({ azure: { region: 'Sweden Central' } })
    const verdict = await control('GET', `/resources/${made.id}/++/verdict`, undefined, made.apiKey)
    const gone = await control('DELETE', `/++/sessions/${made.id}`)
    const { since: _, until: __, ...judged } = verdict.body as Record<string, unknown>
    expect([gone.status, gone.body]).toMatchObject([
      200,
      { counts: { calls: 2, statuses: { 200: 1, 401: 1 } }, verdict: { resource: made.id, ...judged } },
    ])
    expect((await control('GET', `/++/sessions/${made.id}`)).status).toBe(404)
    expect(await ask(made.endpoint, made.apiKey)).toBe(404)
    expect(await ask('http://sim.test', made.apiKey)).toBe(401)
  })

  it('go when their time is over, and the one that was idle longest when there are too many', async () => {
    const clock = manualClock()
    const { open, ask, control } = sessions({}, { clock })
    const first = await open({ lifetime: '5s' })
    expect(Date.parse(first.expiresAt) - clock.now()).toBe(5000)
    clock.advance(5000)
    expect(await ask(first.endpoint, first.apiKey)).toBe(404)
    const [a, b, c] = [await open(), await open(), await open()]
    await control('GET', `/resources/${a.id}/++/requests`, undefined, a.apiKey)
    const d = await open()
    const there = async ({ id }: Session) => (await control('GET', `/++/sessions/${id}`)).status
    expect([await there(a), await there(b), await there(c), await there(d)]).toEqual([200, 404, 200, 200])
  })

  it('go, the one that was idle longest first, when their settings and rules are too long together', async () => {
    const { open, control } = sessions({ sessions: { maxSessions: 100 } })
    const long = 'x'.repeat(900_000)
    const rules = [{ when: { prompt: 'a' }, then: { text: long } }]
    const [first, second] = [await open({ rules }), await open({})]
    const others = []
    for (let more = 0; more < 7; more++) others.push(await open({ rules }))
    const there = async ({ id }: Session) => (await control('GET', `/++/sessions/${id}`)).status
    expect([await there(first), await there(second)]).toEqual([200, 200])
    // One that is changed is as long as it is by then.
    const added = { when: { prompt: 'b' }, then: { text: long } }
    const { apiKey, id } = second
    const changed = await control('POST', `/resources/${id}/++/rules`, added, apiKey)
    expect(changed.status).toBe(201)
    await control('GET', `/resources/${id}/++/requests`, undefined, apiKey)
    await open({ rules })
    expect([await there(first), await there(second), await there(others[0] ?? first)]).toEqual([404, 200, 200])
  })

  it('do not break a stream that runs, when they are deleted or others come', async () => {
    const clock = manualClock()
    const { open, azure, control } = sessions({ sessions: { maxSessions: 1 } }, { clock })
    const made = await open({ latency: { chatCompletions: { timeToFirstToken: '0s', interToken: '2ms' } } })
    const stream = await azure(made.endpoint, made.apiKey).chat.completions.create({
      model: 'gpt-4o',
      messages,
      max_tokens: 30,
      stream: true,
    })
    expect(await control('POST', '/++/sessions', {})).toMatchObject({
      status: 503,
      body: { error: { code: 'TooManySessions' } },
    })
    expect((await control('DELETE', `/++/sessions/${made.id}`)).status).toBe(200)
    let last: string | null | undefined
    const read = async () => {
      for await (const { choices } of stream) last = choices[0]?.finish_reason ?? last
    }
    await Promise.all([read(), clock.advanceAsync(1_000)])
    expect(last).toBe('length')
  })

  it('tell every mistake of what is said of them, and make nothing then', async () => {
    const { control } = sessions()
    const wrong = await control('POST', '/++/sessions', {
      lifetime: 'soon',
      name: 7,
    })
    expect(wrong.status).toBe(400)
    expect(JSON.stringify(wrong.body)).toMatch(/lifetime.*name|name.*lifetime/s)
    const settings = await control('POST', '/++/sessions', {
      latency_: {},
      redis: {},
      deployments: { a: { model: 'gpt-4oo' } },
    })
    expect(settings.status).toBe(400)
    for (const part of ['latency_', 'redis', 'deployments.a.model'])
      expect(JSON.stringify(settings.body)).toContain(part)
    expect((await control('POST', '/++/sessions', [])).status).toBe(400)
    for (const [given, meant] of Object.entries({
      lifetme: 'lifetime',
      nam: 'name',
      apiKey_: 'apiKeys',
      regoin: 'region',
    })) {
      const { body } = await control('POST', '/++/sessions', { [given]: '5min' })
      expect(body).toMatchObject({
        error: { details: [{ path: given, message: `is not a setting; did you mean ${meant}?` }] },
      })
    }
    const { id } = (await control('POST', '/++/sessions', {})).body as { id: string }
    const change = await control('PATCH', `/++/sessions/${id}`, { lifetme: '5min' })
    expect(change.status).toBe(400)
    expect(JSON.stringify(change.body)).toContain('did you mean lifetime?')
    await control('DELETE', `/++/sessions/${id}`)
    expect((await control('PUT', '/++/sessions', {})).status).toBe(405)
    expect((await control('GET', '/++/sessions')).body).toEqual({ sessions: [] })
  })
})
