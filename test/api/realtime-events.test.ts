/** The client's events and what is answered to bad ones; the shape of the previews; the end of a session. */
import { afterEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/sim/random.ts'
import { manualClock } from '../support/manual-clock.ts'
import { serveLive, tone } from '../support/live-client.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
const address = '/openai/v1/realtime?model=gpt-realtime'
const preview = '/openai/realtime?api-version=2024-10-01-preview&deployment=gpt-4o-realtime-preview'
const user = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })

describe('the limits that a session tells', () => {
  it('are those after the answer, and back by their share of a minute (recorded October 2024)', async () => {
    const { dial } = await serveLive(stops, {
      deployments: { voice: { model: 'gpt-realtime', tokensPerMinute: 4_000, requestsPerMinute: 240 } },
      rules: [{ then: { text: 'Good morning to you.' } }],
    })
    const live = await dial('/openai/v1/realtime?model=voice')
    const response = { output_modalities: ['text'] }
    const { rate_limits: limits } = await live.ask({ type: 'response.create', response }, 'rate_limits.updated')
    const done = await live.until('response.done')
    const { total_tokens: used } = (done['response'] as { usage: { total_tokens: number } }).usage
    expect(limits).toEqual([
      { name: 'requests', limit: 240, remaining: 239, reset_seconds: 0.25 },
      { name: 'tokens', limit: 4_000, remaining: 4_000 - used, reset_seconds: (used * 60) / 4_000 },
    ])
  })
})

