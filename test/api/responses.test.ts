import { zodResponsesFunction, zodTextFormat } from 'openai/helpers/zod'
import type { ResponseFunctionToolCall, ResponseStreamEvent } from 'openai/resources/responses/responses'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { all } from '../support/all.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const weather = zodResponsesFunction({
  name: 'get_weather',
  description: 'Tells the weather.',
  parameters: z.object({ city: z.string(), unit: z.enum(['celsius', 'fahrenheit']) }),
})

const ofType = <T extends ResponseStreamEvent['type']>(events: readonly ResponseStreamEvent[], type: T) =>
  events.filter((event): event is Extract<ResponseStreamEvent, { type: T }> => event.type === type)

describe('a response', () => {
  it('has a text of the tokens that its usage tells', async () => {
    const simulator = testSimulator()
    const response = await simulator.v1().responses.create({ model: 'gpt-4.1-mini', input: 'Say hello.' })
    expect(response).toMatchObject({
      object: 'response',
      status: 'completed',
      model: 'gpt-4.1-mini',
      error: null,
      incomplete_details: null,
      store: true,
      previous_response_id: null,
      output: [{ type: 'message', role: 'assistant', status: 'completed' }],
    })
    expect(response.id).toMatch(/^resp_[0-9a-f]{50}$/)
    expect(response.output_text).not.toBe('')
    expect(response.usage?.output_tokens).toBe(countTokens(response.output_text, 'o200k_base'))
    // Three for the message, one for its role, three for the whole.
    expect(response.usage?.input_tokens).toBe(countTokens('Say hello.', 'o200k_base') + 7)
    expect(simulator.errors).toEqual([])
  })

  it('is pretty-printed ASCII, with decimals that are decimals', async () => {
    const answer = await testSimulator().post('/openai/v1/responses', {
      model: 'gpt-4.1',
      input: 'é',
      instructions: '😊',
    })
    const text = await answer.text()
    expect(text).toContain('\n  "temperature": 1.0,\n')
    expect(text).toContain('"instructions": "\\ud83d\\ude0a"')
    expect(answer.headers.get('content-length')).toBe(String(text.length))
  })

  it('ends with max_output_tokens where these are all used, and is incomplete then', async () => {
    const response = await testSimulator()
      .v1()
      .responses.create({ model: 'gpt-4.1', input: 'Go on.', max_output_tokens: 16 })
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      completed_at: null,
      usage: { output_tokens: 16 },
      output: [{ status: 'incomplete' }],
    })
  })

  it.each([
    ['/openai/responses?api-version=2025-04-01-preview'],
    ['/openai/responses?api-version=preview'],
    ['/openai/deployments/gpt-4.1/responses?api-version=2025-03-01-preview'],
    ['/openai/v1/responses'],
    ['/openai/v1/responses?api-version=v1'],
  ])('is answered at %s', async (path) => {
    const simulator = testSimulator()
    const created = await simulator.post(path, { model: 'gpt-4.1', input: 'hi' })
    expect(created.status).toBe(200)
    const { id, model } = (await created.json()) as { id: string; model: string }
    expect(model).toBe('gpt-4.1')
    const again = await simulator.request(path.replace('/responses', `/responses/${id}`))
    expect(((await again.json()) as { id: string }).id).toBe(id)
  })

  it('is served by the tier that it asks for, where its model has that', async () => {
    const tierOf = async (tier: 'auto' | 'priority' | undefined) => {
      const asked = { model: 'gpt-4.1', input: 'Hi', max_output_tokens: 16, ...(tier && { service_tier: tier }) }
      return (await testSimulator().v1().responses.create(asked)).service_tier
    }
    expect([await tierOf(undefined), await tierOf('auto'), await tierOf('priority')]).toEqual([
      'default',
      'default',
      'priority',
    ])
  })

  it('is told by models that know nothing of it as an operation that they do not support', async () => {
    const simulator = testSimulator()
    await expect(simulator.v1().responses.create({ model: 'gpt-35-turbo', input: 'hi' })).rejects.toMatchObject({
      status: 400,
      code: 'OperationNotSupported',
    })
    const messages = [{ role: 'user' as const, content: 'hi' }]
    await expect(simulator.v1().chat.completions.create({ model: 'gpt-5-codex', messages })).rejects.toMatchObject({
      status: 400,
      code: 'OperationNotSupported',
    })
    expect((await simulator.v1().responses.create({ model: 'gpt-5-codex', input: 'hi' })).status).toBe('completed')
  })
})

