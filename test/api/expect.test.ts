import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

type Json = Record<string, unknown>

async function session(settings: Json = {}, input: Json = {}, options = {}) {
  const simulator = testSimulator(input, options)
  const made = await simulator.post('/++/sessions', settings)
  const { id, apiKey } = (await made.json()) as { id: string; apiKey: string }
  const base = `/resources/${id}`
  const headers = { 'api-key': apiKey }
  const chat = (content: string, more: Json = {}, deployment = 'gpt-4o') =>
    simulator.post(
      `${base}/openai/deployments/${deployment}/chat/completions?api-version=2024-10-21`,
      { messages: [{ role: 'user', content }], ...more },
      headers,
    )
  const requests = async (query = '') => {
    const answer = await simulator.request(`${base}/++/requests${query}`, { headers })
    const body = (await answer.json()) as { requests: Json[] }
    return { status: answer.status, ...body }
  }
  const ask = async (body: unknown) => {
    const answer = await simulator.post(`${base}/++/requests/expect`, body, headers)
    return { status: answer.status, body: (await answer.json()) as Json }
  }
  return { ...simulator, base, apiKey, headers, chat, requests, ask }
}

describe('the journal of a session', () => {
  it('shows what was asked and answered, with secrets masked; that of the process does not', async () => {
    const simulator = await session({ rules: [{ name: 'said', then: { text: 'Good day.' } }] })
    const authentication = { type: 'api_key', key: 'search-secret' }
    const parameters = { endpoint: 'https://search.test', index_name: 'i', authentication }
    const source = { type: 'azure_search', parameters }
    await (await simulator.chat('Hello', { user: 'me', data_sources: [source] })).text()
    await (await simulator.chat('Hello', { stream: true })).text()
    const { requests } = await simulator.requests()
    expect(requests[1]).toMatchObject({
      resource: simulator.base.slice('/resources/'.length),
      rule: 'said',
      request: {
        headers: { 'api-key': '***', 'content-type': 'application/json' },
        body: { messages: [{ role: 'user', content: 'Hello' }], user: 'me' },
      },
      response: { body: { choices: [{ message: { content: 'Good day.' } }] } },
    })
    expect(requests[0]).toMatchObject({ request: { body: { stream: true } }, response: { body: /data: / } })
    const text = JSON.stringify(requests)
    expect(text).toContain('data: [DONE]')
    expect(text).not.toContain(simulator.apiKey)
    expect(text).not.toContain('search-secret')

    await simulator.post('/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21', { messages: [] })
    const own = await simulator.request('/++/requests')
    const [entry = {}] = ((await own.json()) as { requests: Json[] }).requests
    expect(entry).not.toHaveProperty('request')
    expect(entry).not.toHaveProperty('resource')
  })

  it('shows what was refused, and forms by their fields; is filtered by rule, body and phase', async () => {
    const simulator = await session({
      rules: [{ name: 'down', when: { prompt: '/weather/' }, then: { error: 'serverError' } }],
      timeline: { phases: [{ name: 'morning', for: '1h' }] },
    })
    await simulator.chat('the weather')
    await simulator.chat('the NEWS today')
    await simulator.post(
      `${simulator.base}/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21`,
      '{',
      simulator.headers,
    )
    const form = new FormData()
    form.append('file', new File([new Uint8Array(2000)], 'a.wav'))
    form.append('language', 'en')
    await simulator.fetch(
      `http://sim.test${simulator.base}/openai/deployments/whisper/audio/transcriptions?api-version=2024-10-21`,
      {
        method: 'POST',
        headers: simulator.headers,
        body: form,
      },
    )
    const count = async (query: string) => (await simulator.requests(query)).requests.length
    expect(await count('')).toBe(4)
    expect(await count('?rule=down')).toBe(1)
    expect(await count('?body=news')).toBe(1)
    expect(await count(`?body=${encodeURIComponent('/the (news|weather)/i')}`)).toBe(2)
    expect(await count('?body=the&limit=1')).toBe(1)
    expect(await count('?phase=morning')).toBe(4)
    expect(await count('?phase=evening')).toBe(0)
    expect((await simulator.requests(`?body=${encodeURIComponent('/(/')}`)).status).toBe(400)
    const [sound, broken] = (await simulator.requests()).requests
    expect(sound).toMatchObject({ request: { body: { file: { filename: 'a.wav', bytes: 2000 }, language: 'en' } } })
    expect(broken).toMatchObject({ status: 400, request: { body: '{' }, response: { body: { error: {} } } })
  })

  it('is bounded: what is long is cut, and says so', async () => {
    const { chat, requests } = await session()
    await (await chat('a'.repeat(1_200_000))).text()
    const [entry] = (await requests()).requests
    expect(entry).toMatchObject({ request: { isCut: true } })
    expect((entry as { request: { body: string } }).request.body).toHaveLength(1_048_576)
  })
})

