/**
 * A stand-in for the real service, on a port, for record mode. It gives each kind of answer; the test decides which comes next,
 * and when.
 */
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export type Play = (answer: ServerResponse, request: Received) => void

export type Backend = {
  readonly url: string
  /** All that it was asked, in order. */
  readonly requests: readonly Received[]
  /** Answers the next request in that way, once; each in turn where several are given. */
  readonly next: (...plays: Play[]) => void
  /** Milliseconds before each event of a stream; those that are not given are 0. */
  gapsMs: readonly number[]
  /** How many connections were opened. */
  readonly connections: () => number
  readonly stop: () => Promise<void>
}

export async function startBackend(): Promise<Backend> {
  const requests: Received[] = []
  const plays: Play[] = []
  let connections = 0
  const server = createServer((incoming, answer) => {
    void bodyOf(incoming).then((body) => {
      const request = { method: incoming.method!, url: incoming.url!, headers: incoming.headers, body }
      requests.push(request)
      const play = plays.shift()
      if (play) play(answer, request)
      else serve(answer, request, backend.gapsMs)
    })
  })
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const backend: Backend = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    next: (...more) => plays.push(...more),
    gapsMs: [],
    connections: () => connections,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return backend
}

/** Headers that a real answer has; the ids are of that answer alone. */
export const serviceHeaders = {
  'apim-request-id': 'backend-apim-id',
  'x-request-id': 'backend-request-id',
  'x-ms-region': 'Sweden Central',
  'x-ratelimit-remaining-requests': '99',
  'set-cookie': 'session=backend-cookie',
}

export const json =
  (value: unknown, status = 200): Play =>
  (answer) => {
    const text = JSON.stringify(value)
    answer.writeHead(status, {
      ...serviceHeaders,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
    })
    answer.end(text)
  }

export const rateLimited = json({ error: { code: '429', message: 'Please retry after 1 second.' } }, 429)
export const failed = json({ error: { code: 'InternalServerError', message: 'Backend.' } }, 500)

/** Tells that it was asked, and then says nothing at all. */
export const silentAfter =
  (tell: () => void): Play =>
  () =>
    tell()

/** One chunk of JSON or sound, and then the connection breaks. */
export const breaksOff =
  (contentType: string, begin: string): Play =>
  (answer) => {
    answer.writeHead(200, { ...serviceHeaders, 'Content-Type': contentType })
    answer.write(begin, () => answer.socket?.destroy())
  }

/** A stream that the test writes, event by event. */
export function scripted(): { readonly play: Play; readonly begun: Promise<ServerResponse> } {
  let begin: (answer: ServerResponse) => void
  const begun = new Promise<ServerResponse>((resolve) => (begin = resolve))
  const play: Play = (answer) => {
    answer.writeHead(200, { ...serviceHeaders, 'Content-Type': 'text/event-stream; charset=utf-8' })
    answer.flushHeaders()
    begin(answer)
  }
  return { play, begun }
}

export const chunk = (fields: object) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o-2024-11-20', ...fields })}\n\n`

export const content = (text: string) =>
  chunk({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] })
const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }

export const chatEvents: readonly string[] = [
  chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] }),
  content('Grüße'),
  content(' 👋'),
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  chunk({ choices: [], usage }),
  'data: [DONE]\n\n',
]

const responseOf = (status: string, text: string) => ({
  id: 'resp_1',
  object: 'response',
  status,
  model: 'gpt-4o',
  output: [
    { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] },
  ],
  usage: status === 'completed' ? { input_tokens: 9, output_tokens: 3, total_tokens: 12 } : null,
})

export const responsesEvents: readonly string[] = [
  { type: 'response.created', sequence_number: 0, response: responseOf('in_progress', '') },
  {
    type: 'response.output_text.delta',
    sequence_number: 1,
    item_id: 'msg_1',
    output_index: 0,
    content_index: 0,
    delta: 'Hello',
  },
  { type: 'response.completed', sequence_number: 2, response: responseOf('completed', 'Hello') },
].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)

/** Bytes that are no text. */
export const sound = Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7 + 255) % 256))

function serve(answer: ServerResponse, request: Received, gapsMs: readonly number[]): void {
  const path = request.url.replace(/\?.*/, '')
  const body = fieldsOf(request)
  const say = (value: unknown) => json(value)(answer, request)
  if (path.endsWith('/chat/completions')) {
    if (body['stream'] === true) return void playEvents(answer, chatEvents, gapsMs)
    const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }
    const message = body['tools']
      ? { role: 'assistant', content: null, refusal: null, tool_calls: [call] }
      : { role: 'assistant', content: 'Grüße 👋', refusal: null }
    const choice = { index: 0, message, logprobs: null, finish_reason: body['tools'] ? 'tool_calls' : 'stop' }
    say({ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-4o', choices: [choice], usage })
  } else if (path.endsWith('/embeddings')) {
    const embedding = Buffer.from(new Float32Array([0.25, -0.5, 1e-7]).buffer).toString('base64')
    const used = { prompt_tokens: 4, total_tokens: 4 }
    say({ object: 'list', data: [{ object: 'embedding', index: 0, embedding }], model: 'ada', usage: used })
  } else if (path.endsWith('/audio/translations')) {
    say({ text: `${request.body.length > 1_000 ? 'long' : 'short'} sound` })
  } else if (path.endsWith('/audio/speech')) {
    answer.writeHead(200, { ...serviceHeaders, 'Content-Type': 'audio/mpeg' })
    answer.write(sound.subarray(0, 3_000))
    answer.end(sound.subarray(3_000))
  } else if (path.endsWith('/responses')) {
    if (body['stream'] === true) void playEvents(answer, responsesEvents, gapsMs)
    else say(responseOf('completed', 'Hello'))
  } else say({ echo: { method: request.method, url: request.url, body: request.body.toString('latin1') } })
}

function fieldsOf({ headers, body }: Received): Record<string, unknown> {
  if (!headers['content-type']?.startsWith('application/json')) return {}
  try {
    return JSON.parse(body.toString()) as Record<string, unknown>
  } catch {
    return {}
  }
}

async function playEvents(answer: ServerResponse, events: readonly string[], gapsMs: readonly number[]): Promise<void> {
  answer.writeHead(200, { ...serviceHeaders, 'Content-Type': 'text/event-stream; charset=utf-8' })
  answer.flushHeaders()
  for (const [at, event] of events.entries()) {
    const gapMs = gapsMs[at] ?? 0
    if (gapMs > 0) await new Promise((resolve) => setTimeout(resolve, gapMs))
    answer.write(event)
  }
  answer.end()
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