describe('a streamed response', () => {
  it('has numbered events from created to completed, and the deltas are the text', async () => {
    const simulator = testSimulator()
    const stream = await simulator.v1().responses.create({ model: 'gpt-4.1', input: 'Say hello.', stream: true })
    const events = await all(stream)
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index))
    const kinds = events.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1])
    expect(kinds).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
    const deltas = ofType(events, 'response.output_text.delta')
    const [done] = ofType(events, 'response.output_text.done')
    expect(deltas.map(({ delta }) => delta).join('')).toBe(done?.text)
    const [completed] = ofType(events, 'response.completed')
    expect(completed?.response.usage?.output_tokens).toBe(deltas.length)
    expect(simulator.errors).toEqual([])
  })

  it('pads each delta to a multiple of 16 characters, unless that is not wanted', async () => {
    const client = testSimulator().v1()
    const ask = { model: 'gpt-4.1', input: 'Say hello.', stream: true } as const
    const padded = ofType(await all(await client.responses.create(ask)), 'response.output_text.delta')
    for (const delta of padded) {
      const { obfuscation } = delta as unknown as { obfuscation: string }
      expect((delta.delta.length + obfuscation.length) % 16).toBe(0)
    }
    const plain = await all(await client.responses.create({ ...ask, stream_options: { include_obfuscation: false } }))
    for (const delta of ofType(plain, 'response.output_text.delta')) expect(delta).not.toHaveProperty('obfuscation')
  })

  it('comes at the pace of its tokens', async () => {
    const clock = manualClock(1_000_000)
    const latency = { chatCompletions: { timeToFirstToken: '200ms', interToken: '10ms' } }
    const simulator = testSimulator({ latency }, { clock })
    const pending = simulator.v1().responses.create({
      model: 'gpt-4.1',
      input: 'Go on.',
      max_output_tokens: 21,
      stream: true,
    })
    await clock.advanceAsync(200)
    const stream = await pending
    const times: number[] = []
    const reading = (async () => {
      for await (const { type } of stream)
        if (type === 'response.output_text.delta') times.push(clock.now() - 1_000_000)
    })()
    await clock.advanceAsync(1_000)
    await reading
    expect(times).toEqual(Array.from({ length: 21 }, (_, at) => 200 + 10 * at))
  })

  it('is followed by the stream helper to its final response', async () => {
    const client = testSimulator().v1()
    let text = ''
    const stream = client.responses
      .stream({ model: 'gpt-4.1-mini', input: 'Say hello.' })
      .on('response.output_text.delta', ({ delta }) => (text += delta))
    const final = await stream.finalResponse()
    expect(final.output_text).toBe(text)
    expect(final.status).toBe('completed')
    expect(await client.responses.retrieve(final.id)).toMatchObject({ id: final.id, output_text: text })
  })

  it('is not kept where its reader left before the end', async () => {
    const clock = manualClock()
    const simulator = testSimulator({ latency: { chatCompletions: { interToken: '10ms' } } }, { clock })
    const client = simulator.v1()
    const pending = client.responses.create({ model: 'gpt-4.1', input: 'hi', max_output_tokens: 50, stream: true })
    await clock.advanceAsync(10)
    let id = ''
    for await (const event of await pending) {
      if (event.type === 'response.created') id = event.response.id
      break
    }
    await clock.advanceAsync(5_000)
    expect(id).not.toBe('')
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 })
  })
})

