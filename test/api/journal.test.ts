/** What the journal tells of requests that were refused, and the log of slips at the door. */
import { AzureOpenAI } from 'openai'
import { describe, expect, it } from 'vitest'
import { startNodeHost } from '../../src/host/node.ts'
import { defineExtension } from '../../src/sim/extensions/define.ts'
import { serverLimits } from '../support/hosts.ts'
import { testSimulator } from '../support/simulator.ts'

type Sim = ReturnType<typeof testSimulator>

async function journalOf(sim: Sim): Promise<Record<string, unknown>[]> {
  return ((await (await sim.request('/++/requests')).json()) as { requests: Record<string, unknown>[] }).requests
}

const messages = [{ role: 'user', content: 'Hello' }]
const chat = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
const strict = { deployments: { 'gpt-4o': { model: 'gpt-4o', requestsPerMinute: 1 } } }

describe('the journal', () => {
  it.each<[string, (sim: Sim) => Promise<Response>, object]>([
    [
      'a body that is refused',
      (sim) => sim.post(chat, { messages, temperature: 9, stream: true }),
      {
        status: 400,
        stream: true,
        deployment: 'gpt-4o',
        error: { code: 'decimal_above_max_value', message: expect.stringContaining("'temperature'") as string },
      },
    ],
    [
      'a deployment that is not there, by its path',
      (sim) => sim.post('/openai/deployments/nope/chat/completions?api-version=2024-10-21', { messages, stream: true }),
      {
        status: 404,
        stream: true,
        deployment: 'nope',
        operation: 'ChatCompletions_Create',
        error: { code: 'DeploymentNotFound' },
      },
    ],
    [
      'a deployment that is not there, by its body',
      (sim) => sim.post('/openai/v1/responses', { model: 'nope', input: 'Hi', stream: true }),
      { status: 404, stream: true, deployment: 'nope', error: { code: null } },
    ],
    ['no key', (sim) => sim.fetch('http://sim.test/openai/v1/models'), { status: 401, error: { code: '401' } }],
    [
      'a wrong key, with the deployment that its path names',
      (sim) => sim.post(chat, { messages, stream: true }, { 'api-key': 'wrong' }),
      { status: 401, deployment: 'gpt-4o', operation: 'ChatCompletions_Create', error: { code: '401' } },
    ],
    [
      'a wrong api-version of a stream',
      (sim) => sim.post(chat.replace('2024-10-21', '2031-01-01'), { messages, stream: true }),
      { status: 404, stream: true, deployment: 'gpt-4o', error: { code: '404' } },
    ],
    [
      'a stream without an api-version',
      (sim) => sim.post(chat.replace(/\?.*/, ''), { messages, stream: true }),
      { status: 404, stream: true, deployment: 'gpt-4o' },
    ],
    [
      'a wrong api-version',
      (sim) => sim.post(chat.replace('2024-10-21', '2031-01-01'), { messages }),
      { status: 404, error: { code: '404', message: 'Resource not found' } },
    ],
    [
      'a body that is no JSON',
      (sim) => sim.post(chat, '{"stream":true'),
      { status: 400, error: { code: null, message: 'Invalid request body.' } },
    ],
    [
      'a wrong parameter of Claude',
      (sim) =>
        sim.post(
          '/anthropic/v1/messages',
          { model: 'claude-haiku-4-5', messages, stream: true },
          { 'anthropic-version': '2023-06-01' },
        ),
      { status: 400, stream: true, error: { message: expect.stringContaining('max_tokens') as string } },
    ],
    [
      'an unknown path',
      (sim) => sim.request('/openai/v1/nothing'),
      { status: 404, error: { message: expect.any(String) as string } },
    ],
  ])('has code and message of %s', async (_, ask, entry) => {
    const sim = testSimulator({
      allowUndefinedDeployments: false,
      deployments: { 'gpt-4o': { model: 'gpt-4o' }, 'claude-haiku-4-5': { model: 'claude-haiku-4-5' } },
    })
    const answer = await ask(sim)
    const text = await answer.text()
    const [told] = await journalOf(sim)
    expect(told).toMatchObject(entry)
    // What it tells is what the client read.
    const { message } = told?.['error'] as { message: string }
    expect(text).toContain(JSON.stringify(message).slice(1, -1))
  })

  it('has it of a 429, with what was asked for', async () => {
    const sim = testSimulator(strict)
    const ask = () => sim.post(chat, { messages, stream: true, max_tokens: 1 }).then((answer) => answer.text())
    await ask()
    await ask()
    const [refused, passed] = await journalOf(sim)
    expect(refused).toMatchObject({
      status: 429,
      stream: true,
      limiter: 'requests',
      error: { code: 'RateLimitReached' },
    })
    expect(passed).not.toHaveProperty('error')
  })

  it('has it of an error that a rule answers with', async () => {
    const sim = testSimulator({ rules: [{ name: 'r', then: { error: 'contentFilter' } }] })
    const answer = await sim.post(chat, { messages, stream: true })
    const told = ((await answer.json()) as { error: { code: string; message: string } }).error
    expect(await journalOf(sim)).toMatchObject([
      { status: answer.status, stream: true, rule: 'r', error: { code: told.code, message: told.message } },
    ])
  })

  it('has operation, deployment and error of what an extension answers before it is read', async () => {
    const value = defineExtension({
      name: 'mine',
      onRequest: () => ({ status: 403, body: { error: { code: 'Blocked', message: 'No.' } } }),
    })
    const sim = testSimulator({}, { extension: { value, place: 'mine.js' } })
    await sim.post('/openai/v1/chat/completions', { model: 'gpt-4o', messages, stream: true })
    await sim.post('/openai/deployments/mine/embeddings?api-version=2024-10-21', { input: 'a' })
    await sim.request('/openai/v1/models')
    const error = { code: 'Blocked', message: 'No.' }
    const of = { status: 403, why: 'extension', error }
    expect(await journalOf(sim)).toMatchObject([
      { ...of, operation: 'Models_List' },
      { ...of, operation: 'Embeddings_Create', deployment: 'mine', stream: false },
      { ...of, operation: 'ChatCompletions_Create', deployment: 'gpt-4o', stream: true },
    ])
  })
})

