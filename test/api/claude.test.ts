import Anthropic from '@anthropic-ai/sdk'
import { afterAll, describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator()
const clientOf = (fetch: typeof globalThis.fetch, apiKey = 'test-key') =>
  new Anthropic({ apiKey, baseURL: 'http://sim.test/anthropic', fetch, maxRetries: 0 })
const claude = clientOf(simulator.fetch)
const model = 'claude-haiku-4-5'
const ask = [{ role: 'user' as const, content: 'Tell me something.' }]
const weather = {
  name: 'get_weather',
  description: 'The weather of a place.',
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
}
const headers = { 'x-api-key': 'test-key', 'anthropic-version': '2023-06-01', 'content-type': 'application/json' }
const send = (body: unknown, more: Record<string, string> = {}, path = '/anthropic/v1/messages') =>
  simulator.fetch(`http://sim.test${path}`, {
    method: 'POST',
    headers: { ...headers, ...more },
    body: JSON.stringify(body),
  })

afterAll(() => expect(simulator.errors).toEqual([]))

describe('a message of Claude', () => {
  it('has what the official client expects, and as many tokens as it may', async () => {
    const message = await claude.messages.create({ model, max_tokens: 7, messages: ask })
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-4-5-20251001',
      content: [{ type: 'text', text: expect.any(String) as string }],
      stop_reason: 'max_tokens',
      stop_sequence: null,
      usage: { output_tokens: 7, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, service_tier: 'standard' },
    })
    expect(message.id).toMatch(/^msg_01[0-9A-Za-z]{22}$/)
    expect(message._request_id).toMatch(/^req_011C[0-9A-Za-z]{20}$/)
    expect(message.usage.input_tokens).toBeGreaterThan(5)
  })

  it('ends of itself where it need not be cut', async () => {
    const message = await claude.messages.create({ model, max_tokens: 8_000, messages: ask })
    expect(message.stop_reason).toBe('end_turn')
    expect(message.usage.output_tokens).toBeLessThan(8_000)
  })

  it('ends before a stop sequence, and names it', async () => {
    const message = await claude.messages.create({
      model,
      max_tokens: 500,
      messages: ask,
      stop_sequences: ['\n\nHuman', '.'],
    })
    expect(message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: '.' })
    expect(JSON.stringify(message.content)).not.toContain('.')
  })

  it('counts its prompt as count_tokens does', async () => {
    const prompt = {
      model,
      system: 'You are brief.',
      tools: [weather],
      messages: [
        { role: 'user' as const, content: [{ type: 'text' as const, text: 'What is the weather in Paris?' }] },
        {
          role: 'assistant' as const,
          content: [{ type: 'tool_use' as const, id: 'toolu_1', name: 'get_weather', input: { city: 'Paris' } }],
        },
        {
          role: 'user' as const,
          content: [{ type: 'tool_result' as const, tool_use_id: 'toolu_1', content: 'Sunny.' }],
        },
      ],
    }
    const { input_tokens } = await claude.messages.countTokens(prompt)
    const message = await claude.messages.create({ ...prompt, max_tokens: 20 })
    expect(message.usage.input_tokens).toBe(input_tokens)
    expect((await claude.messages.countTokens({ ...prompt, system: 'You are brief. Be kind.' })).input_tokens).toBe(
      input_tokens + 3,
    )
    const { input_tokens: without } = await claude.messages.countTokens({ model, messages: ask })
    expect(input_tokens - without).toBeGreaterThan(346)
  })

  it('counts pictures by their size', async () => {
    const { PNG } = await import('pngjs')
    const picture = (width: number, height: number) => ({
      type: 'image' as const,
      source: {
        type: 'base64' as const,
        media_type: 'image/png' as const,
        data: PNG.sync.write(new PNG({ width, height })).toString('base64'),
      },
    })
    const count = async (width: number, height: number) =>
      (await claude.messages.countTokens({ model, messages: [{ role: 'user', content: [picture(width, height)] }] }))
        .input_tokens
    expect((await count(600, 500)) - (await count(300, 250))).toBe(400 - 100)
    expect(await count(3_000, 3_000)).toBe(await count(2_000, 2_000))
  })
})

