/** What an older api-version lacks, as users quote it (2025-2026). */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const messages = [{ role: 'user', content: 'Hi' }]
const schema = { type: 'object', properties: {}, required: [], additionalProperties: false }
const format = { response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } }
const prediction = { prediction: { type: 'content', content: 'Hi' } }
const later = (what: string, version: string) => ({
  error: { code: 'BadRequest', message: `${what} is enabled only for api versions ${version} and later` },
})

const ask = (model: string, version: string, body: object, config: Record<string, unknown> = {}) =>
  testSimulator(config).post(`/openai/deployments/${model}/chat/completions?api-version=${version}`, {
    messages,
    ...body,
  })

describe('an older api-version', () => {
  it.each([
    ['gpt-4o', '2024-03-01-preview', format, later('response_format value as json_schema', '2024-08-01-preview')],
    ['gpt-4o', '2024-06-01', format, later('response_format value as json_schema', '2024-08-01-preview')],
    ['gpt-4o', '2024-10-21', prediction, later('Prediction', '2025-01-01-preview')],
    ['o3-mini', '2024-10-21', {}, later('Model {modelName}', '2024-12-01-preview')],
    ['o1-mini', '2024-08-01-preview', {}, later('Model {modelName}', '2024-09-01-preview')],
  ])('of %s refuses with %s what came later', async (model, version, body, error) => {
    const answer = await ask(model, version, body)
    expect([answer.status, await answer.json()]).toEqual([400, error])
    expect((await ask(model, version, body, { azure: { versionGates: 'off' } })).status).toBe(200)
  })

  it.each([
    ['gpt-4o', '2024-08-01-preview', format],
    ['gpt-4o', '2024-10-21', format],
    ['gpt-4o', '2025-01-01-preview', prediction],
    ['o3-mini', '2024-12-01-preview', {}],
    ['gpt-5-mini', '2024-10-21', {}],
  ])('of %s takes with %s what is in it', async (model, version, body) => {
    expect((await ask(model, version, body)).status).toBe(200)
  })

  it('has no operation that came after it', async () => {
    const batches = (version: string, config: Record<string, unknown> = {}) =>
      testSimulator(config).request(`/openai/batches?api-version=${version}`)
    expect((await batches('2024-06-01')).status).toBe(404)
    expect((await batches('2024-07-01-preview')).status).toBe(200)
    expect((await batches('2024-06-01', { azure: { versionGates: 'off' } })).status).toBe(200)
  })
})

describe('the list of deployments', () => {
  const config = { deployments: { chat: { model: 'gpt-4o' }, vectors: { model: 'text-embedding-3-small' } } }

  it.each(['2022-12-01', '2023-03-15-preview'])('is there in %s', async (version) => {
    const answer = await testSimulator(config).request(`/openai/deployments?api-version=${version}`)
    expect(answer.status).toBe(200)
    const list = (await answer.json()) as { data: object[]; object: string }
    expect(list.object).toBe('list')
    expect(list.data).toMatchObject([
      { id: 'chat', model: 'gpt-4o', status: 'succeeded', object: 'deployment', owner: 'organization-owner' },
      { id: 'vectors', model: 'text-embedding-3-small', scale_settings: { scale_type: 'standard' } },
    ])
    const one = await testSimulator(config).request(`/openai/deployments/chat?api-version=${version}`)
    expect(await one.json()).toEqual(list.data[0])
  })

  it.each(['2023-05-15', '2024-10-21'])('is not there in %s', async (version) => {
    const answer = await testSimulator(config).request(`/openai/deployments?api-version=${version}`)
    expect([answer.status, await answer.text()]).toEqual([
      404,
      '{"error":{"code":"404","message": "Resource not found"}}',
    ])
  })
})

describe('paths below /anthropic that there are not', () => {
  it.each(['/anthropic/v1/complete', '/anthropic/v1/messages/batches', '/anthropic/'])('are 404: %s', async (path) => {
    const answer = await testSimulator().post(path, {}, { 'anthropic-version': '2023-06-01' })
    const told = 'Requested API is currently not supported'
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: { code: 'api_not_supported', message: told, details: told } },
    ])
  })
})

describe('a page in a browser', () => {
  const chat = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
  const origin = 'https://app.example'
  const preflight = {
    method: 'OPTIONS',
    headers: {
      'api-key': '',
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'api-key',
    },
  }

  it('may ask nothing unless its origin is named', async () => {
    for (const config of [{}, { server: { cors: { origins: ['https://other.example'] } } }]) {
      const answer = await testSimulator(config).request(chat, preflight)
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([401, null])
    }
  })

  it.each([
    [[origin], origin],
    [['*'], '*'],
  ])('may ask where %j is, and read the headers of answers', async (origins, told) => {
    const simulator = testSimulator({ server: { cors: { origins } } })
    const asked = await simulator.request(chat, preflight)
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe(told)
    expect(asked.headers.get('access-control-allow-headers')).toBe('api-key')
    expect(asked.headers.get('access-control-allow-methods')).toContain('POST')
    for (const key of ['test-key', 'wrong']) {
      const answer = await simulator.post(chat, { messages }, { origin, 'api-key': key })
      expect(answer.headers.get('access-control-allow-origin')).toBe(told)
      expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After')
      if (key === 'test-key') expect(answer.headers.get('access-control-expose-headers')).toContain('x-ms-region')
    }
  })
})
