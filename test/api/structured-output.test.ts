import { Ajv2020 } from 'ajv/dist/2020.js'
import { zodResponseFormat } from 'openai/helpers/zod'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { testSimulator } from '../support/simulator.ts'

const ajv = new Ajv2020({ strict: false })
const model = 'gpt-4o-mini'
const path = `/openai/deployments/${model}/chat/completions?api-version=2024-10-21`
const messages = [{ role: 'user' as const, content: 'Analyze the benefits of remote work, as JSON.' }]

const schema = {
  type: 'object',
  properties: {
    topic: { type: 'string' },
    key_points: { type: 'array', items: { type: 'string' }, minItems: 2 },
    verdict: { type: 'string', enum: ['good', 'bad'] },
    summary: { type: 'string' },
  },
  required: ['topic', 'key_points', 'verdict', 'summary'],
  additionalProperties: false,
}
const format = (more: object = {}) => ({
  type: 'json_schema' as const,
  json_schema: { name: 'Analysis', schema, strict: true, ...more },
})

describe('an answer by a schema', () => {
  it('is valid, compact, and has its keys in the schema’s order', async () => {
    const client = testSimulator().azure()
    const validate = ajv.compile(schema)
    for (let seed = 1; seed <= 30; seed++) {
      const answer = await client.chat.completions.create({ model, messages, response_format: format(), seed })
      const [choice] = answer.choices
      const content = choice?.message.content ?? ''
      const value = JSON.parse(content) as object
      expect([validate(value), value]).toEqual([true, value])
      expect(JSON.stringify(value)).toBe(content)
      expect(Object.keys(value)).toEqual(Object.keys(schema.properties))
      expect(choice?.finish_reason).toBe('stop')
      expect(answer.usage?.completion_tokens).toBe(countTokens(content, 'o200k_base'))
    }
  })

  it('is the same for the same seed', async () => {
    const client = testSimulator().azure()
    const ask = async (seed: number) =>
      (await client.chat.completions.create({ model, messages, response_format: format(), seed })).choices[0]?.message
        .content
    expect(await ask(1)).toBe(await ask(1))
    expect(await ask(2)).not.toBe(await ask(1))
  })

  it('is whole even when it is long', async () => {
    const long = { ...schema, properties: { ...schema.properties, summary: { type: 'string', minLength: 20_000 } } }
    const answer = await testSimulator()
      .azure()
      .chat.completions.create({ model, messages, response_format: format({ schema: long }) })
    expect(answer.choices[0]?.finish_reason).toBe('stop')
    expect(ajv.validate(long, JSON.parse(answer.choices[0]?.message.content ?? ''))).toBe(true)
    expect(answer.usage?.completion_tokens).toBeGreaterThan(2_000)
  })

  it('is cut off after exactly as many tokens as are allowed, plain and streamed', async () => {
    const client = testSimulator().azure()
    const full =
      '{"topic":"Rémote wörk 😀","key_points":["flexible   hours","no commute"],"verdict":"good","count":12345678}'
    const fixed = {
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(JSON.parse(full) as object).map(([key, value]) => [key, { const: value as unknown }]),
      ),
      required: ['topic', 'key_points', 'verdict', 'count'],
      additionalProperties: false,
    }
    const body = { model, messages, response_format: format({ schema: fixed, strict: false }) }
    const tokens = countTokens(full, 'o200k_base')
    for (let limit = 1; limit <= tokens + 1; limit++) {
      const answer = await client.chat.completions.create({ ...body, max_tokens: limit })
      const content = answer.choices[0]?.message.content ?? ''
      expect(answer.choices[0]?.finish_reason).toBe(limit < tokens ? 'length' : 'stop')
      expect(full.startsWith(content)).toBe(true)
      expect(answer.usage?.completion_tokens).toBe(Math.min(limit, tokens))
      expect([limit, countTokens(content, 'o200k_base')]).toEqual([limit, Math.min(limit, tokens)])

      let streamed = ''
      for await (const { choices } of await client.chat.completions.create({
        ...body,
        max_tokens: limit,
        stream: true,
      }))
        streamed += choices[0]?.delta.content ?? ''
      expect(streamed).toBe(content)
    }
  })

  it('is streamed one token a chunk', async () => {
    const stream = await testSimulator()
      .azure()
      .chat.completions.create({ model, messages, response_format: format(), stream: true, seed: 2 })
    const pieces: string[] = []
    for await (const { choices } of stream) if (choices[0]?.delta.content) pieces.push(choices[0].delta.content)
    expect(pieces.every((piece) => countTokens(piece, 'o200k_base') === 1)).toBe(true)
    expect(ajv.validate(schema, JSON.parse(pieces.join('')))).toBe(true)
  })

  it('ends before a stop sequence', async () => {
    const answer = await testSimulator()
      .azure()
      .chat.completions.create({ model, messages, response_format: format(), stop: ['"verdict"'] })
    const content = answer.choices[0]?.message.content ?? ''
    expect(content.endsWith('],')).toBe(true)
    expect(answer.usage?.completion_tokens).toBe(countTokens(content, 'o200k_base'))
  })

  it('comes after the result of a tool, and the call before it', async () => {
    const tools = [
      { type: 'function' as const, function: { name: 'search', parameters: { type: 'object', properties: {} } } },
    ]
    const client = testSimulator().azure()
    const first = await client.chat.completions.create({ model, messages, tools, response_format: format() })
    const [call] = first.choices[0]?.message.tool_calls ?? []
    expect(first.choices[0]?.finish_reason).toBe('tool_calls')
    const answer = await client.chat.completions.create({
      model,
      messages: [
        ...messages,
        first.choices[0]!.message,
        { role: 'tool', tool_call_id: call?.id ?? '', content: 'found' },
      ],
      tools,
      response_format: format(),
    })
    expect(ajv.validate(schema, JSON.parse(answer.choices[0]?.message.content ?? ''))).toBe(true)
  })

  it('is parsed by the SDK with a zod schema, plain and streamed', async () => {
    const Event = z.object({
      name: z.string(),
      date: z.iso.date(),
      attendees: z.array(z.object({ name: z.string(), email: z.email().nullable() })),
      kind: z.enum(['talk', 'party']),
      seats: z.int().min(10).max(20),
    })
    const client = testSimulator().azure()
    for (let seed = 1; seed <= 10; seed++) {
      const body = { model, messages, response_format: zodResponseFormat(Event, 'event'), seed }
      const answer = await client.chat.completions.parse(body)
      const parsed = answer.choices[0]?.message.parsed
      expect(Event.parse(parsed)).toEqual(parsed)
      const streamed = await client.chat.completions.stream(body).finalChatCompletion()
      const said = streamed.choices[0]?.message.parsed
      expect(Event.parse(said)).toEqual(said)
    }
  })
})

