import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'
import { wav } from '../support/sound.ts'

const messages = [{ role: 'user', content: 'Tell me a joke about opentelemetry' }]
const pathOf = (model: string) => `/openai/deployments/${model}/chat/completions?api-version=2025-04-01-preview`
const send = async (model: string, body: object) => {
  const answer = await testSimulator().post(pathOf(model), { messages, ...body })
  return { status: answer.status, body: (await answer.json()) as { error?: object } }
}

const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }]
const unsupported = (param: string, rest = '') => ({
  message: `Unsupported parameter: '${param}' is not supported with this model.${rest}`,
  param,
  code: 'unsupported_parameter',
})
const withValue = (param: string, found: string, supported?: string) => ({
  message: `Unsupported value: '${param}' does not support '${found}' with this model.${supported ? ` Supported values are: ${supported}.` : ''}`,
  param,
  code: 'unsupported_value',
})
const onlyWith = (param: string, needed: string) => ({
  message: `The '${param}' parameter is only allowed when '${needed}' is enabled.`,
  param,
  code: null,
})

const image = (url = 'https://example.com/a.png') => ({ type: 'image_url', image_url: { url } })
const sound = { type: 'input_audio', input_audio: { data: wav(0.2).toString('base64'), format: 'wav' } }
const holding = (...content: object[]) => ({ messages: [{ role: 'user', content }] })

describe('what a model does not take', () => {
  it.each<[string, object, object]>([
    ['gpt-5', { max_tokens: 5 }, unsupported('max_tokens', " Use 'max_completion_tokens' instead.")],
    ['o3', { top_p: 0.5 }, unsupported('top_p')],
    ['o4-mini', { presence_penalty: 0.1 }, unsupported('presence_penalty')],
    ['gpt-5-mini', { frequency_penalty: -1 }, unsupported('frequency_penalty')],
    ['gpt-5', { logprobs: true }, unsupported('logprobs')],
    ['gpt-5', { logit_bias: { '50256': -100 } }, unsupported('logit_bias')],
    ['gpt-5', { stop: ['x'] }, unsupported('stop')],
    ['gpt-5.1', { reasoning_effort: 'low', top_p: 0.5 }, unsupported('top_p')],
    [
      'gpt-5',
      { temperature: 0.2 },
      {
        message:
          "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
        param: 'temperature',
        code: 'unsupported_value',
      },
    ],
    ['o3-mini', { tools, parallel_tool_calls: false }, unsupported('parallel_tool_calls')],
    ['o1-mini', { tools }, unsupported('tools')],
    ['o1-mini', { messages: [{ role: 'system', content: 'x' }, ...messages] }, withValue('messages[0].role', 'system')],
    [
      'gpt-4o',
      { reasoning_effort: 'low' },
      { message: 'Unrecognized request argument supplied: reasoning_effort', param: null, code: null },
    ],
    ['o3', { reasoning_effort: 'minimal' }, withValue('reasoning_effort', 'minimal', "'low', 'medium', and 'high'")],
    [
      'gpt-5',
      { reasoning_effort: 'none' },
      withValue('reasoning_effort', 'none', "'minimal', 'low', 'medium', and 'high'"),
    ],
    [
      'gpt-5.6-sol',
      { reasoning_effort: 'max' },
      withValue('reasoning_effort', 'max', "'none', 'low', 'medium', 'high', and 'xhigh'"),
    ],
    ['gpt-5.2-chat', { reasoning_effort: 'low' }, withValue('reasoning_effort', 'low', "'medium'")],
    ['gpt-4o', { verbosity: 'low' }, withValue('verbosity', 'low', "'medium'")],
    ['gpt-4o', { service_tier: 'flex' }, withValue('service_tier', 'flex')],
    ['gpt-5', { prediction: { type: 'content', content: 'x' } }, unsupported('prediction')],
    [
      'gpt-5.6-sol',
      { tools },
      {
        message:
          "Function tools with reasoning_effort are not supported for gpt-5.6-sol in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
        param: 'reasoning_effort',
        code: null,
      },
    ],
    [
      'o3-mini',
      holding(image()),
      {
        message: 'Invalid content type. image_url is only supported by certain models.',
        param: 'messages.[0].content.[0].type',
      },
    ],
    ['gpt-4o', holding({ type: 'text', text: 'x' }, sound), { param: 'messages.[0].content.[1].type' }],
    ['gpt-4o', { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }, { param: 'modalities' }],
    [
      'gpt-audio',
      {},
      {
        message: 'This model requires that either input content or output modality contain audio.',
        param: 'model',
        code: 'invalid_value',
      },
    ],
  ])('%s refuses %j in the service’s words', async (model, body, error) => {
    const answer = await send(model, body)
    expect(answer.status).toBe(400)
    expect(answer.body.error).toMatchObject({ type: 'invalid_request_error', ...error })
  })

  it.each<[string, object]>([
    ['o3', { temperature: 1, top_p: 1, presence_penalty: 0, frequency_penalty: 0, logprobs: false }],
    ['gpt-5.1', { temperature: 0.3, top_p: 0.5, presence_penalty: 1, logprobs: true, top_logprobs: 2 }],
    ['gpt-5.6-sol', { tools, reasoning_effort: 'none' }],
    ['model-router', { reasoning_effort: 'high', verbosity: 'low', temperature: 0.5 }],
    ['gpt-oss-120b', { reasoning_effort: 'low' }],
    ['gpt-5', { reasoning_effort: 'minimal', verbosity: 'high' }],
    ['gpt-5.6-sol', { service_tier: 'flex' }],
    ['gpt-4o', { verbosity: 'medium', logit_bias: { '50256': -100 }, user: 'u', safety_identifier: 's' }],
    ['gpt-4o', holding({ type: 'text', text: 'x' }, image())],
    ['gpt-audio', holding(sound)],
  ])('%s takes %j', async (model, body) => {
    expect(await send(model, { max_completion_tokens: 2_000, ...body })).toMatchObject({ status: 200 })
  })
})