describe('the events of a client', () => {
  const item = (given: object) => ({ type: 'conversation.item.create', item: given })
  const updated = (session: object) => ({ type: 'session.update', session: { type: 'realtime', ...session } })
  const answer = (response: object) => ({ type: 'response.create', response })
  const picture = { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' }
  const message = (part: object, more: object = {}) => item({ type: 'message', role: 'user', content: [part], ...more })

  it.each([
    [{}, 'missing_required_parameter', 'type'],
    [{ type: 5 }, 'invalid_type', 'type'],
    [{ type: 'input_audio_buffer.append', audio: 'AAAA', format: 'pcm' }, 'unknown_parameter', 'format'],
    [{ type: 'input_audio_buffer.append', audio: 'AAAA', event_id: 7 }, 'invalid_type', 'event_id'],
    [updated({ prompt: 5 }), 'invalid_type', 'session.prompt'],
    [updated({ prompt: {} }), 'missing_required_parameter', 'session.prompt.id'],
    [updated({ reasoning: { effort: 'huge' } }), 'invalid_value', 'session.reasoning.effort'],
    [updated({ tracing: 'never' }), 'invalid_value', 'session.tracing'],
    [updated({ tracing: { name: 'a' } }), 'unknown_parameter', 'session.tracing.name'],
    [message({ type: 'input_text', text: 'a' }, { status: 'odd' }), 'invalid_value', 'item.status'],
    [message({ ...picture, image_url: 'nowhere' }), 'invalid_value', 'item.content[0].image_url'],
    [message({ ...picture, detail: 'blurred' }), 'invalid_value', 'item.content[0].detail'],
    [item({ type: 'mcp_call', server_label: 'a', name: 'b' }), 'missing_required_parameter', 'item.arguments'],
    [item({ type: 'mcp_list_tools', server_label: 'a' }), 'missing_required_parameter', 'item.tools'],
    [answer({ input: [{ type: 'item_reference', id: 'nobody' }] }), 'invalid_value', 'response.input[0].id'],
    [answer({ metadata: { a: 'b'.repeat(513) } }), 'string_above_max_length', 'response.metadata.a'],
    [
      answer({ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`k${at}`, 'v'])) }),
      'object_above_max_properties',
      'response.metadata',
    ],
  ])('are refused with what is wrong: %j', async (event, code, param) => {
    const { dial } = await serveLive(stops)
    const live = await dial(address)
    expect(await live.ask(event, 'error')).toMatchObject({ error: { code, param } })
    expect(live.events.some(({ type }) => type === 'response.created')).toBe(false)
  })

  it('are refused where they are not as they have to be, and the session lives on', async () => {
    const { dial, simulator } = await serveLive(stops)
    const live = await dial(address)
    const refused = async (event: object | string) => {
      const { error } = await live.ask(event, 'error')
      const { type, code, message, param, event_id } = error as Record<string, unknown>
      expect(type).toBe('invalid_request_error')
      return { code, message, param, event_id }
    }
    const update = (session: object) => ({ type: 'session.update', session, event_id: 'mine' })
    // Quoted by users (October 2024, August 2026).
    expect(await refused(update({ type: 'realtime', input_audio_format: 'pcm16' }))).toEqual({
      code: 'unknown_parameter',
      message: "Unknown parameter: 'session.input_audio_format'.",
      param: 'session.input_audio_format',
      event_id: 'mine',
    })
    const input = (given: object) => update({ type: 'realtime', audio: { input: given } })
    expect(await refused(input({ transcription: { model: 'whisper-1', enabled: true } }))).toMatchObject({
      code: 'unknown_parameter',
      param: 'session.audio.input.transcription.enabled',
    })
    expect(await refused(input({ turn_detection: { type: 'semantic_vad', threshold: 0.5 } }))).toMatchObject({
      code: 'unknown_parameter',
      param: 'session.audio.input.turn_detection.threshold',
    })
    expect(await refused(input({ turn_detection: { type: 'server_vad', threshold: 2 } }))).toMatchObject({
      code: 'decimal_above_max_value',
      param: 'session.audio.input.turn_detection.threshold',
    })
    expect(await refused(input({ format: { type: 'audio/pcm', rate: 16_000 } }))).toMatchObject({
      code: 'invalid_value',
      param: 'session.audio.input.format.rate',
    })
    expect(await refused(input({ format: { type: 'audio/mp3' } }))).toMatchObject({
      message: "Invalid value: 'audio/mp3'. Supported values are: 'audio/pcm', 'audio/pcmu', and 'audio/pcma'.",
      param: 'session.audio.input.format.type',
    })
    expect(await refused(update({ type: 'realtime', audio: { output: { voice: 'nobody' } } }))).toMatchObject({
      code: 'invalid_value',
      param: 'session.audio.output.voice',
    })
    expect(await refused(update({}))).toMatchObject({ code: 'missing_required_parameter', param: 'session.type' })
    expect(await refused({ type: 'session.update' })).toMatchObject({ code: 'missing_required_parameter' })
    expect(await refused({ type: 'nonsense' })).toMatchObject({ code: 'invalid_value', param: 'type' })
    expect(await refused({ type: 7 })).toMatchObject({ param: 'type' })
    expect(await refused({})).toMatchObject({ param: 'type' })
    expect(await refused({ type: '__proto__' })).toMatchObject({ param: 'type' })
    for (const text of ['no json', '[]', '"x"', '{"type":']) expect(await refused(text)).toMatchObject({ param: null })
    // Quoted by users (November 2024).
    expect(await refused({ type: 'input_audio_buffer.append', audio: 'n*n*n*' })).toMatchObject({
      code: 'invalid_value',
      message: "Invalid 'audio'. Expected base64-encoded audio bytes (mono PCM16 at 24kHz) but got an invalid value.",
    })
    expect(await refused({ type: 'input_audio_buffer.append', audio: 5 })).toMatchObject({ code: 'invalid_type' })
    expect(await refused({ type: 'input_audio_buffer.append' })).toMatchObject({ code: 'missing_required_parameter' })
    expect(await refused({ type: 'input_audio_buffer.commit' })).toMatchObject({
      code: 'input_audio_buffer_commit_empty',
    })
    expect(await refused({ type: 'response.cancel' })).toMatchObject({
      code: 'response_cancel_not_active',
      message: 'Cancellation failed: no active response found',
    })
    expect(await refused({ type: 'output_audio_buffer.clear' })).toMatchObject({ code: 'invalid_value' })
    const about = (type: string, more = {}) => ({ type: `conversation.item.${type}`, item_id: 'item_none', ...more })
    expect(await refused(about('truncate', { content_index: 0, audio_end_ms: 1 }))).toMatchObject({
      code: 'item_truncate_invalid_item_id',
      message: 'Item with item_id not found: item_none',
    })
    expect(await refused(about('truncate', { content_index: 0, audio_end_ms: -1 }))).toMatchObject({
      param: 'audio_end_ms',
    })
    expect(await refused(about('retrieve'))).toMatchObject({ code: 'item_retrieve_invalid_item_id' })
    expect(await refused(about('delete'))).toMatchObject({ code: 'item_delete_invalid_item_id' })
    const create = (item: unknown, more = {}) => ({ type: 'conversation.item.create', item, ...more })
    expect(
      await refused(create({ type: 'message', role: 'user', content: [{ type: 'output_text', text: 'x' }] })),
    ).toMatchObject({
      param: 'item.content[0].type',
    })
    expect(await refused(create({ type: 'message', role: 'tool', content: [] }))).toMatchObject({ param: 'item.role' })
    expect(await refused(create({ type: 'function_call_output', call_id: 'call_none', output: 'x' }))).toMatchObject({
      message: "Tool call ID 'call_none' not found in conversation.",
    })
    expect(await refused(create(user('x'), { previous_item_id: 'item_none' }))).toMatchObject({
      param: 'previous_item_id',
    })
    expect(await refused(create({ ...user('x'), nonsense: 1 }))).toMatchObject({ param: 'item.nonsense' })
    expect(await refused({ type: 'response.create', response: { modalities: ['text'] } })).toMatchObject({
      code: 'unknown_parameter',
      param: 'response.modalities',
    })
    expect(await refused({ type: 'response.create', response: { max_output_tokens: 5_000 } })).toMatchObject({
      param: 'response.max_output_tokens',
    })
    expect(await refused({ type: 'response.create', nonsense: 1 })).toMatchObject({ param: 'nonsense' })
    const session = await live.ask(update({ type: 'realtime', instructions: 'Still here.' }), 'session.updated')
    expect(session).toMatchObject({ session: { instructions: 'Still here.' } })
    expect(simulator.errors).toHaveLength(0)
  })

  it('may be anything, and the session lives on', async () => {
    const values: readonly unknown[] = [
      ...[null, 0, -1, 1e308, '', 'root', [], {}, [[]], [null], 'AAAA', { length: {} }],
      ...[
        user('a'),
        { type: 'function_call', name: 'f', arguments: '{' },
        { type: 'mcp_call' },
        { type: 'semantic_vad' },
      ],
      {
        type: 'realtime',
        tools: [{ type: 'function', name: 'f', parameters: { $ref: '#' } }],
        tool_choice: 'required',
      },
      { conversation: 'none', input: [{ type: 'item_reference', id: 'q' }] },
      { type: 'realtime', audio: { input: { turn_detection: null } } },
    ]
    const fields = ['session', 'audio', 'item', 'item_id', 'audio_end_ms', 'response', 'previous_item_id', 'type']
    const random = seededRandom(3)
    const pick = <T>(all: readonly T[]) => all[random.below(all.length)]!
    for (const path of [address, preview, '/openai/v1/realtime?intent=transcription']) {
      const { dial, simulator } = await serveLive(stops)
      const live = await dial(path)
      const names = ['session.update', 'transcription_session.update', 'input_audio_buffer.append', 'response.create']
      const more = [
        'conversation.item.create',
        'conversation.item.truncate',
        'response.cancel',
        'output_audio_buffer.clear',
      ]
      for (let n = 0; n < 300; n++) {
        const event: Record<string, unknown> = { type: pick([...names, ...more]) }
        for (let field = random.below(4); field > 0; field--) event[pick(fields)] = pick(values)
        live.send(event)
      }
      expect(await live.ask({ type: 'last', event_id: 'last' }, 'error')).toBeDefined()
      while (!live.texts.some((text) => text.includes('"last"'))) await live.until('error', live.events.length)
      expect(simulator.errors).toHaveLength(0)
    }
  })

  it('build a conversation item by item', async () => {
    const { dial } = await serveLive(stops)
    const live = await dial(address)
    const create = (item: object, previous?: string) =>
      live.ask(
        { type: 'conversation.item.create', item, ...(previous !== undefined && { previous_item_id: previous }) },
        'conversation.item.done',
      )
    expect(await create({ ...user('one'), id: 'item_1' })).toMatchObject({ previous_item_id: null })
    expect(await create({ ...user('three'), id: 'item_3' })).toMatchObject({ previous_item_id: 'item_1' })
    expect(await create({ ...user('two'), id: 'item_2' }, 'item_1')).toMatchObject({ previous_item_id: 'item_1' })
    expect(await create({ ...user('zero'), id: 'item_0' }, 'root')).toMatchObject({ previous_item_id: null })
    const named = (type: string, id: string) => ({ type: `conversation.item.${type}`, item_id: id })
    expect(await live.ask(named('retrieve', 'item_2'), 'conversation.item.retrieved')).toMatchObject({
      item: { id: 'item_2', status: 'completed', content: [{ type: 'input_text', text: 'two' }] },
    })
    expect(await live.ask(named('delete', 'item_2'), 'conversation.item.deleted')).toMatchObject({ item_id: 'item_2' })
    expect(await live.ask(named('retrieve', 'item_2'), 'error')).toBeDefined()
    const again = { type: 'conversation.item.create', item: { ...user('x'), id: 'item_1' } }
    expect(await live.ask(again, 'error')).toMatchObject({ error: { param: 'item.id' } })
    live.send({ type: 'input_audio_buffer.append', audio: tone(500, 0).toString('base64') })
    await live.ask({ type: 'input_audio_buffer.clear' }, 'input_audio_buffer.cleared')
    expect(await live.ask({ type: 'input_audio_buffer.commit' }, 'error')).toBeDefined()
  })

  it('order one response at a time, beside which others may be made that leave no trace', async () => {
    const clock = manualClock(1_000_000)
    const slow = { latency: { chatCompletions: { timeToFirstToken: '1s', interToken: '10ms' } } }
    const { dial } = await serveLive(
      stops,
      { ...slow, rules: [{ then: { text: 'Seven words that nobody has heard.' } }] },
      { clock },
    )
    const live = await dial(address)
    const created = await live.ask({ type: 'response.create' }, 'response.created')
    const { id } = created['response'] as { id: string }
    expect(await live.ask({ type: 'response.create' }, 'error')).toMatchObject({
      error: {
        code: 'conversation_already_has_active_response',
        message: `Conversation already has an active response in progress: ${id}. Wait until the response is finished before creating a new one.`,
      },
    })
    const response = {
      conversation: 'none',
      input: [user('Apart')],
      output_modalities: ['text'],
      metadata: { topic: 'a' },
    }
    const apart = await live.ask({ type: 'response.create', response }, 'response.created')
    expect(apart).toMatchObject({ response: { conversation_id: null, metadata: { topic: 'a' } } })
    const { id: apartId } = apart['response'] as { id: string }
    const cancel = { type: 'response.cancel', response_id: apartId }
    expect(await live.ask(cancel, 'response.done')).toMatchObject({
      response: { id: apartId, status: 'cancelled', status_details: { type: 'cancelled', reason: 'client_cancelled' } },
    })
    const from = live.events.length
    await clock.advanceAsync(5_000)
    expect(await live.until('response.done', from)).toMatchObject({ response: { id, status: 'completed' } })
    const added = live.events.filter(({ type }) => type === 'conversation.item.added')
    expect(added).toHaveLength(1)
    const voice = { type: 'session.update', session: { type: 'realtime', audio: { output: { voice: 'verse' } } } }
    expect(await live.ask(voice, 'error')).toMatchObject({ error: { code: 'cannot_update_voice' } })
  })

  it('meet the limits, which are told after each response', async () => {
    const { dial } = await serveLive(stops, {
      deployments: { 'gpt-realtime': { model: 'gpt-realtime', requestsPerMinute: 10, tokensPerMinute: 2_000 } },
    })
    const live = await dial(address)
    live.send({ type: 'response.create', response: { output_modalities: ['text'], max_output_tokens: 20 } })
    const { rate_limits: limits } = await live.until('rate_limits.updated')
    expect(limits).toMatchObject([
      { name: 'requests', limit: 10 },
      { name: 'tokens', limit: 2_000 },
    ])
    for (const { remaining, limit, reset_seconds } of limits as Record<string, number>[]) {
      expect(remaining).toBeLessThan(limit!)
      expect(reset_seconds).toBeGreaterThanOrEqual(0)
    }
    let done: unknown
    for (let n = 0; n < 20 && !JSON.stringify(done ?? '').includes('failed'); n++)
      done = (await live.ask({ type: 'response.create', response: { output_modalities: ['text'] } }, 'response.done'))[
        'response'
      ]
    expect(done).toMatchObject({
      status: 'failed',
      status_details: { type: 'failed', error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
    })
  })
})

