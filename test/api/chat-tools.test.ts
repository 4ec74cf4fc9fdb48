import { Ajv2020 } from 'ajv/dist/2020.js'
import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { testSimulator } from '../support/simulator.ts'

type Tool = OpenAI.Chat.ChatCompletionFunctionTool
type Message = OpenAI.Chat.ChatCompletionMessageParam

const ajv = new Ajv2020({ strict: false })
const model = 'gpt-4o-mini'
const path = `/openai/deployments/${model}/chat/completions?api-version=2024-10-21`
const messages: Message[] = [{ role: 'user', content: 'What is the temperature in San Francisco?' }]

const weather: Tool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string' },
        unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
        days: { type: 'array', items: { type: 'integer', minimum: 1, maximum: 7 }, minItems: 1 },
      },
      required: ['city', 'unit', 'days'],
    },
  },
}
const named = (name: string): Tool => ({ type: 'function', function: { name, parameters: query } })
const query = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] }
const several = ['one', 'two', 'three', 'four', 'five'].map(named)
const forced = (name: string) => ({ type: 'function' as const, function: { name } })

/** Is always called in the same way. */
const fixedInput = '{"city":"San Francisco","days":[1,2,3],"text":"as warm as it was the day before"}'
const fixed: Tool = {
  type: 'function',
  function: {
    name: 'note',
    parameters: {
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(JSON.parse(fixedInput) as object).map(([key, value]) => [key, { const: value as unknown }]),
      ),
      required: ['city', 'days', 'text'],
    },
  },
}

const callsOf = ({ choices: [choice] }: OpenAI.Chat.ChatCompletion) =>
  (choice?.message.tool_calls ?? []) as OpenAI.Chat.ChatCompletionMessageFunctionToolCall[]

/** A call with the tokens that models of the gpt-4o kind write around a single one. */
const callTokens = (name: string, input: string) =>
  countTokens(name, 'o200k_base') + countTokens(input, 'o200k_base') + 8

