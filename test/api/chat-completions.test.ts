import { describe, expect, it } from 'vitest'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { testSimulator } from '../support/simulator.ts'

const messages = [{ role: 'user' as const, content: 'Tell me a joke about opentelemetry' }]
const path = '/openai/deployments/gpt-4.1-mini/chat/completions?api-version=2024-10-21'

describe('chat completions', () => {
  it.each([1, 2, 16, 100, 1000])('meets a limit of %i tokens exactly, and says so', async (maxTokens) => {
    const answer = await testSimulator()
      .azure()
      .chat.completions.create({ model: 'gpt-4o', messages, max_tokens: maxTokens })
    const [choice] = answer.choices
    expect(choice?.finish_reason).toBe('length')
    expect(answer.usage?.completion_tokens).toBe(maxTokens)
    expect(countTokens(choice?.message.content ?? '', 'o200k_base')).toBe(maxTokens)
    // Recorded March 2026: this prompt is 16 tokens for this family.
    expect(answer.usage?.prompt_tokens).toBe(16)
    expect(answer.usage?.total_tokens).toBe(16 + maxTokens)
    expect(answer.model).toBe('gpt-4o-2024-11-20')
  })

  it('ends of itself where nothing limits it, with a length that differs', async () => {
    const client = testSimulator().v1()
    const lengths = new Set<number>()
    for (let call = 0; call < 12; call++) {
      const answer = await client.chat.completions.create({ model: 'gpt-4o', messages })
      expect(answer.choices[0]?.finish_reason).toBe('stop')
      expect(countTokens(answer.choices[0]?.message.content ?? '', 'o200k_base')).toBe(answer.usage?.completion_tokens)
      lengths.add(answer.usage?.completion_tokens ?? 0)
    }
    expect(lengths.size).toBeGreaterThan(5)
  })

  it('streams one chunk a token between role and finish, under one id', async () => {
    const stream = await testSimulator()
      .azure()
      .chat.completions.create({
        model: 'gpt-4.1-mini',
        messages,
        max_tokens: 9,
        stream: true,
        stream_options: { include_usage: true },
      })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks).toHaveLength(1 + 1 + 9 + 1 + 1)
    expect(chunks[0]).toMatchObject({ choices: [], id: '', object: '', prompt_filter_results: [{ prompt_index: 0 }] })
    expect(chunks[1]?.choices[0]?.delta).toEqual({ content: '', refusal: null, role: 'assistant' })
    const text = chunks.slice(2, 11).map((chunk) => chunk.choices[0]?.delta.content ?? '')
    expect(text.every((token) => countTokens(token, 'o200k_base') === 1)).toBe(true)
    expect(chunks[11]?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'length' })
    expect(chunks[12]).toMatchObject({ choices: [], usage: { completion_tokens: 9, prompt_tokens: 16 } })
    expect(new Set(chunks.slice(1).map(({ id }) => id)).size).toBe(1)
  })

  it('frames a stream as the service does, padded to the recorded lengths', async () => {
    const answer = await testSimulator().post(path, {
      messages,
      max_tokens: 30,
      stream: true,
      stream_options: { include_usage: true },
    })
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    const text = await answer.text()
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    const events = text
      .split('\n\n')
      .slice(0, -2)
      .map((event) => event.slice('data: '.length))
    for (const [index, event] of events.entries()) {
      if (index === 0) continue
      const json = JSON.parse(event) as { choices: { content_filter_results: unknown }[] }
      expect(JSON.stringify(json)).toBe(event)
      for (const choice of json.choices) choice.content_filter_results = {}
      expect(JSON.stringify(json).length % 16).toBe(json.choices.length === 0 ? 1 : 13)
    }
  })

  it('leaves the padding out on request', async () => {
    const answer = await testSimulator().post(path, {
      messages,
      max_tokens: 3,
      stream: true,
      stream_options: { include_obfuscation: false },
    })
    expect(await answer.text()).not.toContain('obfuscation')
  })

  it('answers with sorted keys and a closing newline', async () => {
    const text = await (await testSimulator().post(path, { messages, max_tokens: 3 })).text()
    expect(text.endsWith('}\n')).toBe(true)
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      'choices',
      'created',
      'id',
      'model',
      'object',
      'prompt_filter_results',
      'service_tier',
      'system_fingerprint',
      'usage',
    ])
  })

  it('makes as many choices as asked for', async () => {
    const client = testSimulator().v1()
    const answer = await client.chat.completions.create({ model: 'gpt-4o', messages, n: 3, max_tokens: 5 })
    expect(answer.choices.map(({ index }) => index)).toEqual([0, 1, 2])
    expect(answer.usage?.completion_tokens).toBe(15)
    const texts = ['', '', '']
    for await (const chunk of await client.chat.completions.create({
      model: 'gpt-4o',
      messages,
      n: 3,
      max_tokens: 5,
      stream: true,
    }))
      for (const { index, delta } of chunk.choices) texts[index] = (texts[index] ?? '') + (delta.content ?? '')
    expect(texts.map((text) => countTokens(text, 'o200k_base'))).toEqual([5, 5, 5])
  })

  it('cuts before a stop sequence, in the middle of a token too, and counts what is left', async () => {
    const client = testSimulator().v1()
    for (const stop of ['e', [' t', 'ing'], '.', ['zzz', 'an']]) {
      const answer = await client.chat.completions.create({ model: 'gpt-4o', messages, max_tokens: 400, stop })
      const content = answer.choices[0]?.message.content ?? ''
      for (const end of [stop].flat()) expect(content).not.toContain(end)
      expect(answer.choices[0]?.finish_reason).toBe('stop')
      expect(countTokens(content, 'o200k_base')).toBe(answer.usage?.completion_tokens)
    }
  })

  it('finds up to four stop sequences across the borders of tokens, whole and streamed', async () => {
    const client = testSimulator().v1()
    const ask = { model: 'gpt-4o', messages, max_tokens: 2_000, stop: ['n t', 's o', 'e. T', 'zzz'] }
    const whole = await client.chat.completions.create(ask)
    let streamed = ''
    let reason: string | undefined
    for await (const { choices } of await client.chat.completions.create({ ...ask, stream: true })) {
      streamed += choices[0]?.delta.content ?? ''
      reason = choices[0]?.finish_reason ?? reason
    }
    for (const text of [whole.choices[0]?.message.content ?? '', streamed]) {
      expect(text).not.toBe('')
      for (const end of ask.stop) expect(text).not.toContain(end)
    }
    expect([whole.choices[0]?.finish_reason, reason]).toEqual(['stop', 'stop'])
  })

  it('says the same again for the same seed, under another id', async () => {
    const client = testSimulator().v1()
    const ask = (seed: number) => client.chat.completions.create({ model: 'gpt-4o', messages, seed })
    const [first, again, other] = [await ask(5), await ask(5), await ask(6)]
    expect(again.choices[0]?.message.content).toBe(first.choices[0]?.message.content)
    expect(other.choices[0]?.message.content).not.toBe(first.choices[0]?.message.content)
    expect(again.id).not.toBe(first.id)
    expect(again.system_fingerprint).toBe(first.system_fingerprint)
  })

  it('repeats everything where the configuration has a seed', async () => {
    const ask = () =>
      testSimulator({ seed: 42 })
        .post(path, { messages })
        .then((answer) => answer.text())
    const [first, again] = await Promise.all([ask(), ask()])
    expect((JSON.parse(again) as { id: string }).id).toBe((JSON.parse(first) as { id: string }).id)
  })

  it.each([
    [{ messages, foo: 1 }, 'Unrecognized request argument supplied: foo', null],
    [{}, "Missing required parameter: 'messages'.", 'messages'],
    [
      { messages: [{ role: 'user', content: 5 }] },
      "Invalid type for 'messages[0].content': expected one of a string or array of objects, but got an integer instead.",
      'messages[0].content',
    ],
    [{ messages, n: 'x' }, "Invalid type for 'n': expected an integer, but got a string instead.", 'n'],
    [
      { messages, max_tokens: 0 },
      "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.",
      'max_tokens',
    ],
    [
      { messages: [] },
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      'messages',
    ],
    [
      { messages, max_tokens: 99_999_999 },
      'max_tokens is too large: 99999999. This model supports at most 32768 completion tokens, whereas you provided 99999999.',
      'max_tokens',
    ],
  ])('refuses %j in the service’s words', async (body, message, param) => {
    const answer = await testSimulator().post(path, body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { message, param, type: 'invalid_request_error' } })
  })

  it.each(['{', '[]', 'null', '"x"', new Uint8Array([0x7b, 0xff, 0x7d]), '['.repeat(100_000)])(
    'refuses what is no JSON object',
    async (body) => {
      const simulator = testSimulator()
      const answer = await simulator.post(path, body)
      expect(answer.status).toBe(400)
      expect(await answer.text()).toBe(
        `${JSON.stringify(JSON.parse('{"error":{"message":"Invalid request body.","type":"invalid_request_error","param":null,"code":null}}'), undefined, 2)}\n`,
      )
      expect(simulator.errors).toEqual([])
    },
  )

  it('takes a key named __proto__ for an unknown argument', async () => {
    const answer = await testSimulator().post(path, '{"messages":[{"role":"user","content":"x"}],"__proto__":{"n":3}}')
    expect(answer.status).toBe(400)
  })

  it('refuses what a reasoning model does not take', async () => {
    const client = testSimulator().v1()
    await expect(client.chat.completions.create({ model: 'o3', messages, max_tokens: 5 })).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_parameter',
      param: 'max_tokens',
    })
    await expect(client.chat.completions.create({ model: 'gpt-5', messages, temperature: 0.2 })).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_value',
      param: 'temperature',
    })
    const answer = await client.chat.completions.create({
      model: 'gpt-5',
      messages,
      max_completion_tokens: 5,
      temperature: 1,
    })
    expect(answer.usage?.completion_tokens).toBe(5)
  })

  it('refuses a prompt that does not fit the model', async () => {
    const long = [{ role: 'user' as const, content: 'word '.repeat(17_000) }]
    const client = testSimulator({ deployments: { small: { model: 'gpt-35-turbo' } } }).v1()
    await expect(client.chat.completions.create({ model: 'small', messages: long })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    })
  })

  it('refuses a text beyond the documented bound, whatever it would count', async () => {
    const content = 'a'.repeat(1_048_577)
    const answer = await testSimulator().post(path, { messages: [{ role: 'user', content }] })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      error: {
        code: 'string_above_max_length',
        message:
          "Invalid 'messages[0].content': string too long. Expected a string with maximum length 1048576, but got a string with length 1048577 instead.",
      },
    })
  })

  it('refuses by its length alone what no model could hold', async () => {
    const simulator = testSimulator({ deployments: { small: { model: 'gpt-35-turbo' } } })
    const answer = await simulator.post(path.replace('gpt-4.1-mini', 'small'), {
      messages: Array.from({ length: 20 }, () => ({ role: 'user', content: ' '.repeat(10_000) })),
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'context_length_exceeded' } })
  })
})