describe('a response with tools', () => {
  it('calls a function, and answers in words once it has the result', async () => {
    const client = testSimulator().v1()
    const first = await client.responses.parse({ model: 'gpt-4.1', input: 'Weather in Oslo?', tools: [weather] })
    const [call] = first.output
    if (call?.type !== 'function_call') throw new Error('no call')
    expect(call).toMatchObject({ name: 'get_weather', status: 'completed' })
    expect(call.call_id).toMatch(/^call_\w{24}$/)
    expect(call.parsed_arguments).toEqual({
      city: expect.any(String) as string,
      unit: expect.stringMatching(/celsius|fahrenheit/) as string,
    })
    expect(first.tools).toMatchObject([{ type: 'function', name: 'get_weather', strict: true }])
    const output = { type: 'function_call_output' as const, call_id: call.call_id, output: '21 degrees' }
    const ask = { model: 'gpt-4.1', tools: [weather] }
    const second = await client.responses.create({ ...ask, previous_response_id: first.id, input: [output] })
    expect(second.output_text).not.toBe('')
    expect(second.usage!.input_tokens).toBeGreaterThan(first.usage!.input_tokens)

    // The same by hand, without what the service keeps.
    const { parsed_arguments: _, ...plain } = call as ResponseFunctionToolCall & { parsed_arguments: unknown }
    const history = [{ role: 'user' as const, content: 'Weather in Oslo?' }, plain, output]
    const stateless = await client.responses.create({ ...ask, input: history, store: false })
    expect(stateless.usage!.input_tokens).toBe(second.usage!.input_tokens)
  })

  it('streams the arguments of a call', async () => {
    const stream = testSimulator()
      .v1()
      .responses.stream({
        model: 'gpt-5',
        input: 'Weather in Oslo?',
        tools: [weather],
        reasoning: { effort: 'minimal' },
      })
    const events = await all(stream)
    const kinds = events.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1])
    expect(kinds.slice(2, -1)).toEqual([
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
    ])
    const final = await stream.finalResponse()
    const [call] = final.output
    if (call?.type !== 'function_call') throw new Error('no call')
    expect(JSON.parse(call.arguments)).toHaveProperty('city')
    const [done] = ofType(events, 'response.function_call_arguments.done')
    expect(done?.arguments).toBe(call.arguments)
  })

  it('calls a custom tool with a text, whole and streamed', async () => {
    const client = testSimulator().v1()
    const ask = { model: 'gpt-5', input: 'Run it.', tools: [{ type: 'custom' as const, name: 'shell' }] }
    const response = await client.responses.create({ ...ask, tool_choice: { type: 'custom', name: 'shell' } })
    const call = response.output.find(({ type }) => type === 'custom_tool_call')
    expect(call).toMatchObject({ name: 'shell', input: expect.stringMatching(/\w/) as string })
    const events = await all(await client.responses.create({ ...ask, stream: true, tool_choice: 'required' }))
    const deltas = ofType(events, 'response.custom_tool_call_input.delta')
    const [done] = ofType(events, 'response.custom_tool_call_input.done')
    expect(deltas.map(({ delta }) => delta).join('')).toBe(done?.input)
  })

  it('calls the function that is asked for by name, and none where none may be called', async () => {
    const client = testSimulator().v1()
    const other = { ...weather, name: 'other' }
    const ask = { model: 'gpt-4.1', input: 'Hello', tools: [weather, other] }
    const named = await client.responses.create({ ...ask, tool_choice: { type: 'function', name: 'other' } })
    expect(named.output).toMatchObject([{ type: 'function_call', name: 'other' }])
    const none = await client.responses.create({ ...ask, tool_choice: 'none' })
    expect(none.output).toMatchObject([{ type: 'message' }])
    const allowed = {
      type: 'allowed_tools' as const,
      mode: 'required' as const,
      tools: [{ type: 'function', name: 'other' }],
    }
    const one = await client.responses.create({ ...ask, tool_choice: allowed })
    expect(one.output).toMatchObject([{ type: 'function_call', name: 'other' }])
  })
})

describe('a response in a format', () => {
  const Event = z.object({ name: z.string(), guests: z.array(z.string()), isOpen: z.boolean() })

  it('is parsed by the schema that was asked for', async () => {
    const client = testSimulator().v1()
    const text = { format: zodTextFormat(Event, 'event') }
    const response = await client.responses.parse({ model: 'gpt-4o', input: 'Plan an event.', text })
    expect(Event.safeParse(response.output_parsed).success).toBe(true)
    expect(response.text?.format).toMatchObject({ type: 'json_schema', name: 'event', strict: true, description: null })
    const streamed = await client.responses.stream({ model: 'gpt-4o', input: 'Plan an event.', text }).finalResponse()
    expect(Event.safeParse(streamed.output_parsed).success).toBe(true)
  })

  it('is any object where only JSON is asked for, which the input has to say', async () => {
    const client = testSimulator().v1()
    const ask = { model: 'gpt-4o', text: { format: { type: 'json_object' as const } } }
    const response = await client.responses.create({ ...ask, input: 'Answer in JSON.' })
    expect(JSON.parse(response.output_text)).toBeTypeOf('object')
    await expect(client.responses.create({ ...ask, input: 'Answer.' })).rejects.toMatchObject({
      status: 400,
      param: 'input',
    })
  })
})