describe('tools', () => {
  it('are called for a question, with arguments that fit their schema', async () => {
    const client = testSimulator().azure()
    const validate = ajv.compile(weather.function.parameters as object)
    for (let seed = 1; seed <= 30; seed++) {
      const answer = await client.chat.completions.create({ model, messages, tools: [weather], seed })
      const [choice] = answer.choices
      expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: null, role: 'assistant' } })
      const [call, ...others] = callsOf(answer)
      expect(others).toEqual([])
      expect(call).toMatchObject({ type: 'function', function: { name: 'get_weather' } })
      expect(call?.id).toMatch(/^call_[0-9A-Za-z]{24}$/)
      const input = call?.function.arguments ?? ''
      expect([validate(JSON.parse(input)), input]).toEqual([true, input])
      expect(answer.usage?.completion_tokens).toBe(callTokens('get_weather', input))
    }
  })

  it('are answered in the members and the order of the recorded answer', async () => {
    const text = await (await testSimulator().post(path, { messages, tools: [named('search')] })).text()
    const call =
      '\\{"function":\\{"arguments":"\\{\\\\"query\\\\":.*\\}","name":"search"\\},"id":"call_.{24}","type":"function"\\}'
    expect(text).toMatch(
      new RegExp(
        '^\\{"choices":\\[\\{"content_filter_results":\\{\\},"finish_reason":"tool_calls","index":0,"logprobs":null,' +
          `"message":\\{"annotations":\\[\\],"content":null,"refusal":null,"role":"assistant","tool_calls":\\[${call}\\]\\}\\}\\],"created":`,
      ),
    )
  })

  it('say the same again for the same seed', async () => {
    const client = testSimulator().azure()
    const ask = async (seed: number) =>
      callsOf(await client.chat.completions.create({ model, messages, tools: [weather], seed }))[0]
    const [first, again, other] = [await ask(1), await ask(1), await ask(2)]
    expect(again?.function).toEqual(first?.function)
    expect(again?.id).not.toBe(first?.id)
    expect(other?.function).not.toEqual(first?.function)
  })

  it.each([
    ['none', 'none' as const, undefined],
    ['one by name', forced('three'), { name: 'three', reason: 'stop' }],
    ['one that must be', 'required' as const, { reason: 'tool_calls' }],
    [
      'one of those allowed',
      { type: 'allowed_tools' as const, allowed_tools: { mode: 'required' as const, tools: [{ ...forced('two') }] } },
      { name: 'two', reason: 'tool_calls' },
    ],
  ])('follow tool_choice: %s', async (_, choice, expected) => {
    const client = testSimulator().v1()
    for (let seed = 1; seed <= 8; seed++) {
      const answer = await client.chat.completions.create({
        model,
        messages,
        tools: several,
        tool_choice: choice,
        seed,
      })
      const calls = callsOf(answer)
      if (!expected) {
        expect(answer.choices[0]).toMatchObject({
          finish_reason: 'stop',
          message: { content: expect.any(String) as string },
        })
        expect(calls).toEqual([])
        continue
      }
      expect(answer.choices[0]?.finish_reason).toBe(expected.reason)
      expect(calls.length).toBeGreaterThan(0)
      if ('name' in expected) expect(calls.map((call) => call.function.name)).toEqual([expected.name])
    }
  })

  it('are called as often as the setting says, where the request leaves it open', async () => {
    const calls = async (toolCallProbability: number, choice: 'auto' | 'required') => {
      const client = testSimulator({ generate: { toolCallProbability } }).v1()
      let count = 0
      for (let seed = 1; seed <= 40; seed++) {
        const answer = await client.chat.completions.create({
          model,
          messages,
          tools: [weather],
          tool_choice: choice,
          seed,
        })
        count += callsOf(answer).length
      }
      return count
    }
    expect(await calls(0, 'auto')).toBe(0)
    expect(await calls(0, 'required')).toBe(40)
    const half = await calls(0.5, 'auto')
    expect(half).toBeGreaterThan(8)
    expect(half).toBeLessThan(32)
  })

  it('can be set while it runs', async () => {
    const simulator = testSimulator()
    simulator.patch({ generate: { tool_call_probability: 0 } })
    const answer = await simulator.v1().chat.completions.create({ model, messages, tools: [weather] })
    expect(callsOf(answer)).toEqual([])
  })

  const call = { id: 'call_1', type: 'function' as const, function: { name: 'get_weather', arguments: '{}' } }
  const asked: Message[] = [...messages, { role: 'assistant', content: null, tool_calls: [call] }]
  const answered: Message[] = [...asked, { role: 'tool', tool_call_id: 'call_1', content: '18 degrees' }]

  it.each([
    ['the result of a call', answered, 0],
    ['a remark of a framework behind it', [...answered, { role: 'user' as const, content: 'Analyze the result.' }], 0],
    [
      'a further question',
      [
        ...answered,
        { role: 'assistant' as const, content: 'It is 18.' },
        { role: 'user' as const, content: 'And now?' },
      ],
      1,
    ],
  ])('after %s', async (_, conversation, expected) => {
    const client = testSimulator().v1()
    const answer = await client.chat.completions.create({ model, messages: conversation, tools: [weather] })
    expect(callsOf(answer)).toHaveLength(expected)
    expect(answer.choices[0]?.finish_reason).toBe(expected ? 'tool_calls' : 'stop')
  })

  it('run in the SDK’s loop, which ends', async () => {
    const given: unknown[] = []
    const runner = testSimulator()
      .azure()
      .chat.completions.runTools({
        model,
        messages,
        tools: [
          {
            type: 'function',
            function: {
              name: 'get_weather',
              description: 'The weather of a city.',
              parameters: weather.function.parameters as object,
              parse: JSON.parse as (text: string) => { city: string },
              function: (input: { city: string }) => {
                given.push(input)
                return '18 degrees'
              },
            },
          },
        ],
      })
    const content = await runner.finalContent()
    expect(content?.length).toBeGreaterThan(0)
    expect(given).toHaveLength(1)
    expect(given[0]).toHaveProperty('city')
    expect(runner.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant'])
  })

  it('run in the SDK’s loop as streams, too', async () => {
    const runner = testSimulator()
      .v1()
      .chat.completions.runTools({
        model,
        messages,
        stream: true,
        tools: [
          {
            type: 'function',
            function: { name: 'now', description: 'The time.', parameters: query, function: () => 'noon' },
          },
        ],
      })
    expect((await runner.finalContent())?.length).toBeGreaterThan(0)
    expect(runner.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant'])
  })
})

