import type { Response } from 'openai/resources/responses/responses'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const model = 'gpt-4.1'
/** A second in the queue, then ten and a half seconds for the 21 tokens that are asked for. */
const slow = {
  latency: { chatCompletions: { interToken: '500ms' } },
  responses: { queueTime: '1s' },
}
const ask = { model, input: 'Write.', max_output_tokens: 21, background: true } as const

describe('a stored response', () => {
  it('can be had again, is deleted once, and is not found then', async () => {
    const { responses } = testSimulator().v1()
    const made = await responses.create({ model, input: 'hi', metadata: { a: 'b' } })
    expect(await responses.retrieve(made.id)).toEqual(made)
    await responses.delete(made.id)
    await expect(responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
    await expect(responses.delete(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it('is not kept where the request says so', async () => {
    const { responses } = testSimulator().v1()
    const made = await responses.create({ model, input: 'hi', store: false })
    await expect(responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
    await expect(responses.create({ model, input: 'hi', previous_response_id: made.id })).rejects.toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
    })
  })

  it('is continued with all that was said before it in the prompt', async () => {
    const { responses } = testSimulator().v1()
    const first = await responses.create({ model, input: 'My name is Ada.', instructions: 'Be brief.' })
    const second = await responses.create({ model, input: 'What is it?', previous_response_id: first.id })
    expect(second.previous_response_id).toBe(first.id)
    const whole = await responses.inputTokens.count({
      model,
      input: [
        { role: 'user', content: 'My name is Ada.' },
        { role: 'assistant', content: first.output_text },
        { role: 'user', content: 'What is it?' },
      ],
    })
    // Instructions hold for their own request alone.
    expect(second.usage!.input_tokens).toBe(whole.input_tokens)
    const third = await responses.create({ model, input: 'Sure?', previous_response_id: second.id })
    expect(third.usage!.input_tokens).toBeGreaterThan(second.usage!.total_tokens)
  })

  it('lists what it was made from, in pages', async () => {
    const { responses } = testSimulator().v1()
    const first = await responses.create({ model, input: 'one' })
    const input = [
      { role: 'user' as const, content: 'two' },
      { role: 'developer' as const, content: [{ type: 'input_text' as const, text: 'three' }] },
    ]
    const second = await responses.create({ model, input, previous_response_id: first.id })
    const page = await responses.inputItems.list(second.id, { order: 'asc', limit: 1 })
    expect(page.data).toMatchObject([{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'one' }] }])
    expect(page.has_more).toBe(true)
    const all: unknown[] = []
    for await (const item of responses.inputItems.list(second.id, { limit: 2 })) all.push(item)
    expect(all).toMatchObject([
      { role: 'developer', status: 'completed' },
      { role: 'user', content: [{ text: 'two' }] },
      { role: 'assistant', content: [{ text: first.output_text }] },
      { role: 'user', content: [{ text: 'one' }] },
    ])
  })

  it('lends its items to requests that name them', async () => {
    const { responses } = testSimulator().v1()
    const first = await responses.create({ model, input: 'one' })
    const [said] = first.output
    const reference = { type: 'item_reference' as const, id: (said as { id: string }).id }
    const input = [{ role: 'user' as const, content: 'one' }, reference, { role: 'user' as const, content: 'two' }]
    const byReference = await responses.create({ model, input })
    const byChain = await responses.create({ model, input: 'two', previous_response_id: first.id })
    expect(byReference.usage!.input_tokens).toBe(byChain.usage!.input_tokens)
    await expect(responses.create({ model, input: [reference], previous_response_id: first.id })).rejects.toMatchObject(
      { status: 400, message: expect.stringContaining('Duplicate item found') as string },
    )
    const unknown = { type: 'item_reference' as const, id: 'msg_0123456789abcdef' }
    await expect(responses.create({ model, input: [unknown] })).rejects.toMatchObject({ status: 400 })
  })

  it('makes room for newer ones, and is gone after its time', async () => {
    const clock = manualClock()
    const kept = { maxResponses: 2, lifetime: '1h' }
    const { responses } = testSimulator({ responses: kept }, { clock }).v1()
    const made: Response[] = []
    for (const input of ['a', 'b', 'c']) made.push(await responses.create({ model, input }))
    await expect(responses.retrieve(made[0]!.id)).rejects.toMatchObject({ status: 404 })
    expect((await responses.retrieve(made[2]!.id)).id).toBe(made[2]!.id)
    clock.advance(3_600_000)
    await expect(responses.retrieve(made[2]!.id)).rejects.toMatchObject({ status: 404 })
  })

  it('takes no more memory than is allowed, and is not kept where it alone is too large', async () => {
    const { responses } = testSimulator({ responses: { maxBytes: 30_000 } }).v1()
    const made: Response[] = []
    for (let at = 0; at < 12; at++) made.push(await responses.create({ model, input: 'x'.repeat(2_000) }))
    const isThere = async ({ id }: Response) =>
      responses.retrieve(id).then(
        () => true,
        () => false,
      )
    const there = await Promise.all(made.map(isThere))
    expect(there.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => false))
    expect(there.at(-1)).toBe(true)
    const large = await responses.create({ model, input: 'word '.repeat(5_000) })
    expect(await isThere(large)).toBe(false)
  })

  it('is known to its own resource alone', async () => {
    const made = await testSimulator().v1().responses.create({ model, input: 'a' })
    await expect(testSimulator().v1().responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })
})

describe('a response in the background', () => {
  it('is queued, in progress and completed by the clock, while its client asks for it', async () => {
    const clock = manualClock(1_700_000_000_000)
    const { responses } = testSimulator(slow, { clock }).v1()
    const made = await responses.create(ask)
    expect(made).toMatchObject({ status: 'queued', background: true, output: [], usage: null, completed_at: null })
    clock.advance(999)
    expect((await responses.retrieve(made.id)).status).toBe('queued')
    clock.advance(1)
    expect(await responses.retrieve(made.id)).toMatchObject({ status: 'in_progress', output: [] })
    clock.advance(10_499)
    expect((await responses.retrieve(made.id)).status).toBe('in_progress')
    clock.advance(1)
    const ended = await responses.retrieve(made.id)
    expect(ended).toMatchObject({ id: made.id, status: 'incomplete', usage: { output_tokens: 21 } })
    expect(ended.output_text).not.toBe('')
    // Nothing runs for it: a stop would have nothing to wait for.
    expect(clock.waiting).toBe(0)
  })

  it('says when it was completed', async () => {
    const clock = manualClock(1_700_000_000_000)
    const { responses } = testSimulator({ responses: { queueTime: '5s' } }, { clock }).v1()
    const made = await responses.create({ model, input: 'hi', background: true })
    clock.advance(60_000)
    expect(await responses.retrieve(made.id)).toMatchObject({ status: 'completed', completed_at: 1_700_000_005 })
  })

  it('is cancelled once and for all, but not when it is over, and never in the foreground', async () => {
    const clock = manualClock()
    const { responses } = testSimulator(slow, { clock }).v1()
    const made = await responses.create(ask)
    clock.advance(3_000)
    expect(await responses.cancel(made.id)).toMatchObject({ status: 'cancelled', output: [] })
    clock.advance(60_000)
    expect((await responses.cancel(made.id)).status).toBe('cancelled')
    expect((await responses.retrieve(made.id)).status).toBe('cancelled')
    const other = await responses.create(ask)
    clock.advance(60_000)
    expect((await responses.cancel(other.id)).status).toBe('incomplete')
    const plain = responses.create({ model, input: 'hi' })
    await clock.advanceAsync(1_000_000)
    await expect(responses.cancel((await plain).id)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('Cannot cancel a synchronous response.') as string,
    })
  })

  it('has to be stored', async () => {
    const create = testSimulator()
      .v1()
      .responses.create({ ...ask, store: false })
    await expect(create).rejects.toMatchObject({ status: 400, param: 'background' })
  })

  it('goes on without its reader, who comes back for the rest of the stream', async () => {
    const clock = manualClock()
    const client = testSimulator(slow, { clock }).v1()
    const seen: { type: string; sequence_number: number }[] = []
    let id = ''
    const pending = client.responses.create({ ...ask, stream: true })
    await clock.advanceAsync(0)
    const first = await pending
    const reading = (async () => {
      for await (const event of first) {
        if (event.type === 'response.created') id = event.response.id
        seen.push(event)
        if (seen.length === 8) break
      }
    })()
    await clock.advanceAsync(4_000)
    await reading
    expect(seen.slice(0, 3).map(({ type }) => type)).toEqual([
      'response.created',
      'response.queued',
      'response.in_progress',
    ])
    await clock.advanceAsync(2_000)
    expect((await client.responses.retrieve(id)).status).toBe('in_progress')

    const resumed = await client.responses.retrieve(id, { stream: true, starting_after: seen.at(-1)!.sequence_number })
    const rest = (async () => {
      for await (const event of resumed) seen.push(event)
    })()
    await clock.advanceAsync(60_000)
    await rest
    expect(seen.map(({ sequence_number: number }) => number)).toEqual(seen.map((_, index) => index))
    expect(seen.at(-1)?.type).toBe('response.incomplete')

    // The helper reads it from its start, and tells only what is new.
    const told: number[] = []
    const helper = client.responses.stream({ response_id: id, starting_after: 10 })
    helper.on('event', ({ sequence_number: number }) => told.push(number))
    await clock.advanceAsync(0)
    const final = await helper.finalResponse()
    expect(told[0]).toBe(11)
    expect(final.output_text).toBe((await client.responses.retrieve(id)).output_text)
  })

  // Recorded February 2026: 1.0 in the first two events, 1 from the third on, and 1 in all of a replay.
  it('has decimal points in its first two events alone, and none when they are read anew', async () => {
    const simulator = testSimulator({ responses: { queueTime: '0s' } })
    const temperatures = (text: string) => text.match(/(?<="temperature":)[^,]+/g)
    const made = await simulator.post('/openai/v1/responses', { model, input: 'hi', background: true, stream: true })
    const text = await made.text()
    expect(temperatures(text)).toEqual(['1.0', '1.0', '1', '1'])
    const [id] = text.match(/resp_\w+/) ?? []
    const again = await simulator.request(`/openai/v1/responses/${id}?stream=true`)
    expect(temperatures(await again.text())).toEqual(['1', '1', '1', '1'])
    const whole = await simulator.post('/openai/v1/responses', { model, input: 'hi', stream: true })
    expect(temperatures(await whole.text())).toEqual(['1.0', '1.0', '1.0'])
  })

  it('ends its stream when it is cancelled', async () => {
    const clock = manualClock()
    const client = testSimulator(slow, { clock }).v1()
    const pending = client.responses.create({ ...ask, stream: true })
    await clock.advanceAsync(0)
    const types: string[] = []
    let id = ''
    const reading = (async () => {
      for await (const event of await pending) {
        if (event.type === 'response.created') id = event.response.id
        types.push(event.type)
      }
    })()
    await clock.advanceAsync(3_000)
    await client.responses.cancel(id)
    await clock.advanceAsync(1_000)
    await reading
    expect(types).not.toContain('response.incomplete')
    expect(clock.waiting).toBe(0)
  })

  it('cannot be streamed where it was not asked for as a stream', async () => {
    const { responses } = testSimulator({ responses: { queueTime: '0s' } }).v1()
    const plain = await responses.create({ model, input: 'hi' })
    await expect(responses.retrieve(plain.id, { stream: true })).rejects.toMatchObject({ status: 400 })
    const whole = await responses.create({ model, input: 'hi', background: true })
    await expect(responses.retrieve(whole.id, { stream: true })).rejects.toMatchObject({ status: 400 })
  })
})

describe('a conversation', () => {
  it('is compacted to what its user said and an item that is fewer tokens', async () => {
    const { responses } = testSimulator({ generate: { medianTokens: 400 } }).v1()
    const first = await responses.create({ model, input: 'Tell me much.' })
    const second = await responses.create({ model, input: 'More.', previous_response_id: first.id })
    const compacted = await responses.compact({ model: 'gpt-4.1', previous_response_id: second.id })
    expect(compacted).toMatchObject({ object: 'response.compaction' })
    expect(compacted.output.map(({ type }) => type)).toEqual(['message', 'message', 'compaction'])
    expect(compacted.usage.input_tokens).toBeGreaterThan(second.usage!.input_tokens)
    const input = [...compacted.output, { role: 'user' as const, content: 'And?' }] as never
    const next = await responses.create({ model, input })
    expect(next.usage!.input_tokens).toBeLessThan(compacted.usage.input_tokens / 2)
    expect(next.usage!.input_tokens).toBeGreaterThan(compacted.usage.output_tokens)
  })

  it('is refused where calls and their outputs do not go together', async () => {
    const { responses } = testSimulator().v1()
    const output = { type: 'function_call_output' as const, call_id: 'call_x', output: '1' }
    await expect(responses.create({ model, input: [output] })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('No tool call found for function call output with call_id call_x.') as string,
    })
    const call = { type: 'function_call' as const, call_id: 'call_x', name: 'f', arguments: '{}' }
    await expect(responses.create({ model, input: [call] })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('No tool output found for function call call_x.') as string,
    })
    expect((await responses.create({ model, input: [call, output] })).status).toBe('completed')
  })

  it.each([
    [{ model, input: 'a', foo: 1 }, 'foo', 'unknown_parameter'],
    [{ model }, 'input', 'missing_required_parameter'],
    [{ input: 'a' }, 'model', 'missing_required_parameter'],
    [{ model, input: 'a', max_output_tokens: 1 }, 'max_output_tokens', 'integer_below_min_value'],
    [{ model, input: [{ role: 'user', content: 5 }] }, 'input[0].content', 'invalid_type'],
    [{ model, input: [{ role: 'king', content: 'a' }] }, 'input[0]', 'invalid_value'],
    [{ model, input: [{ type: 'song', content: 'a' }] }, 'input[0]', 'invalid_value'],
    [
      { model, input: [{ role: 'assistant', content: [{ type: 'input_text', text: 'a' }] }] },
      'input[0].content[0]',
      'invalid_value',
    ],
    [
      { model, input: [{ role: 'user', content: [{ type: 'input_text' }] }] },
      'input[0].content[0].text',
      'missing_required_parameter',
    ],
    [{ model, input: 'a', tools: [{ type: 'function' }] }, 'tools[0].name', 'missing_required_parameter'],
    [{ model, input: 'a', tool_choice: { type: 'function', name: 'f' } }, 'tool_choice', null],
    [{ model, input: 'a', text: { format: { type: 'xml' } } }, 'text.format.type', 'invalid_value'],
    [
      { model, input: 'a', text: { format: { type: 'json_schema', schema: {} } } },
      'text.format.name',
      'missing_required_parameter',
    ],
  ])('is refused in the words of the service: %j', async (body, param, code) => {
    const simulator = testSimulator()
    const answer = await simulator.post('/openai/v1/responses', body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error', param, code } })
    expect(simulator.errors).toEqual([])
  })

  it('is refused where it is longer than the model reads', async () => {
    const { responses } = testSimulator().v1()
    const input = Array.from({ length: 4 }, () => ({ role: 'user' as const, content: 'word '.repeat(100_000) }))
    await expect(responses.create({ model: 'gpt-4o', input })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
      param: 'input',
    })
  })

  it('is refused of versions from before this API', async () => {
    const { responses } = testSimulator().azure()
    for (const attempt of [() => responses.create({ model, input: 'a' }), () => responses.retrieve('resp_x')])
      await expect(attempt()).rejects.toMatchObject({
        status: 400,
        message: expect.stringContaining('2025-03-01-preview and later') as string,
      })
  })

  it('is not found on a deployment that is not there, in words of its own', async () => {
    const simulator = testSimulator({ allowUndefinedDeployments: false })
    await expect(simulator.v1().responses.create({ model, input: 'a' })).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('Could not find an existing deployment') as string,
    })
  })
})