describe('a message that is streamed', () => {
  it('comes as the events that are documented, a token each', async () => {
    const stream = await claude.messages.create({ model, max_tokens: 4, messages: ask, stream: true })
    const types: string[] = []
    for await (const event of stream) types.push(event.type)
    expect(types).toEqual([
      'message_start',
      'content_block_start',
      ...Array.from({ length: 4 }, () => 'content_block_delta'),
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    const raw = await (await send({ model, max_tokens: 4, messages: ask, stream: true })).text()
    expect(raw).toContain('event: ping\ndata: {"type": "ping"}\n\n')
    expect(raw.startsWith('event: message_start\ndata: {"type":"message_start","message":{')).toBe(true)
    expect(raw.endsWith('event: message_stop\ndata: {"type":"message_stop"}\n\n')).toBe(true)
  })

  it('is gathered by the client’s helper to what a plain answer says', async () => {
    const seeded = testSimulator({ seed: 7 })
    const body = { model, max_tokens: 60, messages: ask, stop_sequences: ['zzz'] }
    const stream = clientOf(seeded.fetch).messages.stream(body)
    let text = ''
    stream.on('text', (delta) => (text += delta))
    const message = await stream.finalMessage()
    expect(message.content).toEqual([expect.objectContaining({ type: 'text', text })])
    expect(message).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 60 } })
  })

  it('keeps its pace by the latency of its deployment', async () => {
    const clock = manualClock(1_800_000_000_000)
    const latency = { timeToFirstToken: '100ms', interToken: '10ms' }
    const slow = testSimulator({ deployments: { c: { model, latency } } }, { clock })
    const reading = clientOf(slow.fetch).messages.stream({ model: 'c', max_tokens: 3, messages: ask })
    const at: number[] = []
    reading.on('text', () => at.push(clock.now() - 1_800_000_000_000))
    const done = reading.done()
    for (let turn = 0; turn < 30; turn++) await clock.advanceAsync(10)
    await done
    expect(at).toEqual([100, 110, 120])
  })
})

describe('tools', () => {
  const question = { model, max_tokens: 1_000, tools: [weather], messages: ask }
  const isInput = expect.objectContaining({ city: expect.any(String) as string }) as unknown

  it('are called with what their schema asks for', async () => {
    const message = await claude.messages.create(question)
    expect(message.stop_reason).toBe('tool_use')
    expect(message.content).toEqual([
      expect.objectContaining({ type: 'tool_use', name: 'get_weather', input: isInput }),
    ])
    expect(JSON.stringify(message.content)).toMatch(/"id":"toolu_[0-9A-Za-z]{24}"/)
  })

  it('are called in a stream, their input piece by piece', async () => {
    const stream = claude.messages.stream(question)
    const pieces: string[] = []
    stream.on('inputJson', (piece) => pieces.push(piece))
    const message = await stream.finalMessage()
    expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(2)
    const [block] = message.content
    expect(block).toMatchObject({ type: 'tool_use', input: JSON.parse(pieces.join('')) as unknown })
    expect(message.stop_reason).toBe('tool_use')
  })

  it('are called as tool_choice says', async () => {
    const tools = [weather, { ...weather, name: 'other' }]
    const named = await claude.messages.create({ ...question, tools, tool_choice: { type: 'tool', name: 'other' } })
    expect(named).toMatchObject({ stop_reason: 'tool_use', content: [{ name: 'other' }] })
    expect(named.content).toHaveLength(1)
    const none = await claude.messages.create({ ...question, tool_choice: { type: 'none' } })
    expect(none.content[0]?.type).toBe('text')
    const any = await claude.messages.create({
      ...question,
      tool_choice: { type: 'any' },
      messages: [...ask, { role: 'assistant', content: 'Well,' }],
    })
    expect(any.stop_reason).toBe('tool_use')
  })

  it('are answered after their results, so that a loop of calls ends', async () => {
    const first = await claude.messages.create(question)
    const results = first.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: 'Rain.' }] : [],
    )
    const messages = [
      ...ask,
      { role: 'assistant' as const, content: first.content },
      { role: 'user' as const, content: results },
    ]
    const second = await claude.messages.create({ ...question, messages })
    expect(second).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text' }] })
  })

  it('may have no input where they were cut off', async () => {
    const message = await claude.messages.create({ ...question, max_tokens: 10 })
    expect(message).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 10 } })
  })
})