describe('parallel calls', () => {
  const ask = (parallel: boolean | undefined, seed: number) =>
    testSimulator()
      .v1()
      .chat.completions.create({
        model,
        messages,
        tools: several,
        seed,
        ...(parallel === undefined ? {} : { parallel_tool_calls: parallel }),
      })

  it('come at times, each of another tool, with spaces in their arguments', async () => {
    const counts = new Set<number>()
    for (let seed = 1; seed <= 40; seed++) {
      const answer = await ask(undefined, seed)
      const calls = callsOf(answer)
      counts.add(calls.length)
      expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length)
      expect(new Set(calls.map((call) => call.function.name)).size).toBe(calls.length)
      for (const { function: called } of calls)
        expect(called.arguments).toMatch(calls.length > 1 ? /^\{"query": "/ : /^\{"query":"/)
      const plain = calls.reduce((sum, { function: called }) => sum + callTokens(called.name, called.arguments), 0)
      expect(answer.usage?.completion_tokens).toBe(plain + (calls.length > 1 ? 11 : 0))
    }
    expect(counts.has(1)).toBe(true)
    expect([...counts].some((count) => count > 1)).toBe(true)
  })

  it('do not come where they are not wanted', async () => {
    for (let seed = 1; seed <= 40; seed++) expect(callsOf(await ask(false, seed))).toHaveLength(1)
  })
})

describe('a stream of calls', () => {
  type Chunk = {
    readonly id: string
    readonly usage?: { readonly completion_tokens: number } | null
    readonly choices: readonly {
      readonly index: number
      readonly delta: Record<string, unknown>
      readonly finish_reason: string | null
      content_filter_results: unknown
    }[]
  }

  const streamOf = async (body: object): Promise<Chunk[]> => {
    const answer = await testSimulator().post(path, {
      messages,
      stream: true,
      stream_options: { include_usage: true },
      ...body,
    })
    const text = await answer.text()
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    const events = text.split('\n\n').slice(0, -2)
    return events.map((event) => JSON.parse(event.slice('data: '.length)) as Chunk)
  }

  it('begins with id and name and goes on one token a chunk, as recorded', async () => {
    const [filter, first, ...rest] = await streamOf({ tools: [weather] })
    const usage = rest.pop()
    const last = rest.pop()
    expect(filter?.choices).toEqual([])
    expect(JSON.stringify(first?.choices[0])).toMatch(
      /^\{"content_filter_results":\{\},"delta":\{"content":null,"refusal":null,"role":"assistant","tool_calls":\[\{"function":\{"arguments":"","name":"get_weather"\},"id":"call_.{24}","index":0,"type":"function"\}\]\},"finish_reason":null,"index":0,"logprobs":null\}$/,
    )
    const pieces = rest.map(({ choices: [choice] }) => {
      expect(Object.keys(choice?.delta ?? {})).toEqual(['tool_calls'])
      expect(choice?.content_filter_results).toEqual({})
      const [call] = choice?.delta['tool_calls'] as { index: number; function: { arguments: string } }[]
      expect(JSON.stringify(call)).toBe(
        `{"function":{"arguments":${JSON.stringify(call?.function.arguments)}},"index":0}`,
      )
      return call?.function.arguments ?? ''
    })
    expect(pieces.every((piece) => countTokens(piece, 'o200k_base') === 1)).toBe(true)
    expect(ajv.validate(weather.function.parameters as object, JSON.parse(pieces.join('')))).toBe(true)
    expect(last?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'tool_calls', content_filter_results: {} })
    expect(usage?.usage?.completion_tokens).toBe(callTokens('get_weather', pieces.join('')))
  })

  it('is padded to the recorded lengths', async () => {
    for (const chunk of (await streamOf({ tools: several, seed: 4 })).slice(1))
      expect(JSON.stringify(chunk).length % 16).toBe(chunk.choices.length === 0 ? 1 : 13)
  })

  it('is put together by the SDK into calls with whole arguments', async () => {
    const client = testSimulator().v1()
    for (let seed = 1; seed <= 20; seed++) {
      const stream = client.chat.completions.stream({ model, messages, tools: several, seed })
      const answer = await stream.finalChatCompletion()
      expect(answer.choices[0]?.finish_reason).toBe('tool_calls')
      expect(callsOf(answer).length).toBeGreaterThan(0)
      for (const call of callsOf(answer)) {
        expect(several.map((tool) => tool.function.name)).toContain(call.function.name)
        expect(ajv.validate(query, JSON.parse(call.function.arguments))).toBe(true)
      }
    }
  })

  it('has each parallel call with an index, an id and a name once', async () => {
    let parallel = 0
    for (let seed = 1; seed <= 20; seed++) {
      const chunks = await streamOf({ tools: several, seed })
      const deltas = chunks.slice(1, -2).map(({ choices }) => choices[0]?.delta ?? {})
      const openings = deltas
        .flatMap((delta) => (delta['tool_calls'] as { index: number; id?: string; type?: string }[] | undefined) ?? [])
        .filter(({ id }) => id !== undefined)
      if (openings.length < 2) continue
      parallel++
      expect(deltas[0]).toEqual({ content: null, refusal: null, role: 'assistant' })
      expect(openings.map(({ index }) => index)).toEqual(openings.map((_, at) => at))
      expect(deltas.filter((delta) => 'role' in delta)).toHaveLength(1)
    }
    expect(parallel).toBeGreaterThan(0)
  })

  it('keeps several choices apart, calls and texts', async () => {
    const client = testSimulator({ generate: { toolCallProbability: 0.5 } }).v1()
    const body = { model, messages, tools: [fixed], n: 12, seed: 3 }
    const whole = await client.chat.completions.create(body)
    const stream = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } })
    for (const { choices, usage } of [whole, await stream.finalChatCompletion()]) {
      expect(choices.map(({ index }) => index).sort((one, other) => one - other)).toEqual([...Array(12).keys()])
      expect(new Set(choices.map((choice) => choice.finish_reason))).toEqual(new Set(['stop', 'tool_calls']))
      let tokens = 0
      for (const { message, finish_reason: reason } of choices) {
        tokens += reason === 'stop' ? countTokens(message.content ?? '', 'o200k_base') : callTokens('note', fixedInput)
        if (reason === 'stop') expect(message.tool_calls ?? []).toEqual([])
        else expect(message).toMatchObject({ content: null, tool_calls: [{ function: { arguments: fixedInput } }] })
      }
      expect(usage?.completion_tokens).toBe(tokens)
    }
  })
})