describe('other formats', () => {
  it('json_object gives an object', async () => {
    const answer = await testSimulator()
      .v1()
      .chat.completions.create({ model, messages, response_format: { type: 'json_object' } })
    const value = JSON.parse(answer.choices[0]?.message.content ?? '') as object
    expect(Object.keys(value).length).toBeGreaterThan(2)
    expect(answer.choices[0]?.finish_reason).toBe('stop')
  })

  it('text gives text', async () => {
    const answer = await testSimulator()
      .v1()
      .chat.completions.create({ model, messages, response_format: { type: 'text' }, max_tokens: 7 })
    expect(answer.usage?.completion_tokens).toBe(7)
  })
})

describe('formats that the service refuses', () => {
  /** An object in an object, so many of them. */
  const nested = (levels: number): object => ({
    type: 'object',
    properties: { a: levels > 1 ? nested(levels - 1) : { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  })
  const property = (inner: object) => ({ ...schema, properties: { a: inner }, required: ['a'] })
  const strict = (found: object) => ({ response_format: format({ schema: found }) })
  const missing = (param: string) =>
    [`Missing required parameter: '${param}'.`, param, 'missing_required_parameter'] as const
  const invalid = (demand: string) =>
    [`Invalid schema for response_format 'Analysis': ${demand}`, 'response_format', null] as const

  it.each([
    [
      { response_format: 'json' },
      "Invalid type for 'response_format': expected an object, but got a string instead.",
      'response_format',
      'invalid_type',
    ],
    [{ response_format: {} }, ...missing('response_format.type')],
    [
      { response_format: { type: 'xml' } },
      "Invalid value: 'xml'. Supported values are: 'json_object', 'json_schema', and 'text'.",
      'response_format.type',
      'invalid_value',
    ],
    [{ response_format: { type: 'json_schema' } }, ...missing('response_format.json_schema')],
    [
      { response_format: { type: 'json_schema', json_schema: { schema } } },
      ...missing('response_format.json_schema.name'),
    ],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'a' } } },
      ...missing('response_format.json_schema.schema'),
    ],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'a b', schema } } },
      "Invalid 'response_format.json_schema.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
      'response_format.json_schema.name',
      'invalid_value',
    ],
    [
      { messages: [{ role: 'user', content: 'Hi' }], response_format: { type: 'json_object' } },
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      'messages',
      null,
    ],
    [
      strict({ type: 'array', items: {} }),
      ...invalid('schema must be a JSON Schema of \'type: "object"\', got \'type: "array"\'.'),
    ],
    [
      strict({ ...schema, additionalProperties: undefined }),
      ...invalid("In context=(), 'additionalProperties' is required to be supplied and to be false."),
    ],
    [
      strict({ ...schema, required: ['topic', 'key_points', 'summary'] }),
      ...invalid(
        "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'verdict'.",
      ),
    ],
    [
      strict({ ...schema, required: [...schema.required, 'z'] }),
      ...invalid(
        "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Extra required key 'z' supplied.",
      ),
    ],
    [
      strict(property({ type: 'object', properties: {} })),
      ...invalid("In context=('properties', 'a'), 'additionalProperties' is required to be supplied and to be false."),
    ],
    [
      strict(property({ type: 'array', items: { oneOf: [] } })),
      ...invalid("In context=('properties', 'a', 'items'), 'oneOf' is not permitted."),
    ],
    [
      strict(property({ description: 'x' })),
      ...invalid("In context=('properties', 'a'), schema must have a 'type' key."),
    ],
    [strict(property({ type: 'array' })), ...invalid("In context=('properties', 'a'), array schema missing items.")],
    // Quoted by a user (July 2025).
    [strict(nested(6)), ...invalid('6 levels of nesting exceeds limit of 5.')],
    [
      strict(property({ type: 'string', enum: Array.from({ length: 1_001 }, (_, at) => `v${at}`) })),
      // Quoted by a user (October 2024), of the bound of then.
      ...invalid(
        "Expected at most 1000 enum values in total within a single schema when using structured outputs, but received 1001. Consider reducing the number of enums, or use 'strict: false' to opt out of structured outputs.",
      ),
    ],
    [
      strict(property({ anyOf: [{ type: 'null' }, { type: 'object' }] })),
      ...invalid(
        "In context=('properties', 'a', 'anyOf', '1'), 'additionalProperties' is required to be supplied and to be false.",
      ),
    ],
  ])('%j', async (body, message, param, code) => {
    const answer = await testSimulator().post(path, { messages, ...body })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ error: { message, type: 'invalid_request_error', param, code } })
  })

  it('asks a schema that is not strict for nothing', async () => {
    const loose = { type: 'object', properties: { a: { type: 'string' } } }
    const answer = await testSimulator().post(path, {
      messages,
      response_format: format({ schema: loose, strict: false }),
    })
    expect(answer.status).toBe(200)
  })

  it('knows the models that came before schemas', async () => {
    const answer = await testSimulator().post(path.replace(model, 'gpt-4'), { messages, response_format: format() })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain("'response_format' of type 'json_schema' is not supported with this model.")
  })

  it('takes a strict schema as large as may be, and a larger one that is not strict', async () => {
    const simulator = testSimulator()
    const wide = (count: number) => {
      const names = Array.from({ length: count }, (_, at) => `p${at}`)
      return {
        type: 'object',
        properties: Object.fromEntries(names.map((name) => [name, { type: 'null' }])),
        required: names,
        additionalProperties: false,
      }
    }
    const statusOf = async (schema: object, strict: boolean) => {
      const { status } = await simulator.post(path, { messages, response_format: format({ schema, strict }) })
      return status
    }
    expect([
      await statusOf(nested(5), true),
      await statusOf(nested(6), true),
      await statusOf(nested(6), false),
    ]).toEqual([200, 400, 200])
    expect(await statusOf(wide(5_000), true)).toBe(200)
    expect([await statusOf(wide(5_001), true), await statusOf(wide(5_001), false)]).toEqual([400, 200])
  })

  it('survives schemas that are made to hurt', async () => {
    const simulator = testSimulator()
    let deep: object = { type: 'string' }
    for (let level = 0; level < 2_000; level++)
      deep = { type: 'object', properties: { a: deep }, required: ['a'], additionalProperties: false }
    for (const hurting of [
      deep,
      { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$', minLength: 1e9 } } },
    ]) {
      const answer = await simulator.post(path, {
        messages,
        response_format: format({ schema: hurting, strict: false }),
      })
      expect(answer.status).toBe(200)
    }
    expect(simulator.errors).toEqual([])
  })
})

describe('what a schema leaves open', () => {
  const open = { ...schema, required: [] }
  it.each([
    [1, 4],
    [0, 0],
  ])('is given as often as `generate.optional` says: %d', async (optional, count) => {
    const client = testSimulator({ generate: { optional } }).azure()
    for (let seed = 1; seed <= 10; seed++) {
      const answer = await client.chat.completions.create({
        model,
        messages,
        response_format: format({ schema: open, strict: false }),
        seed,
      })
      expect(Object.keys(JSON.parse(answer.choices[0]?.message.content ?? '') as object)).toHaveLength(count)
    }
  })
})
