import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const body = { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 2 }
const chat = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
const notFound = '{"error":{"code":"404","message": "Resource not found"}}'

describe('routes and sign-in', () => {
  it.each([
    '/openai/deployments/gpt-4o/chat/completions',
    '/openai/deployments/gpt-4o/chat/completions?api-version=2021-01-01',
    '/openai/deployments/gpt-4o/chat/nonsense?api-version=2024-10-21',
    '/openai/v2/chat/completions',
    '/somewhere',
    '/openai/deployments/%zz/chat/completions?api-version=2024-10-21',
  ])('answers %s with the service’s own 404', async (path) => {
    const answer = await testSimulator().post(path, body)
    expect(answer.status).toBe(404)
    expect(await answer.text()).toBe(notFound)
    expect(answer.headers.get('apim-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('refuses a dated version on the v1 surface', async () => {
    const answer = await testSimulator().post('/openai/v1/chat/completions?api-version=2024-10-21', {
      ...body,
      model: 'gpt-4o',
    })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toBe('{"error":{"code":"BadRequest","message":"API version not supported"}}')
  })

  it.each(['', '?api-version=v1', '?api-version=preview'])('takes v1 with %j', async (query) => {
    expect(
      (await testSimulator().post(`/openai/v1/chat/completions${query}`, { ...body, model: 'gpt-4o' })).status,
    ).toBe(200)
  })

  it('has the v1 surface below each project, which takes no version', async () => {
    const simulator = testSimulator()
    const ask = (query: string) =>
      simulator.post(`/api/projects/mine/openai/v1/chat/completions${query}`, { ...body, model: 'gpt-4o' })
    expect((await ask('')).status).toBe(200)
    for (const version of ['v1', 'preview', '2024-10-21'])
      expect(await (await ask(`?api-version=${version}`)).text()).toBe(
        '{"error":{"code":"BadRequest","message":"api-version query parameter is not allowed when using /v1 path"}}',
      )
    const { fetch } = simulator
    const init = { method: 'POST', body: JSON.stringify({ ...body, model: 'gpt-4o' }) }
    const answer = await fetch('http://sim.test/api/projects/mine/openai/v1/chat/completions', {
      ...init,
      headers: { authorization: 'Bearer test-key' },
    })
    expect(answer.status).toBe(200)
  })

  it('has every dated version that there was, whatever each of them lacked', async () => {
    const versions = ['2022-12-01', '2023-03-15-preview', '2024-02-15-preview', '2024-10-21', '2025-04-01-preview']
    for (const version of versions) {
      const asked = { ...body, tools: [{ type: 'function', function: { name: 'f' } }] }
      expect((await testSimulator().post(chat.replace('2024-10-21', version), asked)).status).toBe(200)
    }
    for (const version of ['2025-12-31', 'preview', 'v1', ''])
      expect((await testSimulator().post(chat.replace('2024-10-21', version), body)).status).toBe(404)
  })

  it('has the Responses API since the version that brought it', async () => {
    const ask = async (version: string) =>
      (await testSimulator().post(`/openai/responses?api-version=${version}`, { model: 'gpt-4o', input: 'Hi' })).status
    for (const version of ['2025-03-01-preview', '2025-04-01-preview', 'preview']) expect(await ask(version)).toBe(200)
    expect(await ask('2024-10-21')).toBe(400)
    expect(await ask('2026-01-01')).toBe(404)
  })

  it('takes double slashes', async () => {
    expect((await testSimulator().post(`/${chat.replaceAll('/chat', '//chat')}`, body)).status).toBe(200)
  })

  it('checks the key before anything else', async () => {
    const simulator = testSimulator()
    for (const headers of [{ 'api-key': 'wrong' }, { 'api-key': '' }, { 'api-key': 'test-keY' }]) {
      const answer = await simulator.post('/somewhere', body, headers)
      expect(answer.status).toBe(401)
      expect(await answer.text()).toHaveLength(224)
    }
  })

  it('takes the key as a bearer token on the v1 surface alone', async () => {
    const { fetch } = testSimulator()
    const init = (token: string, extra = {}) => ({
      method: 'POST',
      body: JSON.stringify({ ...body, ...extra }),
      headers: { authorization: `Bearer ${token}` },
    })
    expect(
      (await fetch('http://sim.test/openai/v1/chat/completions', init('test-key', { model: 'gpt-4o' }))).status,
    ).toBe(200)
    expect((await fetch('http://sim.test/openai/v1/chat/completions', init('wrong', { model: 'gpt-4o' }))).status).toBe(
      401,
    )
    const dated = await fetch(`http://sim.test${chat}`, init('test-key'))
    expect(dated.status).toBe(401)
    expect(await dated.json()).toMatchObject({ statusCode: 401 })
  })

  it('answers for a deployment that nobody configured, unless that is forbidden', async () => {
    const simulator = testSimulator({ allowUndefinedDeployments: false, deployments: { mine: { model: 'gpt-4o' } } })
    const answer = await simulator.post(chat, body)
    expect(answer.status).toBe(404)
    const text = await answer.text()
    expect(text).toHaveLength(254)
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'DeploymentNotFound' } })
    expect((await simulator.post(chat.replace('gpt-4o', 'mine'), body)).status).toBe(200)
    expect((await simulator.post(chat.replace('gpt-4o', 'constructor'), body)).status).toBe(404)
  })

  it('takes a deployment’s model from its name where it is known', async () => {
    const simulator = testSimulator()
    const model = async (deployment: string) =>
      ((await (await simulator.post(chat.replace('gpt-4o', deployment), body)).json()) as { model: string }).model
    expect(await model('gpt-35-turbo')).toBe('gpt-35-turbo')
    expect(await model('gpt-4o-2024-08-06')).toBe('gpt-4o-2024-08-06')
    expect(await model('team-gpt-4o-mini-prod')).toBe('gpt-4o-mini-2024-07-18')
    expect(await model('anything')).toBe('gpt-4.1-mini-2025-04-14')
  })

  it('names the operation that a model cannot do', async () => {
    const answer = await testSimulator().post(chat.replace('gpt-4o', 'text-embedding-3-small'), body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      error: {
        code: 'OperationNotSupported',
        message: expect.stringContaining(
          'The chatCompletion operation does not work with the specified model, text-embedding-3-small.',
        ) as string,
      },
    })
  })

  it('asks for the model on v1', async () => {
    const answer = await testSimulator().post('/openai/v1/chat/completions', body)
    expect(await answer.json()).toMatchObject({ error: { message: "Missing required parameter: 'model'." } })
  })

  it('refuses a body that is too large, and says how large it may be', async () => {
    const answer = await testSimulator({ server: { maxBodyBytes: 1000 } }).post(chat, {
      ...body,
      user: 'x'.repeat(1000),
    })
    expect(answer.status).toBe(413)
    expect(await answer.text()).toContain('1000')
  })
})