describe('a session of the previews', () => {
  it('is flat, and its events have other names', async () => {
    const { dial } = await serveLive(stops)
    const live = await dial(preview)
    const created = await live.until('session.created')
    // Recorded October 2024.
    expect(Object.keys(created['session'] as object).sort()).toEqual(
      [
        ...['id', 'object', 'model', 'expires_at', 'modalities', 'instructions', 'voice', 'turn_detection'],
        ...['input_audio_format', 'output_audio_format', 'input_audio_transcription', 'tool_choice', 'temperature'],
        ...['max_response_output_tokens', 'tools'],
      ].sort(),
    )
    await live.until('conversation.created')
    const tools = [{ type: 'function', name: 'weather', parameters: { type: 'object', properties: {} } }]
    const session = { modalities: ['text'], temperature: 0.7, tools, turn_detection: null }
    expect(await live.ask({ type: 'session.update', session }, 'session.updated')).toMatchObject({ session })
    const other = { type: 'session.update', session: { type: 'realtime' } }
    expect(await live.ask(other, 'error')).toMatchObject({
      error: { code: 'unknown_parameter', message: "Unknown parameter: 'session.type'." },
    })
    expect(
      await live.ask({ type: 'conversation.item.create', item: user('Hello') }, 'conversation.item.created'),
    ).toMatchObject({ item: { object: 'realtime.item', role: 'user' } })
    const done = await live.ask(
      { type: 'response.create', response: { modalities: ['audio', 'text'], tool_choice: 'none' } },
      'response.done',
    )
    expect(Object.keys(done['response'] as object)).toEqual([
      ...['object', 'id', 'status', 'status_details', 'conversation_id', 'max_output_tokens', 'output'],
      ...['modalities', 'voice', 'output_audio_format', 'usage', 'metadata'],
    ])
    expect(done).toMatchObject({
      response: {
        modalities: ['audio', 'text'],
        output_audio_format: 'pcm16',
        output: [{ object: 'realtime.item', content: [{ type: 'audio' }] }],
      },
    })
    const { usage } = done['response'] as { usage: { input_token_details: object } }
    expect(Object.keys(usage.input_token_details)).toEqual(['cached_tokens', 'text_tokens', 'audio_tokens'])
    const kinds = new Set(live.events.map(({ type }) => type))
    for (const kind of ['response.audio.delta', 'response.audio_transcript.delta', 'response.audio.done'])
      expect(kinds).toContain(kind)
    expect([...kinds].filter((kind) => /output_audio|conversation\.item\.(?:added|done)/.test(kind))).toEqual([])
    expect(live.events.every((event) => typeof event['event_id'] === 'string')).toBe(true)
  })
})

describe('the end of a session', () => {
  it.each([
    [{}, 60],
    [{ live: { maxTime: '2min' } }, 2],
  ])('comes when it may last no longer: %o', async (input, minutes) => {
    const clock = manualClock(1_000_000)
    const { dial } = await serveLive(stops, input, { clock })
    const live = await dial(address)
    expect(await live.until('session.created')).toMatchObject({ session: { expires_at: 1_000 + minutes * 60 } })
    clock.advance(minutes * 60_000 - 1)
    await live.ask({ type: 'session.update', session: { type: 'realtime' } }, 'session.updated')
    clock.advance(1)
    expect(await live.until('error')).toMatchObject({
      error: {
        type: 'invalid_request_error',
        code: 'session_expired',
        message: `Your session hit the maximum duration of ${minutes} minutes.`,
        param: null,
        event_id: null,
      },
    })
    expect(await live.closed()).toBe(1001)
  })
})
