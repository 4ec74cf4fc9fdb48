/** Realtime, through the SDK over TLS and a real server (order of events recorded December 2025). */
import OpenAI from 'openai'
import { OpenAIRealtimeWS } from 'openai/realtime/ws'
import { generate } from 'selfsigned'
import { afterEach, describe, expect, it } from 'vitest'
import { startNodeHost } from '../../src/host/node.ts'
import { testSimulator } from '../support/simulator.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

type Event = Record<string, unknown> & { type: string }
const model = 'gpt-realtime-mini'

async function session(input = {}) {
  const simulator = testSimulator(input)
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }])
  const host = await startNodeHost(simulator, {
    port: 0,
    host: '127.0.0.1',
    server: simulator.config().server,
    tls: { key, cert },
  })
  stops.push(() => host.stop())
  const client = new OpenAI({ apiKey: 'test-key', baseURL: `${host.url}/openai/v1` })
  const realtime = new OpenAIRealtimeWS({ model, options: { rejectUnauthorized: false } }, client)
  stops.push(() => realtime.close())
  const events: Event[] = []
  const waiting: (() => void)[] = []
  realtime.on('event', (event) => {
    events.push(event as unknown as Event)
    for (const tell of waiting.splice(0)) tell()
  })
  realtime.on('error', () => undefined)
  const until = async (type: string, from = 0): Promise<Event> => {
    for (;;) {
      const found = events.slice(from).find((event) => event.type === type)
      if (found) return found
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  await until('session.created')
  return { events, until, send: (event: object) => realtime.send(event as never) }
}

/** So many milliseconds of a tone, or of silence. */
function sound(ms: number, loudness: number): string {
  const bytes = Buffer.alloc(ms * 48)
  for (let at = 0; at < bytes.length / 2; at++)
    bytes.writeInt16LE(Math.round(32_767 * loudness * Math.sin((2 * Math.PI * 200 * at) / 24_000)), 2 * at)
  return bytes.toString('base64')
}

const kindsOf = (events: readonly Event[]) =>
  events
    .map(({ type }) => type)
    .filter((type, at, all) => type !== all[at - 1] && !/output_audio(?:_transcript)?\.delta/.test(type))

describe('a Realtime session', () => {
  it('hears speech in the sound, answers aloud, and tells what it cost', async () => {
    const { events, until, send } = await session({
      rules: [{ then: { text: 'Good morning to you, dear listener.' } }],
    })
    const start = events.length
    for (const audio of [sound(400, 0), sound(1_000, 0.2), sound(400, 0)])
      send({ type: 'input_audio_buffer.append', audio })
    const done = await until('response.done')
    expect(kindsOf(events.slice(start))).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
    ])
    expect(events.find(({ type }) => type.endsWith('speech_started'))).toMatchObject({ audio_start_ms: 100 })
    expect(events.find(({ type }) => type.endsWith('speech_stopped'))).toMatchObject({ audio_end_ms: 1_600 })
    const bytes = events
      .filter(({ type }) => type === 'response.output_audio.delta')
      .map(({ delta }) => Buffer.from(delta as string, 'base64').length)
    const response = done['response'] as {
      output: { content: { transcript: string }[] }[]
      usage: Record<string, never>
    }
    expect(response.output[0]!.content[0]!.transcript).toBe('Good morning to you, dear listener.')
    // 15 characters a second, of 48,000 bytes each; a token of sound is 50 ms.
    const ms = bytes.reduce((sum, length) => sum + length, 0) / 48
    expect(ms).toBe(Math.ceil((35 / 15) * 1000))
    expect(response.usage).toMatchObject({
      input_token_details: { audio_tokens: 15 },
      output_token_details: { audio_tokens: Math.ceil(ms / 50) },
    })
  })

  it('hears nothing in what is quiet, and takes what is committed by hand', async () => {
    const { events, until, send } = await session()
    send({
      type: 'session.update',
      session: {
        type: 'realtime',
        audio: { input: { turn_detection: null, transcription: { model: 'whisper-1' } } },
        output_modalities: ['text'],
      },
    })
    await until('session.updated')
    send({ type: 'input_audio_buffer.append', audio: sound(50, 0.2) })
    send({ type: 'input_audio_buffer.commit' })
    expect(await until('error')).toMatchObject({ error: { code: 'input_audio_buffer_commit_empty' } })
    send({ type: 'input_audio_buffer.append', audio: sound(950, 0.001) })
    send({ type: 'input_audio_buffer.commit' })
    expect(await until('conversation.item.input_audio_transcription.completed')).toMatchObject({
      usage: { seconds: 1 },
    })
    expect(events.some(({ type }) => type.includes('speech'))).toBe(false)
    send({ type: 'response.create' })
    await until('response.output_text.done')
    send({ type: 'nonsense', event_id: 'mine' })
    send({ type: 'response.cancel' })
    await until('response.done')
  })

  it('calls tools, goes on with what they gave, and is apart where it is asked to be', async () => {
    const { events, until, send } = await session()
    const tools = [
      {
        type: 'function',
        name: 'weather',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
    ]
    send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
    })
    send({ type: 'response.create', response: { tools, tool_choice: 'required' } })
    const call = await until('response.function_call_arguments.done')
    expect(JSON.parse(call['arguments'] as string)).toHaveProperty('city')
    await until('response.done')
    const next = events.length
    send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: call['call_id'], output: 'sunny' },
    })
    send({
      type: 'response.create',
      response: { conversation: 'none', output_modalities: ['text'], metadata: { a: 'b' } },
    })
    expect(await until('response.done', next)).toMatchObject({
      response: { status: 'completed', conversation_id: null, metadata: { a: 'b' } },
    })
  })

  it('is interrupted by speech, and cut by a rule', async () => {
    const { events, until, send } = await session({ latency: { chatCompletions: { interToken: '50ms' } } })
    send({ type: 'response.create' })
    await until('response.output_audio.delta')
    send({ type: 'input_audio_buffer.append', audio: sound(200, 0.2) })
    expect(await until('response.done')).toMatchObject({
      response: { status: 'cancelled', status_details: { reason: 'turn_detected' } },
    })
    const { item_id } = events.find(({ type }) => type === 'response.output_audio.delta')!
    send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 100 })
    expect(await until('conversation.item.truncated')).toMatchObject({ item_id, audio_end_ms: 100 })
    send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 99_999 })
    expect(await until('error')).toMatchObject({
      error: { message: 'Audio content of 100ms is already shorter than 99999ms' },
    })
  })

  it('lets nobody but sessions ask for an answer', async () => {
    const simulator = testSimulator()
    expect((await simulator.post('/openai/v1/realtime/respond', { model, messages: [] })).status).toBe(404)
    expect((await simulator.request(`/openai/v1/realtime?model=${model}`)).status).toBe(426)
    expect((await simulator.request('/openai/v1/realtime?model=gpt-4.1')).status).toBe(400)
  })
})
