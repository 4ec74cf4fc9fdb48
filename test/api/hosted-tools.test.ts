import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { toFile } from 'openai'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { testSimulator } from '../support/simulator.ts'

const model = 'gpt-4.1-mini'

const kindsOf = async (stream: AsyncIterable<ResponseStreamEvent>) => {
  const kinds: string[] = []
  for await (const { type } of stream) if (type !== kinds.at(-1)) kinds.push(type)
  return kinds
}

describe("a tool of the service's", () => {
  it('searches the web, and the text cites what was found', async () => {
    const client = testSimulator().v1()
    const ask = { model, input: 'What is new?', tools: [{ type: 'web_search_preview' as const }] }
    const response = await client.responses.create(ask)
    const [search, message] = response.output
    expect(search).toMatchObject({ type: 'web_search_call', status: 'completed', action: { query: 'What is new?' } })
    if (message?.type !== 'message' || message.content[0]?.type !== 'output_text') throw new Error('no text')
    const [{ text, annotations }] = message.content
    expect(annotations).toMatchObject([{ type: 'url_citation', end_index: text.length }])
    expect(response.tools).toMatchObject([{ search_context_size: 'medium', user_location: { country: 'US' } }])
    // What the tool brings into the prompt.
    expect(response.usage!.input_tokens).toBeGreaterThan(4_000)

    const stream = client.responses.stream(ask)
    const kinds = await kindsOf(stream)
    expect(kinds.slice(2, 7)).toEqual([
      'response.output_item.added',
      'response.web_search_call.in_progress',
      'response.web_search_call.searching',
      'response.web_search_call.completed',
      'response.output_item.done',
    ])
    expect(kinds).toContain('response.output_text.annotation.added')
    expect((await stream.finalResponse()).output.map(({ type }) => type)).toEqual(['web_search_call', 'message'])
  })

  it('runs code, and tells what it printed where that is asked for', async () => {
    const client = testSimulator().v1()
    const tools = [{ type: 'code_interpreter' as const, container: { type: 'auto' as const } }]
    const ask = { model, input: 'Add some numbers.', tools }
    const told = await client.responses.create({ ...ask, include: ['code_interpreter_call.outputs'] })
    const [call] = told.output
    if (call?.type !== 'code_interpreter_call') throw new Error('no call')
    const values = JSON.parse(/values = (\[.*?\])/.exec(call.code ?? '')?.[1] ?? '') as number[]
    expect(call.outputs).toEqual([
      {
        type: 'logs',
        logs: `Values: [${values.join(', ')}]\nSum: ${values.reduce((a, b) => a + b)}\nLargest: ${Math.max(...values)}\n`,
      },
    ])
    const written = countTokens(call.code ?? '', 'o200k_base') + countTokens(told.output_text, 'o200k_base')
    expect(told.usage!.output_tokens).toBe(written)

    const stream = client.responses.stream(ask)
    let code = ''
    stream.on('response.code_interpreter_call_code.delta', ({ delta }) => (code += delta))
    expect((await stream.finalResponse()).output[0]).toMatchObject({ code, outputs: null })
  })

  it('saves the chart or the file that code is asked for, and cites it (recorded March 2026)', async () => {
    const simulator = testSimulator()
    const client = simulator.v1()
    const tools = [{ type: 'code_interpreter' as const, container: { type: 'auto' as const } }]
    const ask = async (input: string) => {
      const { output } = await client.responses.create({ model, input, tools })
      const said = output.at(-1)
      const [part] = said?.type === 'message' ? said.content : []
      const [cited] = part?.type === 'output_text' ? part.annotations : []
      return { code: output[0], cited: cited?.type === 'container_file_citation' ? cited : undefined }
    }
    const { cited: chart } = await ask('Could you please create a bar chart of the profits?')
    expect(chart).toMatchObject({ start_index: 0, end_index: 0, filename: `${chart?.file_id}.png` })
    const content = await client.containers.files.content.retrieve(chart!.file_id, {
      container_id: chart!.container_id,
    })
    expect(PNG.sync.read(Buffer.from(await content.arrayBuffer())).width).toBe(320)
    const { code, cited: file } = await ask('Write the values to totals.csv, please.')
    expect(code).toMatchObject({ code: expect.stringContaining('open("/mnt/data/totals.csv", "w")') as string })
    const kept = await client.containers.files.list(file!.container_id)
    expect(kept.data).toMatchObject([{ id: file!.file_id, path: '/mnt/data/totals.csv', source: 'assistant' }])
    expect((await ask('Plot the sales by month')).cited).toBeDefined()
    expect((await ask('Summarize totals.csv by code.')).cited).toBeUndefined()
    expect((await ask('What is a chart?')).cited).toBeUndefined()
    expect(simulator.errors).toEqual([])
  })

  it('saves what a rule says, and cites it where its link stands', async () => {
    const files = [{ name: 'a.txt', text: 'seven' }]
    const text = 'Here it is: [a.txt](sandbox:/mnt/data/a.txt).'
    const simulator = testSimulator({
      rules: [{ then: { text, hosted: { codeInterpreter: { code: '7', files } } } }],
    })
    const body = { model, input: 'Hi', tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] }
    type Told = { output: { content: { annotations: Record<string, unknown>[] }[] }[] }
    const answer = await simulator.post('/api/projects/p/openai/v1/responses', body)
    const [cited] = ((await answer.json()) as Told).output.at(-1)!.content[0]!.annotations
    expect(Object.keys(cited!).join()).toBe('type,container_id,file_id,start_index,end_index,filename')
    expect(cited).toMatchObject({ start_index: 20, end_index: 43, filename: 'a.txt' })
    const path = `/openai/v1/containers/${String(cited!['container_id'])}/files/${String(cited!['file_id'])}/content`
    expect(await (await simulator.request(path)).text()).toBe('seven')
  })

  it.each([
    [[{ toString: 1, valueOf: 1 }], 'vector_store_ids[0]', 'a string, but got an object'],
    [['vs_1', ['vs_2']], 'vector_store_ids[1]', 'a string, but got an array'],
    ['vs_1', 'vector_store_ids', 'an array of strings, but got a string'],
  ])('refuses ids of stores that are no texts: %j', async (ids, param, expected) => {
    const tools = [{ type: 'file_search', vector_store_ids: ids }]
    for (const checkItems of ['on', 'off']) {
      const simulator = testSimulator({ responses: { checkItems } })
      const answer = await simulator.post('/openai/v1/responses', { model: 'gpt-4.1', input: 'Hi', tools })
      const { error } = (await answer.json()) as { error: { message: string; param: string } }
      expect([answer.status, error.param]).toEqual([400, `tools[0].${param}`])
      expect(error.message).toContain(expected)
    }
  })

  it('searches files, thinks again, and cites the file', async () => {
    const response = await testSimulator({ responses: { checkItems: 'off' } })
      .v1()
      .responses.create({
        model: 'gpt-5-mini',
        input: 'What is an embedding?',
        tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }],
        include: ['file_search_call.results'],
      })
    expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'file_search_call', 'reasoning', 'message'])
    const call = response.output[1]
    if (call?.type !== 'file_search_call') throw new Error('no call')
    expect(call.results).toHaveLength(1)
    expect(response.output[3]).toMatchObject({
      content: [{ annotations: [{ type: 'file_citation', file_id: call.results?.[0]?.file_id }] }],
    })
  })

  it('counts what a search of files reads, and asks for what the question is about (six recordings, within 5 %)', async () => {
    const client = testSimulator({ files: { indexTime: '0ms' } }).v1()
    const search = async (input: string, instructions: string, text?: string) => {
      const { id } = await client.vectorStores.create({})
      if (text !== undefined) {
        const file = await client.files.create({ purpose: 'assistants', file: await toFile(Buffer.from(text), 'a.md') })
        await client.vectorStores.files.createAndPoll(id, { file_id: file.id }, { pollIntervalMs: 5 })
      }
      const tools = [{ type: 'file_search' as const, vector_store_ids: [id] }]
      const { output, usage } = await client.responses.create({ model: 'gpt-4o', input, instructions, tools })
      const call = output.find(({ type }) => type === 'file_search_call')
      return { queries: call?.type === 'file_search_call' ? call.queries : [], tokens: usage?.input_tokens ?? 0 }
    }
    // A file of 260 bytes: 1,229 tokens (March 2026). An empty store: 942, with a function of some 40 beside it (December 2025).
    const planets = await search(
      'What is the largest planet in the Solar System?',
      'You are a helpful assistant that searches uploaded files to answer questions.',
      'Jupiter is the largest planet of all. '.repeat(7).slice(0, 260),
    )
    expect(Math.abs(planets.tokens / 1_229 - 1)).toBeLessThan(0.05)
    expect(planets.queries.join()).toContain('largest planet in Solar System')
    expect(planets.queries.join()).not.toContain('??')
    const empty = await search('Find and analyze the quarterly sales report.', 'Search for data.')
    expect(Math.abs(empty.tokens / (942 - 2 * 40) - 1)).toBeLessThan(0.05)
    expect(empty.queries.length).toBeLessThanOrEqual(4)
  })

  it('draws a picture of the size that is asked for, with parts of it on the way', async () => {
    const client = testSimulator().v1()
    const tools = [{ type: 'image_generation' as const, size: '1024x1536' as const, partial_images: 2 }]
    const stream = client.responses.stream({ model, input: 'Draw a cat.', tools, tool_choice: 'required' })
    let parts = 0
    stream.on('response.image_generation_call.partial_image', ({ partial_image_b64: part }) => {
      const { width, height } = PNG.sync.read(Buffer.from(part, 'base64'))
      expect([width, height]).toEqual([1024, 1536])
      parts++
    })
    const { output, id } = await stream.finalResponse()
    expect(parts).toBe(2)
    const [call] = output
    if (call?.type !== 'image_generation_call') throw new Error('no picture')
    const { width, height } = PNG.sync.read(Buffer.from(call.result ?? '', 'base64'))
    expect([width, height]).toEqual([1024, 1536])
    // It is the same whenever it is looked at again.
    expect((await client.responses.retrieve(id)).output[0]).toEqual(call)
  })

  it('is used where it is asked for by name, beside others or not at all', async () => {
    const { responses } = testSimulator({ generate: { toolCallProbability: 0 } }).v1()
    const tools = [
      { type: 'web_search_preview' as const },
      { type: 'code_interpreter' as const, container: 'cntr_mine' },
      { type: 'function' as const, name: 'f', parameters: null, strict: null },
    ]
    const kinds = async (choice: Parameters<typeof responses.create>[0]['tool_choice']) => {
      const { output } = await responses.create({
        model,
        input: 'Go.',
        tools,
        stream: false,
        ...(choice && { tool_choice: choice }),
      })
      return output.map(({ type }) => type)
    }
    expect(await kinds({ type: 'code_interpreter' })).toEqual(['code_interpreter_call', 'message'])
    expect(await kinds({ type: 'web_search_preview' })).toEqual(['web_search_call', 'message'])
    expect(await kinds('none')).toEqual(['message'])
    expect(await kinds(undefined)).toEqual(['message'])
    await expect(kinds({ type: 'file_search' })).rejects.toMatchObject({ status: 400, param: 'tool_choice' })
    const seen = new Set<string>()
    for (let index = 0; index < 40; index++) seen.add((await kinds('required')).join())
    expect([...seen].sort()).toEqual(['code_interpreter_call,message', 'function_call', 'web_search_call,message'])
  })

  it('is left alone where there is no room for it', async () => {
    const { responses } = testSimulator().v1()
    const tools = [{ type: 'code_interpreter' as const, container: { type: 'auto' as const } }]
    const response = await responses.create({ model, input: 'Go.', tools, max_output_tokens: 16 })
    expect(response).toMatchObject({ output: [{ type: 'message' }], usage: { output_tokens: 16 } })
    const longer = await responses.create({ model, input: 'Go.', tools, max_output_tokens: 200 })
    expect(longer).toMatchObject({ usage: { output_tokens: 200 }, status: 'incomplete' })
    expect(longer.output).toHaveLength(2)
  })
})

