/** What the messages of a chat completion must be, as users quote the service's refusals (2023-2026). */
import { describe, expect, it } from 'vitest'
import { png } from '../support/picture.ts'
import { testSimulator } from '../support/simulator.ts'

const user = { role: 'user', content: 'Hi' }
const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }
const calling = { role: 'assistant', tool_calls: [call] }
const result = { role: 'tool', tool_call_id: 'call_1', content: 'x' }
const long = 'x'.repeat(65)
const noContent = "Invalid value for 'content': expected a string, got null."
const pattern = "string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."
const tooLong = (path: string, most: number, found: number) =>
  `Invalid '${path}': string too long. Expected a string with maximum length ${most}, but got a string with length ${found} instead.`

const ask = (body: object, model = 'gpt-4o') =>
  testSimulator().post(`/openai/deployments/${model}/chat/completions?api-version=2025-04-01-preview`, body)
const refusal = async (body: object, model?: string) => {
  const answer = await ask(body, model)
  const { error } = (await answer.json()) as { error?: Record<string, unknown> }
  return [answer.status, error?.['message'], error?.['param'], error?.['code']]
}

describe('the messages of a chat completion', () => {
  const rows: readonly (readonly [object[], string, string, string | null])[] = [
    ...['user', 'system', 'developer', 'assistant'].flatMap((role): [object[], string, string, null][] => [
      [[{ role, content: null }], noContent, 'messages.[0].content', null],
      [[user, { role }], noContent, 'messages.[1].content', null],
    ]),
    [[user, calling, { role: 'tool', tool_call_id: 'call_1' }], noContent, 'messages.[2].content', null],
    [[{ role: 'function', name: 'f' }], noContent, 'messages.[0].content', null],
    [[{ ...user, name: 'John Doe' }], `Invalid 'messages[0].name': ${pattern}`, 'messages[0].name', 'invalid_value'],
    [[{ ...user, name: long }], tooLong('messages[0].name', 64, 65), 'messages[0].name', 'string_above_max_length'],
    [
      [user, { ...calling, tool_calls: [{ ...call, id: 'c'.repeat(41) }] }],
      tooLong('messages[1].tool_calls[0].id', 40, 41),
      'messages[1].tool_calls[0].id',
      'string_above_max_length',
    ],
    [
      [user, calling, { ...result, tool_call_id: 'c'.repeat(41) }],
      tooLong('messages[2].tool_call_id', 40, 41),
      'messages[2].tool_call_id',
      'string_above_max_length',
    ],
    [
      [user, { ...calling, tool_calls: [{ ...call, function: { name: 'a.b', arguments: '' } }] }],
      `Invalid 'messages[1].tool_calls[0].function.name': ${pattern}`,
      'messages[1].tool_calls[0].function.name',
      'invalid_value',
    ],
    [
      [user, { ...calling, tool_calls: [{ ...call, function: { arguments: '{}' } }] }],
      "Missing required parameter: 'messages[1].tool_calls[0].function.name'.",
      'messages[1].tool_calls[0].function.name',
      'missing_required_parameter',
    ],
    [
      [user, { ...calling, tool_calls: [{ ...call, function: { name: 'f' } }] }],
      "Missing required parameter: 'messages[1].tool_calls[0].function.arguments'.",
      'messages[1].tool_calls[0].function.arguments',
      'missing_required_parameter',
    ],
    [
      [user, { ...calling, tool_calls: [{ id: 'call_1', type: 'function' }] }],
      "Missing required parameter: 'messages[1].tool_calls[0].function'.",
      'messages[1].tool_calls[0].function',
      'missing_required_parameter',
    ],
    [
      [user, { role: 'assistant', function_call: { name: 'f' } }],
      "Missing required parameter: 'messages[1].function_call.arguments'.",
      'messages[1].function_call.arguments',
      'missing_required_parameter',
    ],
    [
      [user, calling, { role: 'tool', content: 'x' }],
      "Missing parameter 'tool_call_id': messages with role 'tool' must have a 'tool_call_id'.",
      'messages.[2].tool_call_id',
      null,
    ],
    [
      [user, { role: 'function', content: 'x' }],
      "Missing parameter 'name': messages with role 'function' must have a 'name'.",
      'messages.[1].name',
      null,
    ],
    [
      [user, calling, { ...result, tool_call_id: 'call_2' }],
      "Invalid parameter: 'tool_call_id' of 'call_2' not found in 'tool_calls' of previous message.",
      'messages.[2].tool_call_id',
      null,
    ],
    [
      [user, calling],
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: call_1",
      'messages.[1].role',
      null,
    ],
    [
      [{ role: 'system', content: [{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }] }, user],
      "Invalid 'messages[0]'. Image URLs are only allowed for messages with role 'user', but this message with role 'system' contains an image URL.",
      'messages[0]',
      'invalid_value',
    ],
  ]
  it.each(rows)('are refused: %j', async (messages, message, param, code) => {
    expect(await refusal({ messages })).toEqual([400, message, param, code])
  })

  it.each([
    [[user, calling, result]],
    [[user, { role: 'assistant', content: null, refusal: 'No.' }, user]],
    [[user, { role: 'assistant', function_call: call.function }, { role: 'function', name: 'f', content: 'x' }]],
    [[user, { role: 'assistant', content: '' }, { ...user, name: 'John_Doe-1' }]],
  ])('are taken: %j', async (messages) => {
    expect((await ask({ messages })).status).toBe(200)
  })
})