describe('what is expected of the requests', () => {
  const refund = { operation: 'chatCompletions', prompt: '/refund/i' }

  it('is met: 200', async () => {
    const { chat, ask } = await session({ rules: [{ when: { call: '1..2' }, then: { error: 'rateLimit' } }] })
    for (let call = 0; call < 3; call++) await (await chat('A refund, please')).text()
    await (await chat('Bye', { stream: true }, 'gpt-4o-mini')).text()
    const met = await ask({
      expectations: [
        { when: refund, count: 3 },
        { when: refund, status: 429, count: { min: 1, max: 2 } },
        { when: { deployment: 'gpt-4o-mini', stream: true, body: { stream: true } } },
        { when: { prompt: 'weather' }, count: 0 },
      ],
    })
    expect(met).toMatchObject({ status: 200, body: { met: true, requests: 4 } })
    const inOrder = {
      expectations: [
        { when: refund, status: 429, count: 2 },
        { when: refund, status: 200 },
      ],
      inOrder: true,
    }
    expect((await ask(inOrder)).status).toBe(200)
    const reversed = { ...inOrder, expectations: inOrder.expectations.toReversed() }
    expect(await ask(reversed)).toMatchObject({ status: 417, body: { error: { message: /order/ } } })
    const twice = [
      { when: refund, count: 2 },
      { when: refund, count: 1 },
      { when: { prompt: 'bye' }, count: 1 },
    ]
    expect((await ask({ expectations: twice, inOrder: true })).status).toBe(200)
    expect((await ask({ expectations: [...twice, { when: refund, count: 1 }], inOrder: true })).status).toBe(417)
  })

  it('is not met: 417 with what was seen and what came nearest', async () => {
    const { chat, ask } = await session()
    await chat('Where is my order?')
    await chat('A REFUND, please', {}, 'gpt-4o-mini')
    const { status, body } = await ask({ expectations: [{ when: { ...refund, deployment: 'gpt-4o' }, count: 2 }] })
    expect(status).toBe(417)
    expect(body).toMatchObject({
      met: false,
      error: { code: 'ExpectationNotMet', message: 'expectation 1: expected 2, seen 0 (of 2 requests)' },
      expectations: [
        {
          met: false,
          expected: { min: 2, max: 2 },
          seen: 0,
          nearest: [
            { differs: ['when.prompt'], found: { 'when.prompt': 'Where is my order?' }, status: 200 },
            { differs: ['when.deployment'], found: { 'when.deployment': 'gpt-4o-mini' } },
          ],
        },
      ],
    })
  })

  it.each([
    ['of which there should be none', [{ when: { prompt: 'refund' }, count: 0 }], false],
    ['of which there should be one', [{ when: { prompt: 'refund' }, count: 1 }], false],
    ['in order', [{ when: { headers: { 'x-team': 'a' } }, count: { min: 0 } }], true],
  ])('is not met by requests of which nobody kept what they said: %s', async (_, expectations, inOrder) => {
    const { chat, ask } = await session({ journal: { bodies: 'off' } })
    await (await chat('A refund, please')).text()
    const verdict = await ask({ expectations, inOrder })
    expect(verdict).toMatchObject({ status: 417, body: { met: false, expectations: [{ seen: 0, unheard: 1 }] } })
    expect((verdict.body as { error: { message: string } }).error.message).toContain('journal.bodies is off')
    const others = [
      { when: { deployment: 'gpt-4o-mini', prompt: 'refund' }, count: 0 },
      { when: { operation: 'chatCompletions' } },
    ]
    expect((await ask({ expectations: others })).status).toBe(200)
  })

  it('is waited for where that is asked', async () => {
    const clock = manualClock()
    const { chat, ask } = await session({ latency: { chatCompletions: { interToken: '10ms' } } }, {}, { clock })
    const expectations = [{ when: { prompt: 'hello' }, count: 1 }]
    const asked = chat('Hello', { max_tokens: 5 })
    const expected = ask({ expectations, within: '5s' })
    await clock.advanceAsync(1_000)
    await asked
    expect((await expected).status).toBe(200)
    const never = ask({ expectations: [{ count: 2 }], within: '5s' })
    await clock.advanceAsync(5_000)
    expect((await never).status).toBe(417)
    expect(clock.waiting).toBe(0)
  })

  it('is refused where it says what is not known, with every problem', async () => {
    const { ask } = await session()
    const { status, body } = await ask({
      expectations: [
        { when: { promt: 'x', call: 2 }, count: -1 },
        { status: 'ok', counts: 1 },
        { count: { min: 3, max: 1 } },
      ],
      inorder: true,
      within: '2h',
    })
    expect(status).toBe(400)
    const { details } = (body as { error: { details: { path: string; message: string }[] } }).error
    expect(Object.fromEntries(details.map(({ path, message }) => [path, message]))).toMatchObject({
      'expectations.0.when.promt': 'is not known here; did you mean prompt?',
      'expectations.0.count': expect.stringContaining('a whole number') as string,
      'expectations.1.counts': 'is not known here; did you mean count?',
      'expectations.1.status': expect.stringContaining('a status') as string,
      'expectations.2.count': expect.stringContaining('min up to max') as string,
      inorder: 'is not known here; did you mean inOrder?',
      within: expect.stringContaining('up to 60s') as string,
    })
    expect(details.map(({ path }) => path)).toContain('expectations.0.when.call')
    expect((await ask({ expectations: [] })).status).toBe(400)
  })
})