describe('the content filter', () => {
  const rules = [
    { pattern: 'bomb', category: 'violence', source: 'prompt' },
    { answersTo: 'story', category: 'hate', severity: 'high' },
  ]

  it('refuses a prompt, and says so in the form of this API too', async () => {
    const answer = await testSimulator({ contentFilter: { rules } }).post('/openai/v1/responses', {
      model,
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'A bomb.' }] }],
    })
    expect(answer.status).toBe(400)
    const { error } = (await answer.json()) as { error: Record<string, unknown> }
    expect(error).toMatchObject({
      code: 'content_filter',
      content_filters: [
        {
          blocked: true,
          source_type: 'prompt',
          content_filter_results: { violence: { filtered: true, severity: 'medium' } },
        },
      ],
    })
  })

  it('ends an answer, which is incomplete then', async () => {
    const client = testSimulator({ contentFilter: { rules } }).v1()
    const response = await client.responses.create({ model, input: 'Tell a story.' })
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
      content_filters: [
        { blocked: false, source_type: 'prompt' },
        {
          blocked: true,
          source_type: 'completion',
          content_filter_results: { hate: { filtered: true, severity: 'high' } },
        },
      ],
    })
    const kinds = await kindsOf(await client.responses.create({ model, input: 'Tell a story.', stream: true }))
    expect(kinds.at(-1)).toBe('response.incomplete')
    expect((await client.responses.create({ model, input: 'Hello.' })).status).toBe('completed')
  })
})