describe('a response of a model that thinks', () => {
  it('has an item of its thoughts, counted in the usage, and a summary where one is asked for', async () => {
    const client = testSimulator().v1()
    const plain = await client.responses.create({ model: 'gpt-5', input: 'Why?' })
    expect(plain.output.map(({ type }) => type)).toEqual(['reasoning', 'message'])
    expect(plain.output[0]).toMatchObject({ summary: [] })
    expect(plain.output[0]).not.toHaveProperty('encrypted_content')
    expect(plain.reasoning).toEqual({ effort: 'medium', summary: null })
    const { reasoning_tokens: thought } = plain.usage!.output_tokens_details
    // What is over a step of 64 is in the sum alone (recorded February 2026).
    const over = plain.usage!.output_tokens - thought - countTokens(plain.output_text, 'o200k_base')
    expect(over).toBeGreaterThanOrEqual(0)
    expect(over).toBeLessThan(64)
    expect(thought + over).toBeGreaterThan(0)

    const stream = client.responses.stream({
      model: 'gpt-5-nano',
      input: 'Why?',
      // Of short thoughts there may be nothing to sum up.
      reasoning: { effort: 'high', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    })
    const events = await all(stream)
    const [item] = (await stream.finalResponse()).output
    if (item?.type !== 'reasoning') throw new Error('no thoughts')
    expect(item.encrypted_content).toMatch(/^gAAAAAB[\w-]{100,}={0,2}$/)
    const deltas = ofType(events, 'response.reasoning_summary_text.delta')
    expect(item.summary).toEqual([{ type: 'summary_text', text: deltas.map(({ delta }) => delta).join('') }])
  })

  it('takes the time of its thoughts before it says a word', async () => {
    const clock = manualClock()
    const simulator = testSimulator({ latency: { chatCompletions: { interToken: '10ms' } } }, { clock })
    const ask = { model: 'gpt-5.2', input: 'Why?', max_output_tokens: 5_000, stream: true } as const
    for (const reasoning of [{ effort: 'low' }, { effort: 'low', summary: 'detailed' }] as const) {
      const startedAtMs = clock.now()
      const pending = simulator.v1().responses.create({ ...ask, reasoning })
      await clock.advanceAsync(10)
      const stream = await pending
      let firstWordMs: number | undefined
      let thought = 0
      const reading = (async () => {
        for await (const event of stream) {
          if (event.type === 'response.output_text.delta') firstWordMs ??= clock.now() - startedAtMs
          if (event.type === 'response.incomplete')
            thought = event.response.usage!.output_tokens_details.reasoning_tokens
        }
      })()
      await clock.advanceAsync(60_000)
      await reading
      expect(firstWordMs).toBe(10 * (thought + 1))
    }
  })

  it('says nothing where its thoughts use up all tokens', async () => {
    const response = await testSimulator().v1().responses.create({ model: 'o3', input: 'Why?', max_output_tokens: 16 })
    expect(response).toMatchObject({ status: 'incomplete', output: [{ type: 'reasoning' }], output_text: '' })
  })

  it('refuses efforts that the model does not have, and sampling', async () => {
    const { responses } = testSimulator().v1()
    await expect(
      responses.create({ model: 'gpt-5.1', input: 'hi', reasoning: { effort: 'minimal' } }),
    ).rejects.toMatchObject({ status: 400, param: 'reasoning.effort', code: 'unsupported_value' })
    await expect(
      responses.create({ model: 'gpt-4.1', input: 'hi', reasoning: { effort: 'low' } }),
    ).rejects.toMatchObject({ status: 400, param: 'reasoning.effort', code: 'unsupported_parameter' })
    await expect(responses.create({ model: 'o3', input: 'hi', temperature: 0.2 })).rejects.toMatchObject({
      status: 400,
      param: 'temperature',
    })
    expect((await responses.create({ model: 'o3', input: 'hi', temperature: 1 })).status).toBe('completed')
  })
})
