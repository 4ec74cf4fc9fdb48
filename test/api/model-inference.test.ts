import createClient, { isUnexpected, type ModelClient } from '@azure-rest/ai-inference'
import { AzureKeyCredential } from '@azure/core-auth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeHost, startNodeHost } from '../../src/host/node.ts'
import { serverLimits } from '../support/hosts.ts'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator({
  deployments: {
    llama: { model: 'Llama-3.3-70B-Instruct' },
    vectors: { model: 'embed-v-4-0' },
    claude: { model: 'claude-sonnet-4-5' },
  },
})
let host: NodeHost
let client: ModelClient

beforeAll(async () => {
  host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
  client = createClient(`${host.url}/models`, new AzureKeyCredential('test-key'), {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  })
})
afterAll(async () => {
  await host.stop()
  expect(simulator.errors).toEqual([])
})

const messages = [{ role: 'user', content: 'Say something.' }]
const version = '?api-version=2024-05-01-preview'
const chat = `/models/chat/completions${version}`
const errorOf = async (answer: Response) =>
  ((await answer.json()) as { error: { code: string; message: string } }).error

describe('chat completions, by the client of the model inference API', () => {
  it('name their deployment in the body, and answer as the dated surface does', async () => {
    const answer = await client.path('/chat/completions').post({ body: { model: 'llama', messages, max_tokens: 7 } })
    if (isUnexpected(answer)) throw new Error(answer.body.error.message)
    expect(answer.body).toMatchObject({
      object: 'chat.completion',
      model: 'Llama-3.3-70B-Instruct',
      choices: [
        { index: 0, finish_reason: 'length', message: { role: 'assistant', content: expect.any(String) as string } },
      ],
      usage: { completion_tokens: 7 },
    })
    expect(answer.headers['x-ms-deployment-name']).toBe('llama')
  })

  it('stream', async () => {
    const body = { model: 'gpt-4o', messages, max_tokens: 5, stream: true }
    const answer = await client.path('/chat/completions').post({ body }).asNodeStream()
    expect(answer.status).toBe('200')
    let text = ''
    for await (const piece of answer.body ?? []) text += String(piece)
    const events = text.trimEnd().split('\n\n')
    expect(events.at(-1)).toBe('data: [DONE]')
    const chunks = events
      .slice(0, -1)
      .map((event) => JSON.parse(event.slice('data: '.length)) as { choices: { delta: { content?: string } }[] })
    expect(chunks.filter(({ choices }) => choices[0]?.delta.content)).toHaveLength(5)
  })

  it('call tools', async () => {
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'weather',
          parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        },
      },
    ]
    const answer = await client.path('/chat/completions').post({ body: { model: 'llama', messages, tools } })
    if (isUnexpected(answer)) throw new Error(answer.body.error.message)
    const [call] = answer.body.choices[0]?.message.tool_calls ?? []
    expect(call?.function.name).toBe('weather')
    expect(JSON.parse(call?.function.arguments ?? '')).toEqual({ city: expect.any(String) as string })
  })
})

describe('parameters that the model inference API does not describe', () => {
  const body = { model: 'llama', messages, max_tokens: 3, user: 'me', logprobs: true }

  it.each([{}, { 'extra-parameters': 'error' }])('are refused with %j', async (headers) => {
    const answer = await simulator.post(chat, body, headers)
    expect(answer.status).toBe(400)
    expect((await errorOf(answer)).message).toMatch(/^Extra parameters \['user', 'logprobs'\] are not allowed/)
  })

  it('are left out where that is asked for, and passed on where that is', async () => {
    expect((await simulator.post(chat, { ...body, foo: 1 }, { 'extra-parameters': 'drop' })).status).toBe(200)
    expect((await simulator.post(chat, body, { 'extra-parameters': 'pass-through' })).status).toBe(200)
    const passed = await simulator.post(chat, { ...body, foo: 1 }, { 'extra-parameters': 'pass-through' })
    expect(passed.status).toBe(400)
    expect((await errorOf(passed)).message).toBe('Unrecognized request argument supplied: foo')
  })

  it('cannot be treated in another way', async () => {
    const answer = await simulator.post(chat, body, { 'extra-parameters': 'ignore' })
    expect(answer.status).toBe(400)
    expect((await errorOf(answer)).message).toContain('Unexpected EXTRA_PARAMETERS option ignore')
  })

  it('are no matter on other surfaces, whatever the header says', async () => {
    const dated = '/openai/deployments/llama/chat/completions?api-version=2024-10-21'
    expect((await simulator.post(dated, body, { 'extra-parameters': 'error' })).status).toBe(200)
  })
})