describe('likelihoods', () => {
  it('are told of each token of a text, whole and streamed alike', async () => {
    const client = testSimulator({ seed: 3 }).v1()
    const ask = {
      model,
      input: 'Hello.',
      max_output_tokens: 16,
      top_logprobs: 2,
      include: ['message.output_text.logprobs' as const],
    }
    const response = await client.responses.create(ask)
    const [message] = response.output
    if (message?.type !== 'message' || message.content[0]?.type !== 'output_text') throw new Error('no text')
    const { logprobs = [] } = message.content[0]
    expect(logprobs.map(({ token }) => token).join('')).toBe(response.output_text)
    for (const { logprob, top_logprobs: top, token, bytes } of logprobs) {
      expect(logprob).toBeLessThanOrEqual(0)
      expect(top).toHaveLength(2)
      expect(Buffer.from(bytes).toString()).toBe(token)
    }
    const deltas: unknown[] = []
    const stream = client.responses.stream(ask)
    stream.on('response.output_text.delta', ({ logprobs: told }) => deltas.push(...told))
    const final = await stream.finalResponse()
    expect(final.output[0]).toMatchObject({ content: [{ logprobs: deltas }] })
  })
})

describe('what a request of Responses asks for in vain', () => {
  it('is logged once for each', async () => {
    const said: string[] = []
    const log = { debug() {}, info() {}, warn: (text: string) => void said.push(text), error() {} }
    const { responses } = testSimulator({}, { log }).v1()
    for (let time = 0; time < 2; time++) {
      await responses.create({
        model: 'gpt-4.1',
        input: 'hi',
        tools: [{ type: 'tool_search' }, { type: 'web_search_preview' }],
      })
      await responses.create({ model: 'gpt-4.1', input: 'hi', tools: [{ type: 'programmatic_tool_calling' }] })
    }
    await responses.create({ model: 'gpt-4.1', input: 'hi' })
    expect(said.filter((text) => text.includes('changes nothing'))).toEqual([
      expect.stringContaining('A tool of type tool_search of Responses_Create is taken'),
      expect.stringContaining('A tool of type programmatic_tool_calling of Responses_Create is taken'),
    ])
  })
})