describe('the newest back ends', () => {
  const replica = /^d20260919103649-[0-9a-f]{8}-(default|prefill)-r\d-dp0-\1$/
  const asked = { messages: [{ role: 'user', content: 'Hello' }], max_completion_tokens: 5 }
  const raw = async (model: string, body: object, input: object = {}) =>
    (
      await testSimulator(input as Record<string, unknown>).post('/openai/v1/chat/completions', {
        model,
        ...asked,
        ...body,
      })
    ).text()

  // Recorded September and October 2026.
  it('tell the replica that served an answer: behind the prompt’s verdict, and in the chunk of the usage alone', async () => {
    const whole = await raw('gpt-5.4-mini', {})
    expect((JSON.parse(whole) as { routing: object }).routing).toEqual({
      serving_pipereplica: expect.stringMatching(replica) as string,
    })
    expect(whole).toMatch(/"prompt_filter_results":.*,"routing":\{"serving_pipereplica":"[^"]+"\},"service_tier"/)
    const streamed = await raw('gpt-5.6-luna', {
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 400,
    })
    const told = streamed.split('\n\n').filter((line) => line.includes('"routing"'))
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(
      /"object":"chat.completion.chunk","routing":\{"serving_pipereplica":"[^"]+"\},"service_tier".*"usage":\{/,
    )
    expect(streamed).toContain('"content_filter_results":{},"delta":{"content":')
  })

  // Recorded September 2026: all chunks of 34 tokens, the last 115 of 643, none of 74, none of 1,547.
  it('tell of code in the last chunks of some streams, and of nothing in the others', async () => {
    const simulator = testSimulator({ generate: { maxTokens: 'exact' } })
    const verdictsOf = async (tokens: number) => {
      const body = { model: 'gpt-5.4-mini', ...asked, max_completion_tokens: tokens, stream: true }
      const streamed = await (await simulator.post('/openai/v1/chat/completions', body)).text()
      const chunks = streamed
        .split('\n\n')
        .filter((line) => line.includes('"delta":{"content":"') && !line.includes('role'))
      return chunks.map((chunk) => /"content_filter_results":(\{.*?\}),"delta"/.exec(chunk)?.[1])
    }
    const code = '{"protected_material_code":{"detected":false,"filtered":false}}'
    const streams = await Promise.all(Array.from({ length: 12 }, () => verdictsOf(300)))
    const withCode = streams.filter((verdicts) => verdicts.includes(code))
    expect(withCode.length).toBeGreaterThan(0)
    expect(withCode.length).toBeLessThan(streams.length)
    for (const verdicts of withCode) expect(verdicts).toEqual(verdicts.map((_, at) => (at < 244 ? '{}' : code)))
    for (const verdicts of streams.filter((each) => !withCode.includes(each)))
      expect(new Set(verdicts)).toEqual(new Set(['{}']))
    const short = await Promise.all(Array.from({ length: 12 }, () => verdictsOf(34)))
    expect(new Set(short.map((verdicts) => [...new Set(verdicts)].join()))).toEqual(new Set(['{}', code]))
  })

  it('tell nothing of it for older models, on the older front end, and where that is turned off', async () => {
    expect(await raw('gpt-4.1-mini', {})).not.toContain('routing')
    expect(await raw('gpt-5.4', {}, { azure: { frontEnd: 'classic' } })).not.toContain('routing')
    expect(await raw('gpt-5.4', {}, { azure: { routing: false } })).not.toContain('routing')
  })
})