describe('thinking', () => {
  const thinking = { type: 'enabled', budget_tokens: 1_024 } as const

  it('comes before the answer, is signed, and counts as output', async () => {
    const message = await claude.messages.create({ model, max_tokens: 4_000, thinking, messages: ask })
    expect(message.content.map(({ type }) => type)).toEqual(['thinking', 'text'])
    expect(message.content[0]).toMatchObject({
      thinking: expect.stringMatching(/./) as string,
      signature: expect.stringMatching(/^Er/) as string,
    })
    const plain = await claude.messages.create({
      model,
      max_tokens: 4_000,
      messages: ask,
      thinking: { type: 'disabled' },
    })
    expect(plain.content.map(({ type }) => type)).toEqual(['text'])
  })

  it('streams as its own block, and leaves the answer the rest', async () => {
    const stream = claude.messages.stream({ model, max_tokens: 1_025, thinking, messages: ask })
    let thought = ''
    stream.on('thinking', (delta) => (thought += delta))
    const message = await stream.finalMessage()
    expect(message.content[0]).toMatchObject({ type: 'thinking', thinking: thought })
    expect(message.usage.output_tokens).toBeLessThanOrEqual(1_025)
  })

  it('is left to the model, and can be hidden', async () => {
    const message = await claude.messages.create({
      model,
      max_tokens: 4_000,
      thinking: { type: 'adaptive', display: 'omitted' },
      messages: ask,
    })
    expect(message.content[0]).toMatchObject({ type: 'thinking', thinking: '' })
  })
})

describe('a prompt that is to be cached', () => {
  const long = 'All work and no play makes a dull afternoon. '.repeat(200)
  const body = (text: string, ttl?: '1h') => ({
    model,
    max_tokens: 1,
    system: [{ type: 'text' as const, text, cache_control: { type: 'ephemeral' as const, ...(ttl && { ttl }) } }],
    messages: ask,
  })

  it('is written once, and then read until it is forgotten', async () => {
    const clock = manualClock(1_800_000_000_000)
    const client = clientOf(testSimulator({}, { clock }).fetch)
    const usage = async (ttl?: '1h') => (await client.messages.create(body(long, ttl))).usage
    const first = await usage()
    expect(first.cache_creation_input_tokens).toBeGreaterThan(1_500)
    expect(first.cache_read_input_tokens).toBe(0)
    expect(first.cache_creation?.ephemeral_5m_input_tokens).toBe(first.cache_creation_input_tokens)
    clock.advance(299_000)
    const second = await usage()
    expect(second.cache_read_input_tokens).toBe(first.cache_creation_input_tokens)
    expect(second.cache_creation_input_tokens).toBe(0)
    expect(second.input_tokens).toBe(first.input_tokens)
    clock.advance(300_000)
    expect((await usage('1h')).cache_creation?.ephemeral_1h_input_tokens).toBe(first.cache_creation_input_tokens)
    clock.advance(3_599_000)
    expect((await usage('1h')).cache_read_input_tokens).toBe(first.cache_creation_input_tokens)
  })

  it('is not kept where it is short, and not shared where it differs', async () => {
    const short = (await claude.messages.create(body('Be brief.'))).usage
    expect(short).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: 0 })
    await claude.messages.create(body(long))
    expect((await claude.messages.create(body(`${long}!`))).usage.cache_read_input_tokens).toBe(0)
  })

  it('is known up to the last place that was read before', async () => {
    const client = clientOf(testSimulator().fetch)
    const cached = { type: 'ephemeral' as const }
    const turn = (text: string) => ({
      role: 'user' as const,
      content: [{ type: 'text' as const, text, cache_control: cached }],
    })
    const first = await client.messages.create({ ...body(long), messages: [turn('One.')] })
    const messages = [turn('One.'), { role: 'assistant' as const, content: 'Yes.' }, turn('Two.')]
    const second = await client.messages.create({ ...body(long), messages })
    expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens)
    expect(second.usage.cache_creation_input_tokens).toBeGreaterThan(0)
    expect(second.usage.input_tokens).toBe(0)
  })
})

describe('places to cache up to', () => {
  const marked = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ type: 'text', text: `${at}`, cache_control: { type: 'ephemeral' } }))

  it.each(['/anthropic/v1/messages', '/anthropic/v1/messages/count_tokens'])('are four at most: %s', async (path) => {
    const body = { model, max_tokens: path.endsWith('messages') ? 5 : undefined, system: marked(2) }
    const four = await send({ ...body, messages: [{ role: 'user', content: marked(2) }] }, {}, path)
    expect(four.status).toBe(200)
    const five = await send({ ...body, messages: [{ role: 'user', content: marked(3) }] }, {}, path)
    expect(five.status).toBe(400)
    expect(await five.json()).toMatchObject({
      error: {
        type: 'invalid_request_error',
        message: 'A maximum of 4 blocks with cache_control may be provided. Found 5.',
      },
    })
  })
})