describe('a conversation that grows', () => {
  const turns = Array.from({ length: 40 }, (_, at) => ({
    role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
    content: `${at} ${'word '.repeat(5_000)}`,
  }))
  const input = [...turns, { role: 'user' as const, content: 'And?' }]

  it('is refused, or loses its beginning where that is allowed', async () => {
    const { responses } = testSimulator().v1()
    await expect(responses.create({ model: 'gpt-4o', input })).rejects.toMatchObject({ status: 400 })
    const cut = await responses.create({ model: 'gpt-4o', input, truncation: 'auto', max_output_tokens: 100 })
    const { input_tokens: tokens } = cut.usage!
    // One turn more would not have fitted.
    expect(tokens).toBeLessThanOrEqual(128_000 - 101)
    expect(tokens).toBeGreaterThan(128_000 - 101 - 5_020)
    const last = { role: 'user' as const, content: 'word '.repeat(130_000) }
    await expect(
      responses.create({ model: 'gpt-4o', input: [...turns, last], truncation: 'auto' }),
    ).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' })
  })

  it('is known to the cache of prompts', async () => {
    const { responses } = testSimulator().v1()
    const first = await responses.create({ model: 'gpt-4o', input: turns.slice(0, 3) })
    expect(first.usage!.input_tokens_details.cached_tokens).toBe(0)
    const second = await responses.create({ model: 'gpt-4o', input: 'And?', previous_response_id: first.id })
    const { cached_tokens: cached } = second.usage!.input_tokens_details
    expect(cached).toBeGreaterThan(14_000)
    expect(cached).toBeLessThanOrEqual(first.usage!.input_tokens)
  })
})