const holding = (...content: object[]) => ({ messages: [{ role: 'user', content }] })
const picture = (url: string) =>
  holding({ type: 'text', text: 'What is it?' }, { type: 'image_url', image_url: { url } })
const inData = (type: string, bytes: Buffer) => `data:${type};base64,${bytes.toString('base64')}`
const unsupported =
  "You uploaded an unsupported image. Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp']."

describe('pictures of a chat completion', () => {
  it.each([
    'iVBORw0KGgo=',
    'not a url',
    'ftp://a.example/b.png',
    '',
    'data:image/png,abc',
    'data:image/png;base64,',
    'http://',
  ])('are refused where %j is no address of one', async (url) => {
    const answer = await ask(picture(url))
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({
      error: {
        code: 'BadRequest',
        message: 'Invalid image URL. The URL must be a valid HTTP or HTTPS URL, or a data URL with base64 encoding.',
        param: null,
        type: null,
      },
    })
  })

  it.each([
    ['no picture', inData('image/png', Buffer.from('this is a text and no picture')), unsupported],
    ['one of a type that is not taken', inData('image/bmp', Buffer.from('BM0000000000000')), unsupported],
    ['no picture’s type', inData('text/plain', png(8, 8)), 'Invalid MIME type. Only image types are supported.'],
  ])('are refused where the data is %s', async (_, url, message) => {
    expect(await refusal(picture(url))).toEqual([400, message, null, 'invalid_image_format'])
  })

  it.each([
    inData('image/png', png(8, 8)),
    inData('image/png', Buffer.from('GIF89a\x01\x00\x01\x00', 'latin1')),
    inData('image/webp', Buffer.from('RIFF0000WEBPVP8 ', 'latin1')),
    inData('image/jpeg', Buffer.from('ffd8ffe000104a46', 'hex')),
    'https://a.example/b.png?x=1',
  ])('are taken: %s', async (url) => {
    expect((await ask(picture(url))).status).toBe(200)
  })
})