describe('what Claude refuses, by the client’s own errors', () => {
  const create = (body: object) => claude.messages.create({ model, max_tokens: 5, messages: ask, ...body })
  const user = (content: unknown) => ({ messages: [{ role: 'user', content }] })

  it.each([
    [{ max_tokens: undefined }, 'max_tokens: Field required'],
    [{ max_tokens: 0 }, 'max_tokens: Input should be greater than or equal to 1'],
    [{ max_tokens: 'x' }, 'max_tokens: Input should be a valid integer'],
    [
      { max_tokens: 70_000, stream: true },
      'max_tokens: 70000 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5-20251001',
    ],
    [{ messages: [] }, 'messages: at least one message is required'],
    [
      { messages: [{ role: 'robot', content: 'x' }] },
      "messages.0.role: Input should be 'user', 'assistant' or 'system'",
    ],
    [{ foo: 1 }, 'foo: Extra inputs are not permitted'],
    [user([{ type: 'text' }]), 'messages.0.content.0.text: Field required'],
    [user([{ type: 'text', text: '' }]), 'messages: text content blocks must be non-empty'],
    [user(''), 'messages.0: all messages must have non-empty content except for the optional final assistant message'],
    [
      user([{ type: 'tool_result', tool_use_id: 'toolu_x', content: 'x' }]),
      /^messages\.0\.content\.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_x\./,
    ],
    [
      {
        messages: [
          ...ask,
          { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_y', name: 'a', input: {} }] },
          ...ask,
        ],
      },
      /^messages\.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_y\./,
    ],
    [{ tools: [{ name: 'a' }] }, 'tools.0.custom.input_schema: Field required'],
    [
      { tools: [weather], tool_choice: { type: 'tool', name: 'b' } },
      "tool_choice: Tool 'b' not found in provided tools",
    ],
    [
      { thinking: { type: 'enabled', budget_tokens: 100 } },
      'thinking.budget_tokens: Input should be greater than or equal to 1024',
    ],
    [
      { thinking: { type: 'enabled', budget_tokens: 1_024 } },
      '`max_tokens` must be greater than `thinking.budget_tokens`.',
    ],
    [user('word '.repeat(250_000)), /^prompt is too long: \d+ tokens > 200000 maximum$/],
  ])('%o with 400', async (body, message) => {
    const error: unknown = await create(body).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Anthropic.BadRequestError)
    const { type, apiMessage, requestID } = error as InstanceType<typeof Anthropic.BadRequestError>
    expect(type).toBe('invalid_request_error')
    if (typeof message === 'string') expect(apiMessage).toBe(message)
    else expect(apiMessage).toMatch(message)
    expect(requestID).toMatch(/^req_/)
  })

  it('names the request in the body by the id of its header', async () => {
    const answer = await send({ model, messages: ask })
    const body = (await answer.json()) as { type: string; request_id: string }
    expect(body).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } })
    expect(answer.headers.get('request-id')).toBe(body.request_id)
  })

  it('asks for its version, and for a model', async () => {
    const message = async (answer: Response) => ((await answer.json()) as { error: { message: string } }).error.message
    expect(await message(await send({ model, max_tokens: 1, messages: ask }, { 'anthropic-version': '' }))).toBe(
      'anthropic-version: header is required',
    )
    expect(
      await message(await send({ model, max_tokens: 1, messages: ask }, { 'anthropic-version': '2020-01-01' })),
    ).toContain('not a valid version')
    expect(await message(await send({ max_tokens: 1, messages: ask }))).toBe('model: Field required')
    const count = '/anthropic/v1/messages/count_tokens'
    expect(await message(await send({ model, messages: ask }, { 'anthropic-version': '' }, count))).toBe(
      'anthropic-version: header is required',
    )
    expect(await message(await send({ messages: ask }, {}, count))).toBe('model: Field required')
  })

  it('is a wrong key, in the words of the resource’s gateway', async () => {
    const error: unknown = await clientOf(simulator.fetch, 'wrong')
      .messages.create({ model, max_tokens: 1, messages: ask })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Anthropic.AuthenticationError)
    expect((error as Error).message).toContain('Access denied due to invalid subscription key')
  })

  it('is a deployment that is not there', async () => {
    const strict = testSimulator({ allowUndefinedDeployments: false, deployments: { g: { model: 'gpt-4o' } } })
    const client = clientOf(strict.fetch)
    const missing: unknown = await client.messages
      .create({ model, max_tokens: 1, messages: ask })
      .catch((thrown: unknown) => thrown)
    expect(missing).toBeInstanceOf(Anthropic.NotFoundError)
    expect(missing).toMatchObject({ type: 'not_found_error' })
    await expect(client.messages.countTokens({ model, messages: ask })).rejects.toBeInstanceOf(Anthropic.NotFoundError)
    await expect(client.messages.create({ model: 'g', max_tokens: 1, messages: ask })).rejects.toThrow(
      'Requested API is currently not supported',
    )
  })

  it('is a rate that is too high, with the true wait and the limits in its headers', async () => {
    const clock = manualClock(1_800_000_000_000)
    const limited = testSimulator(
      { deployments: { c: { model, tokensPerMinute: 1_000, requestsPerMinute: 6 } } },
      { clock },
    )
    const client = clientOf(limited.fetch)
    const { response } = await client.messages.create({ model: 'c', max_tokens: 1, messages: ask }).withResponse()
    expect(response.headers.get('anthropic-ratelimit-requests-limit')).toBe('6')
    expect(response.headers.get('anthropic-ratelimit-requests-remaining')).toBe('5')
    expect(response.headers.get('anthropic-ratelimit-tokens-limit')).toBe('1000')
    expect(response.headers.get('anthropic-ratelimit-tokens-reset')).toMatch(/^2027-01-15T08:\d\d:\d\dZ$/)
    const refused: unknown = await client.messages
      .create({ model: 'c', max_tokens: 1, messages: ask })
      .catch((thrown: unknown) => thrown)
    expect(refused).toBeInstanceOf(Anthropic.RateLimitError)
    const { type, headers: told } = refused as InstanceType<typeof Anthropic.RateLimitError>
    expect(type).toBe('rate_limit_error')
    expect(told.get('retry-after')).toBe('11')
    // A count of tokens has no share in it.
    expect((await client.messages.countTokens({ model: 'c', messages: ask })).input_tokens).toBeGreaterThan(0)
  })
})