describe('rules by the moment', () => {
  it('hold in a phase of the timeline, and where a deployment is nearly full', async () => {
    const clock = manualClock()
    const simulator = testSimulator(
      {
        deployments: { 'gpt-4o': { model: 'gpt-4o', tokensPerMinute: 1000, requestsPerMinute: 1000 } },
        timeline: {
          start: 'manual',
          phases: [
            { name: 'storm', for: '60s' },
            { name: 'calm', for: '60s' },
            { name: 'flood', for: '1s' },
          ],
        },
        rules: [
          { name: 'storms', when: { phase: ['storm', 'flood'] }, then: { error: 'serverError' } },
          { name: 'nearly full', when: { utilization: '>=50%' }, then: { headers: { 'x-full': 'yes' } } },
        ],
      },
      { clock },
    )
    const chat = () =>
      simulator.post('/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21', {
        messages: [{ role: 'user', content: 'word '.repeat(295) }],
        max_tokens: 1,
      })
    await simulator.post('/++/timeline/start', {})
    expect((await chat()).status).toBe(500)
    clock.advance(60_000)
    expect((await chat()).headers.get('x-full')).toBeNull()
    expect((await chat()).headers.get('x-full')).toBeNull()
    expect((await chat()).headers.get('x-full')).toBe('yes')
    clock.advance(61_000)
    expect((await chat()).headers.get('x-full')).toBeNull()
    const bad = await simulator.post('/++/rules', { when: { utilization: 'full' }, then: { text: 'x' } })
    expect(bad.status).toBe(400)
    const metrics = await (await simulator.request('/++/metrics')).text()
    expect(metrics).toContain('phase="calm"')
  })
})