describe('limits', () => {
  const limited = { deployments: { 'gpt-4o': { model: 'gpt-4o', tokensPerMinute: 1000, requestsPerMinute: 12 } } }

  it('lets pass what the limit allows, then answers 429 with the true wait and 10 ms more', async () => {
    const clock = manualClock(1_800_000_000_000)
    const simulator = testSimulator(limited, { clock })
    const ask = () => simulator.post(chat, body)
    const first = await ask()
    expect(first.headers.get('x-ratelimit-limit-requests')).toBe('12')
    expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('11')
    expect(first.headers.get('x-ratelimit-limit-tokens')).toBe('1000')
    expect((await ask()).status).toBe(200)
    const refused = await ask()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('11')
    expect(refused.headers.get('retry-after-ms')).toBe('10010')
    expect(refused.headers.get('x-ratelimit-type')).toBe('Requests')
    expect(await refused.json()).toEqual({
      error: {
        code: 'RateLimitReached',
        message:
          'Your requests to gpt-4o for gpt-4o in East US 2 have exceeded the call rate limit for your current OpenAI S0 pricing tier. This request was for ChatCompletions_Create under Azure OpenAI API version 2024-10-21. Please retry after 11 seconds. To increase your default rate limit, visit: https://aka.ms/oai/quotaincrease.',
      },
    })
    clock.advance(9_999)
    expect((await ask()).status).toBe(429)
    clock.advance(1)
    expect((await ask()).status).toBe(200)
  })

  it('are counted for each deployment in its own way', async () => {
    const limits = { requestsPerMinute: 6 }
    const deployments = {
      sliding: { model: 'gpt-4o', ...limits },
      leaky: { model: 'gpt-4o', ...limits, limits: { algorithm: 'leaky' } },
      reserve: { model: 'gpt-4o', tokensPerMinute: 5_000, requestsPerMinute: 60, limits: { charge: 'reserve' } },
    }
    const simulator = testSimulator({ deployments })
    const ask = (name: string, max_tokens = 1) =>
      simulator.post(`/openai/deployments/${name}/chat/completions?api-version=2024-10-21`, { ...body, max_tokens })
    const statuses = async (name: string) => [(await ask(name)).status, (await ask(name)).status]
    expect(await statuses('sliding')).toEqual([200, 429])
    // A bucket starts full: a minute's requests may come at once.
    expect(await statuses('leaky')).toEqual([200, 200])
    expect(Number((await ask('reserve', 4_000)).headers.get('x-ratelimit-remaining-tokens'))).toBeLessThan(1_000)
  })

  it('of pictures and sound let the few calls of a minute come at once', async () => {
    const clock = manualClock(1_800_000_000_000)
    const simulator = testSimulator(
      { deployments: { painter: { model: 'dall-e-3', requestsPerMinute: 3 } }, latency: { images: '1ms' } },
      { clock },
    )
    const ask = async () => {
      const answer = simulator.post('/openai/deployments/painter/images/generations?api-version=2024-10-21', {
        prompt: 'A tree',
      })
      await clock.advanceAsync(5)
      return await answer
    }
    const statuses = [(await ask()).status, (await ask()).status, (await ask()).status]
    expect(statuses).toEqual([200, 200, 200])
    const refused = await ask()
    expect([refused.status, refused.headers.get('x-ratelimit-remaining-requests')]).toEqual([429, '0'])
    expect(refused.headers.get('retry-after')).toBe('60')
  })

  it('counts a request whose body is refused, and refuses on the limit first', async () => {
    const simulator = testSimulator(limited)
    expect((await simulator.post(chat, '{')).status).toBe(400)
    expect((await simulator.post(chat, '{')).status).toBe(400)
    expect((await simulator.post(chat, '{')).status).toBe(429)
  })

  it('forgets no window when the configuration changes', async () => {
    const simulator = testSimulator(limited)
    await simulator.post(chat, body)
    await simulator.post(chat, body)
    simulator.patch({ latency: { open_ai_chat_completions: { std_dev: 1 } } })
    expect((await simulator.post(chat, body)).status).toBe(429)
  })

  it('charges what was answered', async () => {
    const simulator = testSimulator({
      deployments: { 'gpt-4o': { model: 'gpt-4o', tokensPerMinute: 1000, requestsPerMinute: 600 } },
    })
    await simulator.post(chat, { ...body, max_tokens: 900 })
    const answer = await simulator.post(chat, { ...body, max_tokens: 1 })
    expect(answer.headers.get('x-ratelimit-remaining-tokens')).toBe(String(1000 - 900 - 2 * 8))
  })
})