describe('a response beyond the limits', () => {
  const limited = { undefinedDeployments: { tokensPerMinute: 10 } }
  const body = { model, input: 'Say something, please, and take your time.' }

  it('is refused with 429, also as a stream', async () => {
    const simulator = testSimulator(limited)
    await simulator.post('/openai/v1/responses', body)
    const { responses } = simulator.v1()
    await expect(responses.create(body)).rejects.toMatchObject({ status: 429 })
    await expect(responses.create({ ...body, stream: true })).rejects.toMatchObject({ status: 429 })
  })

  it('is refused within its stream in the words of the newer front end, where those are asked for', async () => {
    const simulator = testSimulator({ ...limited, azure: { rateLimitError: 'since2026' } })
    await simulator.post('/openai/v1/responses', body)
    const { responses } = simulator.v1()
    await expect(responses.create(body)).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' })
    const answer = await simulator.post('/openai/v1/responses', { ...body, stream: true })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    const events = (await answer.text()).trim().split('\n\n')
    expect(events.map((event) => /^event: (.*)$/m.exec(event)?.[1])).toEqual([
      'response.created',
      'error',
      'response.failed',
    ])
    expect(events[1]).toContain('"code":"rate_limit_exceeded"')
    const stream = await responses.create({ ...body, stream: true })
    await expect(
      (async () => {
        for await (const event of stream) expect(event.type).toBe('response.created')
      })(),
    ).rejects.toMatchObject({ code: 'rate_limit_exceeded' })
  })
})