describe('files of a chat completion', () => {
  const file = { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjQK' } }

  it.each(['gpt-5-mini', 'gpt-5', 'gpt-35-turbo', 'o3-mini'])('are refused by %s', async (model) => {
    expect(await refusal(holding({ type: 'text', text: 'Read it.' }, file), model)).toEqual([
      400,
      "Invalid Value: 'file'. This model does not support file content types.",
      'messages[0].content[1].type',
      'invalid_value',
    ])
  })

  it.each(['gpt-4o', 'gpt-4.1-mini'])('are taken by %s', async (model) => {
    expect((await ask(holding(file), model)).status).toBe(200)
  })
})

describe('tools of a chat completion', () => {
  const tools = (parameters: object = { type: 'object', properties: {} }) => [
    { type: 'function', function: { name: 'f', parameters } },
  ]
  const atTop =
    "Invalid schema for function 'f': schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'const'/'not' at the top level."

  it.each([
    { type: 'object', properties: {}, oneOf: [{ required: [] }] },
    { anyOf: [{ type: 'object', properties: {} }] },
    { type: 'object', properties: {}, allOf: [{}] },
    { type: 'object', properties: {}, enum: [{}] },
    { type: 'object', properties: {}, not: {} },
  ])('have no combinator at the top of their parameters: %j', async (parameters) => {
    for (const model of ['gpt-4o', 'gpt-5'])
      expect(await refusal({ messages: [user], tools: tools(parameters) }, model)).toEqual([
        400,
        atTop,
        'tools[0].function.parameters',
        'invalid_function_parameters',
      ])
  })

  it.each(['gpt-5.4', 'gpt-5.4-mini', 'gpt-5.4-nano', 'gpt-5.5'])(
    'do not go with an effort on %s (quoted by users, 2026)',
    async (model) => {
      expect(await refusal({ messages: [user], tools: tools(), reasoning_effort: 'low' }, model)).toEqual([
        400,
        `Function tools with reasoning_effort are not supported for ${model} in /v1/chat/completions. Please use /v1/responses instead.`,
        'reasoning_effort',
        null,
      ])
      expect((await ask({ messages: [user], tools: tools(), reasoning_effort: 'none' }, model)).status).toBe(200)
    },
  )
})

describe('fields of gpt-5.6 and later', () => {
  it('refuse any temperature but the default, with and without thought (quoted, September 2026)', async () => {
    const wrong =
      "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported."
    for (const effort of [{}, { reasoning_effort: 'none' }])
      expect(await refusal({ messages: [user], temperature: 0, ...effort }, 'gpt-5.6-luna')).toEqual([
        400,
        wrong,
        'temperature',
        'unsupported_value',
      ])
  })

  it('tell what was written to the cache, and take its options (recorded September 2026)', async () => {
    const simulator = testSimulator()
    const messages = [{ role: 'user', content: 'tell me a story '.repeat(600) }]
    const usage = async (model: string, body: object = {}) => {
      const path = `/openai/deployments/${model}/chat/completions?api-version=2024-10-21`
      const answer = await simulator.post(path, { messages, max_completion_tokens: 5000, ...body })
      return ((await answer.json()) as { usage?: { prompt_tokens: number; prompt_tokens_details: object } }).usage
    }
    const first = await usage('gpt-5.6-luna', { prompt_cache_options: { mode: 'explicit' } })
    const whole = Math.floor((first?.prompt_tokens ?? 0) / 128) * 128
    expect(first?.prompt_tokens_details).toEqual({ audio_tokens: 0, cache_write_tokens: whole, cached_tokens: 0 })
    expect((await usage('gpt-5.6-luna'))?.prompt_tokens_details).toMatchObject({
      cached_tokens: whole,
      cache_write_tokens: 0,
    })
    expect((await usage('gpt-5.5'))?.prompt_tokens_details).not.toHaveProperty('cache_write_tokens')
    expect(await refusal({ messages: [user], prompt_cache_options: {} }, 'gpt-5')).toEqual([
      400,
      'Unrecognized request argument supplied: prompt_cache_options',
      null,
      null,
    ])
  })

  it('are told in Responses, too', async () => {
    const answer = await testSimulator().post('/openai/v1/responses', {
      model: 'gpt-5.6-sol',
      input: 'Hi',
      prompt_cache_options: { mode: 'explicit' },
    })
    expect(await answer.json()).toMatchObject({
      prompt_cache_options: { mode: 'explicit' },
      usage: { input_tokens_details: { cache_write_tokens: 0, cached_tokens: 0 } },
    })
  })
})
