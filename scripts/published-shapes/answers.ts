/** One of every answer of a model: chat, completions, embeddings, responses with each tool, sound, pictures. */
import { tone } from '../../test/support/live-client.ts'
import type { Asked, Json } from './asked.ts'

const model = 'gpt-4.1-mini'
const thinker = 'gpt-5.6-luna'
const input = 'What is new?'
const messages = [{ role: 'user', content: input }]
const stream = { stream: true }
const parameters = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
const named = { name: 'weather', parameters }

export async function askChat({ ask }: Asked): Promise<void> {
  const path = '/chat/completions'
  const likely = { logprobs: true, top_logprobs: 2, n: 2 }
  for (const more of [{}, likely, { tools: [{ type: 'function', function: named }], tool_choice: 'required' }])
    for (const how of [{}, { ...stream, stream_options: { include_usage: true } }])
      await ask('POST', path, {}, { model, messages, ...more, ...how })
  await ask('POST', path, {}, { model: thinker, messages, reasoning_effort: 'low' })
  await ask('POST', '/completions', {}, { model: 'gpt-35-turbo-instruct', prompt: input, logprobs: 1 })
  const embedder = 'text-embedding-3-small'
  await ask('POST', '/embeddings', {}, { model: embedder, input })
  await ask('GET', '/models')
  await ask('GET', '/models/{model}', { model: 'gpt-4.1-mini-2025-04-14' })
}

/** The rules name the MCP server. */
export const rules = [
  {
    then: {
      mcp: { server: 'docs', tools: [{ name: 'fetch', description: 'Fetch.', result: '# Read me' }], call: 'fetch' },
    },
  },
]

export async function askResponses({ ask }: Asked): Promise<void> {
  const path = '/responses'
  const mcp = { type: 'mcp', server_label: 'docs', server_url: 'https://docs.example.com/mcp' }
  const screen = { type: 'computer_use_preview', environment: 'browser', display_width: 1024, display_height: 768 }
  const orders: readonly Record<string, unknown>[] = [
    {},
    {
      instructions: 'Be brief.',
      metadata: { a: 'b' },
      user: 'me',
      top_logprobs: 2,
      include: ['message.output_text.logprobs'],
    },
    { model: thinker, reasoning: { effort: 'low', summary: 'auto' } },
    { model: thinker, store: false, reasoning: { effort: 'low' }, include: ['reasoning.encrypted_content'] },
    { tools: [{ type: 'function', ...named, strict: true }], tool_choice: 'required' },
    { model: thinker, tools: [{ type: 'custom', name: 'write' }], tool_choice: 'required' },
    { tools: [{ type: 'web_search_preview' }] },
    { tools: [{ type: 'web_search' }] },
    { tools: [{ type: 'code_interpreter', container: { type: 'auto' } }], include: ['code_interpreter_call.outputs'] },
    { tools: [{ type: 'image_generation' }] },
    { tools: [{ ...mcp, require_approval: 'never' }] },
    { model: 'computer-use-preview', tools: [screen], truncation: 'auto' },
    { text: { format: { type: 'json_schema', name: 'a', schema: parameters, strict: true } } },
    { max_output_tokens: 16 },
  ]
  for (const order of orders)
    for (const how of [{}, stream]) await ask('POST', path, {}, { model, input, ...order, ...how })

  const asked = await ask('POST', path, {}, { model, input, tools: [mcp] })
  const request = (asked['output'] as Json[] | undefined)?.find(({ type }) => type === 'mcp_approval_request')
  const approval = { type: 'mcp_approval_response', approve: true, approval_request_id: request?.id }
  const next = { model, tools: [mcp], previous_response_id: asked.id, input: [approval] }
  const last = { response_id: (await ask('POST', path, {}, next)).id }
  await ask('GET', `${path}/{response_id}/input_items`, last, undefined, '?limit=100')
  await ask('GET', `${path}/{response_id}`, last)
  await ask('POST', path, {}, { model, input, background: true })
  const streamed = await ask('POST', path, {}, { model, input, background: true, ...stream })
  const [created] = streamed['events'] as readonly { readonly response: Json }[]
  await ask('GET', `${path}/{response_id}`, { response_id: created?.response.id ?? '' }, undefined, '?stream=true')
  await ask('POST', `${path}/input_tokens`, {}, { model, input })
  const compact = await ask('POST', `${path}/compact`, {}, { model, input: [{ role: 'user', content: input }] })
  await ask('POST', path, {}, { model, input: [...((compact['output'] as object[] | undefined) ?? []), ...messages] })
  await ask('DELETE', `${path}/{response_id}`, last)
}

export async function askSoundAndPictures({ ask }: Asked): Promise<void> {
  const wave = new File([waveOf(tone(400, 0.5))], 'a.wav', { type: 'audio/wav' })
  const form = (fields: Readonly<Record<string, string | File>>) => {
    const made = new FormData()
    for (const [name, value] of Object.entries(fields)) made.set(name, value)
    return made
  }
  const speech = { model: 'gpt-4o-mini-tts', voice: 'alloy', input }
  await ask('POST', '/audio/speech', {}, speech)
  await ask('POST', '/audio/speech', {}, { ...speech, stream_format: 'sse' })
  const writer = { model: 'gpt-4o-transcribe', file: wave }
  for (const more of [{}, { 'include[]': 'logprobs' }, { stream: 'true' }])
    await ask('POST', '/audio/transcriptions', {}, form({ ...writer, ...more }))
  const words = { model: 'whisper', file: wave, response_format: 'verbose_json' }
  await ask('POST', '/audio/transcriptions', {}, form({ ...words, 'timestamp_granularities[]': 'word' }))
  const speakers = { response_format: 'diarized_json', chunking_strategy: 'auto' }
  await ask('POST', '/audio/transcriptions', {}, form({ ...writer, model: 'gpt-4o-transcribe-diarize', ...speakers }))
  await ask('POST', '/audio/translations', {}, form({ model: 'whisper', file: wave }))
  const picture = { model: 'gpt-image-1', prompt: 'A cat.', size: '1024x1024', quality: 'low' }
  const drawn = await ask('POST', '/images/generations', {}, picture)
  await ask('POST', '/images/generations', {}, { ...picture, stream: true, partial_images: 1 })
  const bytes = Buffer.from(
    ((drawn['data'] as Json[] | undefined)?.[0]?.['b64_json'] as string | undefined) ?? '',
    'base64',
  )
  const image = new File([bytes], 'a.png', { type: 'image/png' })
  await ask('POST', '/images/edits', {}, form({ ...picture, image }))
  await ask('POST', '/images/edits', {}, form({ ...picture, image, stream: 'true', partial_images: '1' }))
}

/** Of the sound of one channel with 24,000 of 16 bits in a second. */
function waveOf(sound: Buffer): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + sound.length, 4)
  head.write('WAVEfmt ', 8)
  for (const [at, value] of Object.entries({ 16: 16, 24: 24_000, 28: 48_000, 40: sound.length }))
    head.writeUInt32LE(value, Number(at))
  for (const [at, value] of Object.entries({ 20: 1, 22: 1, 32: 2, 34: 16 })) head.writeUInt16LE(value, Number(at))
  head.write('data', 36)
  return new Uint8Array(Buffer.concat([head, sound]))
}