describe('the log', () => {
  it('tells once, at info, of a wrong key and of a wrong api-version', async () => {
    const told: string[] = []
    const log = { debug() {}, info: (text: string) => told.push(text), warn() {}, error() {} }
    const sim = testSimulator({}, { log })
    for (let times = 0; times < 3; times++) {
      await sim.post(chat, { messages }, { 'api-key': 'secret-of-another' })
      await sim.fetch(`http://sim.test${chat}`, { method: 'POST' })
      await sim.fetch(`http://sim.test${chat}`, { method: 'POST', headers: { authorization: 'Bearer a.b.c' } })
      await sim.post(chat.replace('2024-10-21', '2031-01-01'), { messages })
      await sim.post(chat.replace('?api-version=2024-10-21', ''), { messages })
      await sim.post('/openai/v1/chat/completions?api-version=2024-10-21', { model: 'gpt-4o', messages })
    }
    expect(told).toEqual([
      expect.stringMatching(
        /^A request with a key that is not this simulator's was answered with 401.*\(logged once\)$/,
      ),
      expect.stringMatching(/^A request without a key was answered with 401/),
      expect.stringMatching(/^A request with a bearer token that is not taken was answered with 401/),
      expect.stringMatching(/^A request with api-version "2031-01-01" was answered with 404/),
      expect.stringMatching(/^A request without api-version was answered with 404/),
      expect.stringMatching(/^A request with api-version "2024-10-21" was answered with 400/),
    ])
    expect(told.join()).not.toContain('secret-of-another')
  })
})