describe('embeddings, by the client of the model inference API', () => {
  it('are vectors of the model’s length, of texts', async () => {
    const body = { model: 'text-embedding-3-small', input: ['one', 'two'], input_type: 'query', dimensions: 256 }
    const answer = await client.path('/embeddings').post({ body })
    if (isUnexpected(answer)) throw new Error(answer.body.error.message)
    expect(answer.body.data.map(({ embedding }) => embedding.length)).toEqual([256, 256])
    const wrong = await client.path('/embeddings').post({ body: { ...body, input_type: 'song' } })
    expect(wrong.status).toBe('400')
  })

  it('are vectors of pictures, the same for the same picture and text', async () => {
    const image = 'data:image/png;base64,iVBORw0KGgo='
    const input = [{ image }, { image }, { image, text: 'a cat' }]
    const answer = await client.path('/images/embeddings').post({ body: { model: 'vectors', input } })
    if (isUnexpected(answer)) throw new Error(answer.body.error.message)
    const [first, second, third] = answer.body.data.map(({ embedding }) => embedding)
    expect(first).toHaveLength(1536)
    expect(second).toEqual(first)
    expect(third).not.toEqual(first)
    const link = { model: 'vectors', input: [{ image: 'https://example.org/cat.png' }] }
    expect((await client.path('/images/embeddings').post({ body: link })).status).toBe('400')
  })
})

describe('the model inference API', () => {
  it('tells of a model, of the first that is configured where none is named', async () => {
    const answer = await client.path('/info').get()
    expect(answer.body).toEqual({
      model_name: 'Llama-3.3-70B-Instruct',
      model_type: 'chat_completion',
      model_provider_name: 'Meta',
    })
    const named = await simulator.request(`/models/info${version}&model=vectors`)
    expect(await named.json()).toEqual({
      model_name: 'embed-v-4-0',
      model_type: 'embeddings',
      model_provider_name: 'Cohere',
    })
  })

  it('asks for a model, and for one that speaks it', async () => {
    expect(await errorOf(await simulator.post(chat, { messages }))).toMatchObject({ code: 'no_model_name' })
    const claude = await simulator.post(chat, { model: 'claude', messages })
    expect(claude.status).toBe(404)
    expect(await errorOf(claude)).toMatchObject({ code: 'api_not_supported' })
  })

  it('asks for an api-version that it knows', async () => {
    const missing = await simulator.post('/models/chat/completions', { model: 'llama', messages })
    expect(missing.status).toBe(400)
    expect((await errorOf(missing)).message).toBe('Missing required query parameter: api-version')
    const unknown = await simulator.post('/models/chat/completions?api-version=2020-01-01', {
      model: 'llama',
      messages,
    })
    expect((await errorOf(unknown)).message).toBe('API version not supported')
  })

  it('takes the key in its header, and as a bearer token', async () => {
    const send = (headers: Record<string, string>) =>
      simulator.fetch(`http://sim.test${chat}`, {
        method: 'POST',
        body: JSON.stringify({ model: 'llama', messages }),
        headers,
      })
    expect((await send({ authorization: 'Bearer test-key' })).status).toBe(200)
    expect((await send({ authorization: 'Bearer other' })).status).toBe(401)
    expect((await send({})).status).toBe(401)
  })

  it('is limited as its deployment is on the other surfaces, and together with them', async () => {
    const deployments = { one: { model: 'Phi-4', requestsPerMinute: 6, tokensPerMinute: 1000 } }
    const limited = testSimulator({ deployments })
    const body = { model: 'one', messages, max_tokens: 1 }
    expect((await limited.post('/openai/v1/chat/completions', body)).status).toBe(200)
    expect((await limited.post(chat, body)).status).toBe(429)
  })
})