describe('the control API', () => {
  const patch = (simulator: ReturnType<typeof testSimulator>, value: unknown) =>
    simulator.request('/++/config', { method: 'PATCH', body: JSON.stringify(value) })

  it('asks for the key, but not at the probe', async () => {
    const { fetch } = testSimulator()
    expect((await fetch('http://sim.test/++/config')).status).toBe(401)
    const probe = await fetch('http://sim.test/')
    expect(probe.status).toBe(200)
    expect(await probe.json()).toMatchObject({ message: 'aoai-simulated-api is running' })
  })

  it('tells the configuration in the old simulator’s words', async () => {
    const answer = await testSimulator({ deployments: { d: { model: 'gpt-4o', tokensPerMinute: 5000 } } }).request(
      '/++/config',
    )
    expect(await answer.json()).toMatchObject({
      simulator_mode: 'generate',
      latency: { open_ai_chat_completions: { mean: 0, std_dev: 0 } },
      openai_deployments: { d: { model: 'gpt-4o', tokens_per_minute: 5000 } },
      allow_undefined_openai_deployments: true,
    })
  })

  it('changes a part, for the next request', async () => {
    const simulator = testSimulator()
    const answer = await patch(simulator, { allow_undefined_openai_deployments: false })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ allow_undefined_openai_deployments: false })
    expect((await simulator.post(chat, body)).status).toBe(404)
  })

  it('refuses a wrong part whole, with every problem', async () => {
    const simulator = testSimulator()
    const answer = await patch(simulator, {
      simulator_mode: 'banana',
      allow_undefined_openai_deployments: false,
      foo: 1,
    })
    expect(answer.status).toBe(400)
    const { error } = (await answer.json()) as { error: { details: { path: string }[] } }
    expect(error.details.map(({ path }) => path).sort()).toEqual(['foo', 'simulator_mode'])
    expect((await simulator.post(chat, body)).status).toBe(200)
  })

  it('has nothing to save in generate mode', async () => {
    expect((await testSimulator().request('/++/save-recordings', { method: 'POST' })).status).toBe(400)
  })
})