describe('who asked', () => {
  const rules = [{ when: { call: '1..2' }, then: { error: 'rateLimit', retryAfter: '1ms' } }]

  it('tells the client, its connection, and which attempt of a call it was', async () => {
    const sim = testSimulator({ rules })
    const host = await startNodeHost(sim, { port: 0, host: '127.0.0.1', server: serverLimits })
    try {
      const client = new AzureOpenAI({ apiKey: 'test-key', endpoint: host.url, apiVersion: '2024-10-21' })
      await client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] })
      const entries = await journalOf(sim)
      expect(entries.map(({ attempt, status }) => [attempt, status])).toEqual([
        [3, 200],
        [2, 429],
        [1, 429],
      ])
      expect(entries.map(({ client: said }) => said)).toEqual(
        ['2', '1', '0'].map(
          (count) =>
            expect.objectContaining({
              'user-agent': expect.stringMatching(/^AzureOpenAI\/JS /) as string,
              'x-stainless-lang': 'js',
              'x-stainless-retry-count': count,
            }) as object,
        ),
      )
      expect(entries.map(({ connection }) => typeof connection)).toEqual(['number', 'number', 'number'])
      const found = async (query: string) =>
        ((await (await sim.request(`/++/requests?${query}`)).json()) as { requests: object[] }).requests.length
      expect(await found('attempt=2')).toBe(1)
      expect(await found('client=azureopenai/js')).toBe(3)
      expect(await found('client=python')).toBe(0)
      expect(await found(`connection=${String(entries[0]?.['connection'])}&attempt=3`)).toBe(1)
      expect(await found('connection=999999')).toBe(0)
      expect(await found('resource=default&limit=2')).toBe(2)
    } finally {
      await host.stop()
    }
  })

  it('tells of one request and of the other attempts of its call', async () => {
    const sim = testSimulator({ rules: [{ when: { call: 1 }, then: { error: 'serverError' } }] })
    for (const count of [0, 1]) await sim.post(chat, { messages }, { 'x-stainless-retry-count': String(count) })
    await sim.post(chat, { messages: [{ role: 'user', content: 'Something else' }] })
    const [other, last, first] = await journalOf(sim)
    const one = async (id: unknown) => {
      const answer = await sim.request(`/++/requests/${String(id)}`)
      return (await answer.json()) as { id: string; attempts: { id: string }[] }
    }
    const found = await one(last?.['id'])
    expect([found.id, found.attempts.map(({ id }) => id)]).toEqual([last?.['id'], [first?.['id'], last?.['id']]])
    expect((await one(other?.['id'])).attempts).toHaveLength(1)
    expect((await sim.request('/++/requests/nobody')).status).toBe(404)
  })

  it('tells who follows the journal, too', async () => {
    const sim = testSimulator({ rules: [{ when: { call: 1 }, then: { error: 'serverError' } }] })
    const stream = await sim.request('/++/requests?stream=true&attempt=2')
    const ask = () =>
      sim.post(chat, { messages }, { 'user-agent': 'mine/1', 'x-stainless-retry-count': String(asks++) })
    let asks = 0
    await ask()
    await ask()
    const reader = stream.body?.getReader()
    let text = ''
    while (!text.includes('data: {')) text += Buffer.from((await reader?.read())?.value ?? []).toString()
    await reader?.cancel()
    expect(JSON.parse(/data: (\{.*)/.exec(text)?.[1] ?? '')).toMatchObject({
      status: 200,
      attempt: 2,
      client: { 'user-agent': 'mine/1' },
    })
  })

  it('says of several who ask the same at once that it is not clear, and nothing where nobody said anything', async () => {
    const sim = testSimulator({ rules: [{ when: { call: '1..2' }, then: { error: 'rateLimit', retryAfter: '1ms' } }] })
    await sim.post(chat, { messages })
    await sim.post(chat, { messages })
    await sim.post(chat, { messages })
    const entries = await journalOf(sim)
    expect(entries.every((entry) => !('client' in entry) || typeof entry['client'] === 'object')).toBe(true)
    expect(entries.every((entry) => !('connection' in entry))).toBe(true)
  })
})