describe('parameters', () => {
  it.each<[object, object]>([
    [{ top_logprobs: 1 }, onlyWith('top_logprobs', 'logprobs')],
    [{ metadata: { a: 'b' } }, onlyWith('metadata', 'store')],
    [{ stream_options: { include_usage: true } }, onlyWith('stream_options', 'stream')],
    [
      { max_tokens: 1, max_completion_tokens: 1 },
      {
        message: "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
        param: 'max_tokens',
        code: 'invalid_parameter_combination',
      },
    ],
    [
      { store: true, metadata: Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`k${at}`, 'v'])) },
      {
        message:
          "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with 17 properties instead.",
        code: 'object_above_max_properties',
      },
    ],
    [
      { store: true, metadata: { k: 'x'.repeat(600) } },
      {
        message:
          "Invalid 'metadata.k': string too long. Expected a string with maximum length 512, but got a string with length 600 instead.",
        param: 'metadata.k',
        code: 'string_above_max_length',
      },
    ],
    [{ store: true, metadata: { ['k'.repeat(70)]: 'v' } }, { code: 'property_name_above_max_length' }],
    [
      { store: true, metadata: { k: 7 } },
      { param: 'metadata.k', code: 'invalid_type' },
    ],
    [
      { logit_bias: Object.fromEntries(Array.from({ length: 1_025 }, (_, at) => [String(at), 1])) },
      {
        message:
          "Invalid 'logit_bias': too many properties. Expected an object with at most 1024 properties, but got an object with 1025 properties instead.",
        param: 'logit_bias',
        code: 'object_above_max_properties',
      },
    ],
    [{ logit_bias: { '5': 101 } }, { param: 'logit_bias.5', code: 'decimal_above_max_value' }],
    [{ verbosity: 'loud' }, { message: "Invalid value: 'loud'. Supported values are: 'low', 'medium', and 'high'." }],
    [
      holding({ type: 'picture' }),
      {
        message:
          "Invalid value: 'picture'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', 'audio', and 'file'.",
        param: 'messages[0].content[0].type',
      },
    ],
    [holding({ type: 'image_url' }), { message: "Missing required parameter: 'messages[0].content[0].image_url'." }],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, { param: 'stop', code: 'array_above_max_length' }],
  ])('are refused where they are wrong: %j', async (body, error) => {
    const answer = await send('gpt-4o', body)
    expect(answer.status).toBe(400)
    expect(answer.body.error).toMatchObject({ type: 'invalid_request_error', ...error })
  })

  it('that are only kept are taken', async () => {
    const answer = await send('gpt-4.1', { store: true, metadata: { a: 'b' }, service_tier: 'priority', max_tokens: 2 })
    expect(answer).toMatchObject({ status: 200, body: { service_tier: 'priority' } })
    expect(await send('gpt-4.1', { service_tier: 'auto', max_tokens: 2 })).toMatchObject({
      body: { service_tier: 'default' },
    })
  })

  it('make answers longer or shorter by their verbosity', async () => {
    const tokens = async (verbosity: string) => {
      const simulator = testSimulator({ generate: { sigma: 0, medianTokens: 100 } })
      const answer = await simulator.post(pathOf('gpt-5.1'), { messages, verbosity })
      return ((await answer.json()) as { usage: { completion_tokens: number } }).usage.completion_tokens
    }
    expect(await Promise.all(['low', 'medium', 'high'].map(tokens))).toEqual([50, 100, 200])
  })
})