describe('calls that a limit cuts off', () => {
  it.each([1, 9, 12, 15])('end with length after %i tokens, whole and streamed', async (limit) => {
    const client = testSimulator().v1()
    const body = { model, messages, tools: [fixed], max_tokens: limit }
    const answer = await client.chat.completions.create(body)
    expect(answer.choices[0]?.finish_reason).toBe('length')
    expect(answer.usage?.completion_tokens).toBe(limit)
    const input = callsOf(answer)[0]?.function.arguments ?? ''
    expect(fixedInput.startsWith(input)).toBe(true)
    expect(countTokens(input, 'o200k_base')).toBe(Math.max(0, limit - callTokens('note', '')))

    let streamed = ''
    for await (const { choices } of await client.chat.completions.create({ ...body, stream: true }))
      streamed += choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? ''
    expect(streamed).toBe(input)
  })
})

describe('legacy functions', () => {
  const functions = [{ name: 'search', parameters: query }]

  it('are called in their own form', async () => {
    const client = testSimulator().azure()
    const answer = await client.chat.completions.create({ model, messages, functions })
    const [choice] = answer.choices
    expect(choice?.finish_reason).toBe('function_call')
    expect(choice?.message).toMatchObject({ content: null, function_call: { name: 'search' } })
    expect(JSON.parse(choice?.message.function_call?.arguments ?? '')).toHaveProperty('query')
    expect(Object.keys(choice?.message ?? {})).toEqual(['annotations', 'content', 'function_call', 'refusal', 'role'])
  })

  it('are streamed in their own form', async () => {
    let name = ''
    let input = ''
    for await (const { choices } of await testSimulator()
      .azure()
      .chat.completions.create({ model, messages, functions, function_call: { name: 'search' }, stream: true })) {
      name += choices[0]?.delta.function_call?.name ?? ''
      input += choices[0]?.delta.function_call?.arguments ?? ''
      if (choices[0]?.finish_reason) expect(choices[0].finish_reason).toBe('stop')
    }
    expect(name).toBe('search')
    expect(JSON.parse(input)).toHaveProperty('query')
  })

  it('are left alone where none is wanted, and after a result', async () => {
    const client = testSimulator().azure()
    const without = await client.chat.completions.create({ model, messages, functions, function_call: 'none' })
    expect(without.choices[0]?.message.function_call).toBeUndefined()
    const after = await client.chat.completions.create({
      model,
      messages: [
        ...messages,
        { role: 'assistant', content: null, function_call: { name: 'search', arguments: '{}' } },
        { role: 'function', name: 'search', content: 'found' },
      ],
      functions,
    })
    expect(after.choices[0]?.finish_reason).toBe('stop')
  })
})

describe('custom tools', () => {
  it('are called with a text', async () => {
    const answer = await testSimulator()
      .v1()
      .chat.completions.create({ model: 'gpt-5', messages, tools: [{ type: 'custom', custom: { name: 'run' } }] })
    expect(answer.choices[0]?.message.tool_calls).toMatchObject([
      { type: 'custom', custom: { name: 'run', input: expect.stringMatching(/./) as string } },
    ])
  })
})

