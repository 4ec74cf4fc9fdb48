import { describe, expect, it } from 'vitest'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { testSimulator } from '../support/simulator.ts'

const path = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
const authentication = { type: 'api_key', key: 'k' }
const parameters = { endpoint: 'https://s.search.windows.net', index_name: 'docs', authentication }
const source = { type: 'azure_search', parameters }
const ask = { messages: [{ role: 'user', content: 'Which plans are there?' }], data_sources: [source] }

type Context = { citations: Record<string, unknown>[]; intent: string }
type Answer = {
  id: string
  object: string
  choices: {
    finish_reason: string | null
    end_turn?: boolean
    message: { content: string; role: string; end_turn: boolean; context: Context }
    delta: { content?: string; role?: string; context?: Context }
  }[]
  usage: { prompt_tokens: number; completion_tokens: number }
}

const send = async (body: object) => (await (await testSimulator().post(path, body)).json()) as Answer

describe('an answer on the client’s own data', () => {
  it('cites its documents, which are in the context and count as prompt', async () => {
    const answer = await send(ask)
    expect(answer.object).toBe('extensions.chat.completion')
    expect(answer.id).toMatch(/^[0-9a-f-]{36}$/)
    const [choice] = answer.choices
    const { content, context, end_turn: endTurn } = choice!.message
    expect(endTurn).toBe(true)
    expect(JSON.parse(context.intent)).toEqual(['Which plans are there?'])
    expect(context.citations.length).toBeGreaterThan(0)
    for (const [index, citation] of context.citations.entries()) {
      expect(Object.keys(citation)).toEqual(['content', 'title', 'url', 'filepath', 'chunk_id'])
      expect(citation).toMatchObject({ chunk_id: String(index), url: expect.stringMatching(/^https:/) as string })
      expect(citation['content']).not.toBe('')
    }
    const cited = [...content.matchAll(/\[doc(\d+)\]/g)].map(([, number]) => Number(number))
    expect(cited.length).toBeGreaterThan(0)
    expect(Math.max(...cited)).toBeLessThanOrEqual(context.citations.length)
    expect(answer.usage.completion_tokens).toBe(countTokens(content, 'o200k_base'))
    const plain = await send({ messages: ask.messages, max_tokens: 1 })
    const documents = context.citations.map(({ content: text }) => countTokens(String(text), 'o200k_base'))
    const added = answer.usage.prompt_tokens - plain.usage.prompt_tokens
    expect(added).toBeGreaterThan(documents.reduce((sum, tokens) => sum + tokens, 0))
  })

  it('tells of its search what include_contexts asks for', async () => {
    const context = async (include: unknown) => {
      const [source] = ask.data_sources
      const parameters = { ...source?.parameters, include_contexts: include }
      const answer = await testSimulator().post(path, { ...ask, data_sources: [{ ...source, parameters }] })
      const { choices, error } = (await answer.json()) as Partial<Answer> & { error?: { message: string } }
      return choices?.[0]?.message.context ?? error?.message
    }
    expect(Object.keys((await context(['intent'])) ?? {})).toEqual(['intent'])
    expect(Object.keys((await context(null)) ?? {})).toEqual(['citations', 'intent'])
    const all = (await context(['citations', 'all_retrieved_documents'])) as unknown as Record<string, object[]>
    expect(Object.keys(all)).toEqual(['citations', 'all_retrieved_documents'])
    expect(all['all_retrieved_documents']?.[0]).toMatchObject({ data_source_index: 0, original_search_score: 1 })
    expect(await context(['everything'])).toContain('include_contexts/0')
  })

  it('is laid out by the service that makes it, and has its headers', async () => {
    // Recorded November 2025.
    const answer = await testSimulator().post(path, ask)
    const text = await answer.text()
    const body = JSON.parse(text) as Record<string, unknown> & Answer
    expect(Object.keys(body)).toEqual(['id', 'model', 'created', 'object', 'choices', 'usage', 'system_fingerprint'])
    expect(body['model']).toBe('gpt-4o')
    expect(Object.keys(body.choices[0] ?? {})).toEqual(['index', 'finish_reason', 'message'])
    expect(Object.keys(body.choices[0]?.message ?? {})).toEqual(['role', 'content', 'end_turn', 'context'])
    expect(Object.keys(body.usage)).toEqual(['prompt_tokens', 'completion_tokens', 'total_tokens'])
    const names = ['content-type', 'x-request-id', 'azureml-model-session', 'x-ms-rai-invoked', 'x-accel-buffering']
    expect(names.map((name) => answer.headers.get(name))).toEqual([
      'application/json; charset=UTF-8',
      null,
      null,
      null,
      null,
    ])
    expect(answer.headers.get('x-ms-deployment-name')).toBe('gpt-4o')
    const stream = await testSimulator().post(path, { ...ask, stream: true })
    expect(stream.headers.get('content-type')).toBe('text/event-stream')
    expect(stream.headers.get('cache-control')).toBe('no-cache')
    const [first = '', second = ''] = (await stream.text()).split('\n\n')
    expect(first).toMatch(
      /^data: \{"id":"[^"]+","model":"gpt-4o","created":\d+,"object":"extensions.chat.completion.chunk","choices":\[\{"index":0,"delta":\{"role":"assistant","context":/,
    )
    expect(first).toMatch(/"end_turn":false,"finish_reason":null\}\]\}$/)
    expect(second).toMatch(/"end_turn":false,"finish_reason":null\}\],"system_fingerprint":"fp_[0-9a-f]{10}"\}$/)
  })

  it('reads no more documents than it may, and keeps to a limit', async () => {
    const few = { ...source, parameters: { ...source.parameters, top_n_documents: 1 } }
    const answer = await send({ ...ask, data_sources: [few], max_tokens: 12 })
    expect(answer.choices[0]?.message.context.citations).toHaveLength(1)
    expect(answer.usage.completion_tokens).toBe(12)
    expect(answer.choices[0]?.finish_reason).toBe('length')
  })

  it('streams its context first, and says at the end that its turn is over', async () => {
    const answer = await testSimulator().post(path, { ...ask, stream: true })
    const chunks = (await answer.text())
      .split('\n\n')
      .slice(0, -2)
      .map((event) => JSON.parse(event.slice('data: '.length)) as Answer)
    expect(new Set(chunks.map(({ object }) => object))).toEqual(new Set(['extensions.chat.completion.chunk']))
    expect(chunks[0]?.choices[0]?.delta.context?.citations.length).toBeGreaterThan(0)
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant')
    expect(chunks.slice(0, -1).every(({ choices }) => choices[0]?.end_turn === false)).toBe(true)
    expect(chunks.at(-1)?.choices[0]).toMatchObject({ delta: {}, end_turn: true, finish_reason: 'stop' })
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toContain('[doc1]')
  })

  const wrong = (extra: object) => [{ type: 'azure_search', parameters: { ...parameters, ...extra } }]
  const at = '#/data_sources/0/azure_search/parameters'
  it.each<[object, string]>([
    [
      { data_sources: wrong({ indexName: 'x', project_resource_id: 'y' }) },
      `Validation error at ${at}/indexName: Extra inputs are not permitted\nValidation error at ${at}/project_resource_id: Extra inputs are not permitted`,
    ],
    [
      { data_sources: [{ type: 'azure_search', parameters: { endpoint: 'e', index_name: 'i', api_key: 'k' } }] },
      `Validation error at ${at}/authentication: Field required\nValidation error at ${at}/api_key: Extra inputs are not permitted`,
    ],
    [
      { data_sources: wrong({ authentication: { type: 'api_key' } }) },
      `Validation error at ${at}/authentication/api_key/key: Field required`,
    ],
    [
      { data_sources: wrong({ strictness: 6 }) },
      `Validation error at ${at}/strictness: Input should be less than or equal to 5`,
    ],
    [{ data_sources: [{ type: 'azure_search' }] }, `Validation error at ${at}: Field required`],
    [
      { data_sources: [source, source] },
      'Validation error at #/data_sources: List should have at most 1 item after validation, not 2',
    ],
    [
      { data_sources: [source], stream: true, stream_options: { include_usage: true } },
      'Validation error at #/stream_options: Extra inputs are not permitted',
    ],
    [
      {
        data_sources: [
          { type: 'pinecone', parameters: { environment: 'e', index_name: 'i', authentication, fields_mapping: {} } },
        ],
      },
      'Validation error at #/data_sources/0/pinecone/parameters/embedding_dependency: Field required',
    ],
  ])('is refused where something does not fit (quoted by users, 2024-2026): %j', async (body, message) => {
    const answer = await testSimulator().post(path, { ...ask, ...body })
    expect(answer.status).toBe(400)
    const { error } = (await answer.json()) as { error: Record<string, unknown> }
    expect(error).toEqual({ requestid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, code: 400, message })
    expect(error['requestid']).toBe(answer.headers.get('apim-request-id'))
  })

  it('may leave out with null what it does not set', async () => {
    const body = { ...ask, data_sources: wrong({ filter: null, query_type: 'simple' }), stream_options: null }
    expect((await testSimulator().post(path, body)).status).toBe(200)
  })
})