type Token = { token: string; logprob: number; bytes: number[]; top_logprobs: Omit<Token, 'top_logprobs'>[] }

describe('logprobs', () => {
  const client = () => testSimulator().azure()
  const ask = {
    model: 'gpt-4o',
    messages: [{ role: 'user' as const, content: 'Hello' }],
    max_tokens: 40,
    logprobs: true,
    top_logprobs: 3,
    seed: 7,
  }

  it('tell of each token how likely it was, and which others might have stood there', async () => {
    const { choices } = await client().chat.completions.create(ask)
    const tokens = choices[0]?.logprobs?.content ?? []
    expect(tokens.map(({ token }) => token).join('')).toBe(choices[0]?.message.content)
    expect(tokens).toHaveLength(40)
    for (const { token, bytes, logprob, top_logprobs: top } of tokens) {
      expect(Buffer.from(bytes ?? []).toString()).toBe(token)
      expect(logprob).toBeLessThanOrEqual(0)
      expect(top).toHaveLength(3)
      expect(new Set(top.map((other) => other.token)).size).toBe(3)
      const shares = top.map((other) => Math.exp(other.logprob))
      expect([...shares].sort((one, other) => other - one)).toEqual(shares)
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1.000_001)
    }
    const isFirst = tokens.filter(({ token, top_logprobs: top }) => top[0]?.token === token).length
    expect(isFirst).toBeGreaterThan(20)
    expect(choices[0]?.logprobs?.refusal).toBeNull()
  })

  it('are refused where one answer would have too many', async () => {
    const answer = client().chat.completions.create({ ...ask, model: 'gpt-4.1', max_tokens: 20_000, top_logprobs: 20 })
    await expect(answer).rejects.toMatchObject({ status: 400, param: 'top_logprobs', code: 'integer_above_max_value' })
  })

  it('are the same in a stream, a token a chunk', async () => {
    const whole = await client().chat.completions.create(ask)
    const found: Token[] = []
    for await (const { choices } of await client().chat.completions.create({ ...ask, stream: true })) {
      const [choice] = choices
      if (!choice?.delta.content) continue
      expect(choice.logprobs?.content).toHaveLength(1)
      found.push(...((choice.logprobs?.content ?? []) as Token[]))
    }
    expect(found.map(({ token }) => token)).toHaveLength(40)
    // The seed draws by the body, too, which is another one here: the form is the same.
    expect(Object.keys(found[0] ?? {})).toEqual(Object.keys(whole.choices[0]?.logprobs?.content?.[0] ?? {}))
  })

  it('have no others where none are asked for, and are null without asking', async () => {
    const { choices } = await client().chat.completions.create({ ...ask, top_logprobs: 0 })
    expect(choices[0]?.logprobs?.content?.every(({ top_logprobs: top }) => top.length === 0)).toBe(true)
    const without = await client().chat.completions.create({ ...ask, logprobs: false, top_logprobs: null })
    expect(without.choices[0]?.logprobs).toBeNull()
  })

  it('are refused where so many choices would have more of them than fit the memory', async () => {
    const many = { logprobs: true, top_logprobs: 20, max_tokens: 1_000 }
    const refused = await send('gpt-4o', { ...many, n: 128 })
    expect(refused).toMatchObject({ status: 400, body: { error: { param: 'n', code: 'integer_above_max_value' } } })
    expect(await send('gpt-4o', { ...many, n: 4 })).toMatchObject({ status: 200 })
    expect(await send('gpt-4o', { ...many, max_tokens: 16_384 })).toMatchObject({ status: 200 })
    const kept = await send('gpt-4o', { ...many, store: true })
    expect(kept).toMatchObject({ status: 400, body: { error: { param: 'top_logprobs' } } })
    expect(await send('gpt-4o', { ...many, max_tokens: 900, store: true })).toMatchObject({ status: 200 })
  })

  it.each([1, 3])('are the same where they are too many to be written at once: %i choices', async (n) => {
    const { body } = await send('gpt-4o', { logprobs: true, top_logprobs: 20, max_tokens: 700, n })
    const { choices } = body as unknown as Likely
    expect(choices).toHaveLength(n)
    for (const { logprobs, message } of choices) {
      expect(logprobs.content.map(({ token }) => token).join('')).toBe(message.content)
      expect(logprobs.content.every(({ top_logprobs: top }) => top.length === 20)).toBe(true)
      expect(logprobs.refusal).toBeNull()
    }
  })
})

type Likely = {
  readonly choices: readonly {
    readonly message: { readonly content: string }
    readonly logprobs: {
      readonly refusal: null
      readonly content: readonly { readonly token: string; readonly top_logprobs: readonly unknown[] }[]
    }
  }[]
}
