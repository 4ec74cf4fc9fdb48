/** One of everything that a connection tells: Realtime's events, those of Responses, client secrets, webhooks. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { tone } from '../../test/support/live-client.ts'
import type { Asked } from './asked.ts'

const model = 'gpt-realtime'
const sound = (ms: number, loudness: number) => tone(ms, loudness).toString('base64')

export async function askSecrets({ ask }: Asked): Promise<void> {
  const path = '/realtime/client_secrets'
  await ask('POST', path, {}, { session: { type: 'realtime', model, instructions: 'Be brief.' } })
  const transcription = { model: 'gpt-4o-transcribe' }
  await ask('POST', path, {}, { session: { type: 'transcription', audio: { input: { transcription } } } })
}

export async function talk(asked: Asked): Promise<void> {
  const live = await asked.dial(`/openai/v1/realtime?model=${model}`, 'RealtimeServerEvent', 'realtime')
  await live.until('session.created')
  const tool = {
    type: 'function',
    name: 'weather',
    description: 'Tells the weather.',
    parameters: { type: 'object', properties: {} },
  }
  const transcription = { model: 'whisper-1' }
  const update = { type: 'realtime', tools: [tool], audio: { input: { transcription } } }
  live.send({ type: 'session.update', session: update })
  await live.until('session.updated')
  const text = (said: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text: said }] })
  live.send({ type: 'conversation.item.create', item: text('Hello') })
  const { item } = await live.until('conversation.item.done')
  const { id } = item as { readonly id: string }
  live.send({ type: 'conversation.item.retrieve', item_id: id })
  await live.until('conversation.item.retrieved')
  for (const response of [
    { output_modalities: ['audio'], tool_choice: 'none' },
    { output_modalities: ['text'], tool_choice: 'none' },
    { tool_choice: 'required' },
    {
      conversation: 'none',
      output_modalities: ['text'],
      input: [text('Apart')],
      metadata: { a: 'b' },
      tool_choice: 'none',
    },
  ]) {
    live.send({ type: 'response.create', response })
    await live.until('response.done')
  }
  live.send({ type: 'conversation.item.delete', item_id: id })
  await live.until('conversation.item.deleted')
  live.send({ type: 'input_audio_buffer.append', audio: sound(1_200, 0.5) })
  live.send({ type: 'input_audio_buffer.append', audio: sound(1_000, 0) })
  await live.until('conversation.item.input_audio_transcription.completed')
  await live.until('response.done')
  live.send({ type: 'input_audio_buffer.append', audio: sound(200, 0.5) })
  live.send({ type: 'input_audio_buffer.clear' })
  await live.until('input_audio_buffer.cleared')
  const heard = live.events.findLast((event) => event['type'] === 'response.output_item.done')?.['item'] as
    { id: string } | undefined
  if (heard) {
    live.send({ type: 'conversation.item.truncate', item_id: heard.id, content_index: 0, audio_end_ms: 1 })
    await live.until('conversation.item.truncated')
  }
  live.send({ type: 'session.update', session: { type: 'realtime', nonsense: 1 } })
  await live.until('error')
  live.close()

  const writer = await asked.dial('/openai/v1/realtime?intent=transcription', 'RealtimeServerEvent', 'transcription')
  await writer.until('session.created')
  writer.send({ type: 'session.update', session: { type: 'transcription', audio: { input: { transcription } } } })
  await writer.until('session.updated')
  writer.send({ type: 'input_audio_buffer.append', audio: sound(1_200, 0.5) })
  writer.send({ type: 'input_audio_buffer.append', audio: sound(1_000, 0) })
  await writer.until('conversation.item.input_audio_transcription.completed')
  writer.close()

  await talkAsThen(asked)
  const responses = await asked.dial('/openai/v1/responses', 'ResponseStreamEvent', 'responses by socket')
  responses.send({ type: 'response.create', model: 'gpt-4.1-mini', input: 'Hello' })
  await responses.until('response.completed')
  responses.close()
}

/** In the words of the previews. */
async function talkAsThen(asked: Asked): Promise<void> {
  const path = '/openai/realtime?api-version=2024-10-01-preview&deployment=gpt-4o-realtime-preview'
  const live = await asked.dial(path, (type) => `RealtimeBetaServerEvent${inCapitals(type)}`, 'realtime preview')
  await live.until('session.created')
  const input_audio_transcription = { model: 'whisper-1' }
  const tools = [
    { type: 'function', name: 'weather', description: 'Tells it.', parameters: { type: 'object', properties: {} } },
  ]
  live.send({ type: 'session.update', session: { input_audio_transcription, tools } })
  await live.until('session.updated')
  const content = [{ type: 'input_text', text: 'Hello' }]
  live.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } })
  await live.until('conversation.item.created')
  for (const response of [{ modalities: ['text'] }, { modalities: ['audio', 'text'] }, { tool_choice: 'required' }]) {
    live.send({ type: 'response.create', response: { tool_choice: 'none', ...response } })
    await live.until('response.done')
  }
  live.send({ type: 'input_audio_buffer.append', audio: sound(1_200, 0.5) })
  live.send({ type: 'input_audio_buffer.append', audio: sound(1_000, 0) })
  await live.until('conversation.item.input_audio_transcription.completed')
  await live.until('response.done')
  live.send({ type: 'nonsense' })
  await live.until('error')
  live.close()
}

const inCapitals = (type: string) =>
  type
    .split(/[._]/)
    .map((word) => (word[0] ?? '').toUpperCase() + word.slice(1))
    .join('')

/** Sends `run` to work with an endpoint that waits for so many events. */
export async function hear(asked: Asked, types: readonly string[], run: () => Promise<void>): Promise<void> {
  const got = new Set<string>()
  const waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      response.writeHead(204).end()
      const event = JSON.parse(Buffer.concat(pieces).toString()) as { readonly type: string }
      asked.note(`webhook ${event.type}`, `/components/schemas/Webhook${inCapitals(event.type)}`, event)
      got.add(event.type)
      for (const tell of waiting.splice(0)) tell()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  const endpoints = '/openai/v1/dashboard/webhook_endpoints'
  const made = await asked.send('POST', endpoints, { name: 'a', url, event_types: types })
  if (made.status !== 200) asked.failed.push(`webhook: ${made.status} ${made.text}`)
  await run()
  const late = setTimeout(10_000, undefined, { ref: false })
  while (types.some((type) => !got.has(type))) {
    const isOver = await Promise.race([
      new Promise<false>((resolve) => waiting.push(() => resolve(false))),
      late.then(() => true),
    ])
    if (isOver) break
  }
  for (const type of types) if (!got.has(type)) asked.failed.push(`webhook ${type} did not come`)
  server.close()
  server.closeAllConnections()
}