describe('the version of 2026', () => {
  const version = { 'anthropic-version': '2026-10-21' }
  const content = (block: object) => [{ role: 'user', content: [{ type: 'text', text: 'x', ...block }] }]
  const statusOf = async (body: object, more = {}) =>
    (await send({ model, max_tokens: 1, messages: ask, ...body }, more)).status

  it('knows no sampling parameters any more, which the one of 2023 takes', async () => {
    for (const body of [{ temperature: 1 }, { top_p: 0.5 }, { top_k: 5 }]) {
      expect(await statusOf(body)).toBe(200)
      expect(await statusOf(body, version)).toBe(400)
    }
    expect(await (await send({ model, max_tokens: 1, messages: ask, temperature: 1 }, version)).text()).toContain(
      'temperature: Extra inputs are not permitted',
    )
  })

  it('takes no citations from users, and no documents from assistants', async () => {
    const cited = { messages: content({ citations: [{ type: 'char_location' }] }) }
    expect([await statusOf(cited), await statusOf(cited, version)]).toEqual([200, 400])
    const source = { type: 'text', media_type: 'text/plain', data: 'x' }
    const document = { messages: [...ask, { role: 'assistant', content: [{ type: 'document', source }] }] }
    expect([await statusOf(document), await statusOf(document, version)]).toEqual([200, 400])
  })
})

describe('the key', () => {
  it.each([{ 'x-api-key': 'test-key' }, { 'api-key': 'test-key' }, { authorization: 'Bearer test-key' }])(
    'is taken as %o',
    async (key) => {
      const answer = await simulator.fetch('http://sim.test/anthropic/v1/messages', {
        method: 'POST',
        headers: { 'anthropic-version': '2023-06-01', ...(key as Record<string, string>) },
        body: JSON.stringify({ model, max_tokens: 1, messages: ask }),
      })
      expect(answer.status).toBe(200)
    },
  )
})

describe('JSON that was asked for', () => {
  it('fits its schema', async () => {
    const schema = {
      type: 'object',
      properties: { answer: { type: 'integer' } },
      required: ['answer'],
      additionalProperties: false,
    }
    const message = await claude.messages.create({
      model,
      max_tokens: 500,
      messages: ask,
      output_config: { format: { type: 'json_schema', schema } },
    })
    const [block] = message.content
    expect(JSON.parse(block?.type === 'text' ? block.text : '')).toEqual({ answer: expect.any(Number) as number })
  })
})