describe('tools that the service refuses', () => {
  const parameters = { type: 'object', properties: {} }
  const tools = [{ type: 'function', function: { name: 'f', parameters } }]
  const with_ = (definition: object) => ({ tools: [{ type: 'function', function: { name: 'f', ...definition } }] })
  const tool = { role: 'tool', tool_call_id: 'call_1', content: 'x' }
  const calling = {
    role: 'assistant',
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
  }

  it.each([
    [
      { tools: [] },
      "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      'tools',
      'empty_array',
    ],
    [
      { tools: [{ type: 'function' }] },
      "Missing required parameter: 'tools[0].function'.",
      'tools[0].function',
      'missing_required_parameter',
    ],
    [
      { tools: [{ type: 'function', function: {} }] },
      "Missing required parameter: 'tools[0].function.name'.",
      'tools[0].function.name',
      'missing_required_parameter',
    ],
    [
      { tools: [{ type: 'function', function: { name: 'a b' } }] },
      "Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
      'tools[0].function.name',
      'invalid_value',
    ],
    [
      { tool_choice: 'auto' },
      "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
      'tool_choice',
      null,
    ],
    [
      { parallel_tool_calls: true },
      "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
      'parallel_tool_calls',
      null,
    ],
    [
      { tools, tool_choice: 'bogus' },
      "Invalid value: 'bogus'. Supported values are: 'none', 'auto', and 'required'.",
      'tool_choice',
      'invalid_value',
    ],
    [
      { tools, tool_choice: 7 },
      "Invalid type for 'tool_choice': expected one of one of 'none', 'auto', or 'required' or object, but got an integer instead.",
      'tool_choice',
      'invalid_type',
    ],
    [
      { tools, tool_choice: { type: 'function' } },
      "Missing required parameter: 'tool_choice.function'.",
      'tool_choice.function',
      'missing_required_parameter',
    ],
    [
      { tools, tool_choice: { type: 'function', function: {} } },
      "Missing required parameter: 'tool_choice.function.name'.",
      'tool_choice.function.name',
      'missing_required_parameter',
    ],
    [
      { tools, tool_choice: forced('g') },
      "Invalid value for 'function_call': no function named 'g' was specified in the 'functions' parameter.",
      'function_call',
      null,
    ],
    [
      with_({ parameters: { type: 'string' } }),
      "Invalid schema for function 'f': schema must be a JSON Schema of 'type: \"object\"', got 'type: \"string\"'.",
      'tools[0].function.parameters',
      'invalid_function_parameters',
    ],
    [
      with_({ parameters: { type: 'object' } }),
      "Invalid schema for function 'f': In context=(), object schema missing properties.",
      'tools[0].function.parameters',
      'invalid_function_parameters',
    ],
    [
      with_({ parameters: { type: 'object', properties: { a: { type: 'array' } } } }),
      "Invalid schema for function 'f': In context=('properties', 'a'), array schema missing items.",
      'tools[0].function.parameters',
      'invalid_function_parameters',
    ],
    [
      with_({ strict: true, parameters }),
      "Invalid schema for function 'f': In context=(), 'additionalProperties' is required to be supplied and to be false.",
      'tools[0].function.parameters',
      'invalid_function_parameters',
    ],
    [
      { messages: [...messages, tool] },
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
      'messages.[1].role',
      null,
    ],
    [
      { messages: [...messages, calling, ...messages] },
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: call_1",
      'messages.[2].role',
      null,
    ],
  ])('%j', async (body, message, param, code) => {
    const answer = await testSimulator().post(path, { messages, ...body })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ error: { message, type: 'invalid_request_error', param, code } })
  })

  it.each([{}, { parameters: {} }, { parameters: null }])('takes a function without parameters: %j', async (more) => {
    const answer = await testSimulator().post(path, { messages, ...with_(more) })
    const { choices } = (await answer.json()) as OpenAI.Chat.ChatCompletion
    expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'f', arguments: '{}' } })
  })

  it('takes several results of several calls in any order', async () => {
    const two = { ...calling, tool_calls: [calling.tool_calls[0], { ...calling.tool_calls[0], id: 'call_2' }] }
    const results = [{ ...tool, tool_call_id: 'call_2' }, tool]
    const answer = await testSimulator().post(path, { messages: [...messages, two, ...results], tools })
    expect(answer.status).toBe(200)
  })
})