describe('own data in the form of 2023', () => {
  const path = '/openai/deployments/gpt-4o/extensions/chat/completions?api-version=2023-12-01-preview'
  const body = {
    dataSources: [
      { type: 'AzureCognitiveSearch', parameters: { endpoint: 'https://a.example', key: 'k', indexName: 'i' } },
    ],
    messages: [{ role: 'user', content: 'What do you sell?' }],
  }

  it('has what was found in a message of a tool (recorded February 2024)', async () => {
    const answer = await testSimulator().post(path, body)
    expect(answer.status).toBe(200)
    const told = (await answer.json()) as {
      id: string
      choices: { message: { context: { messages: { content: string }[] } } }[]
    }
    expect(Object.keys(told).join()).toBe('id,model,created,object,choices,usage')
    const [{ message } = { message: undefined }] = told.choices
    expect(Object.keys(told.choices[0]!).join()).toBe('index,finish_reason,message')
    expect(Object.keys(message!).join()).toBe('role,content,end_turn,context')
    const [tool] = message!.context.messages
    expect(Object.keys(tool!).join()).toBe('role,content,end_turn')
    expect(tool!.content).toMatch(/^\{"citations": \[\{"content": "/)
    expect(JSON.parse(tool!.content)).toMatchObject({ intent: '["What do you sell?"]' })
  })

  it('tells it first in a stream', async () => {
    const text = await (await testSimulator().post(path, { ...body, stream: true })).text()
    expect(text.split('\n\n')[0]).toContain('"delta":{"role":"assistant","context":{"messages":[{"role":"tool"')
    expect(text).not.toContain('system_fingerprint')
  })

  it('needs its sources', async () => {
    const answer = await testSimulator().post(path, { messages: body.messages })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('dataSources')
  })
})
