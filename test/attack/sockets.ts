/** Messages over live connections, 1 MB or less in all: thousands of short ones, long ones, frames of all kinds, clients that do not read. */
import { connect, type Socket } from 'node:net'
import WebSocket from 'ws'
import type { Answered, Attacked } from './attacked.ts'

export type WideCase = {
  readonly config?: object
  readonly before?: (attacked: Attacked) => Promise<unknown>
  readonly attack: (attacked: Attacked) => Promise<Answered>
}

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
const full = (part: string, bytes = 998_000) => part.repeat(Math.floor(bytes / part.length))
const named = <T>(count: number, make: (index: number) => T) =>
  Object.fromEntries(many(count, (at) => [`k${at}`, make(at)]))
const told = (status: number, text = ''): Answered => ({ status, text, bytes: text.length })

/** Sends all, and waits for so many events of that type, or the end. */
const socket =
  (path: string, frames: readonly object[], last: string, count = 1) =>
  async ({ port }: Attacked): Promise<Answered> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answered>()
    const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { 'api-key': 'test-key' } })
    let left = count
    ws.on('open', () => {
      for (const frame of frames) ws.send(JSON.stringify(frame))
    })
    ws.on('message', (data: Buffer) => {
      const text = data.toString('utf8')
      const { type } = JSON.parse(text) as { readonly type: string }
      if ((type !== last && type !== 'error') || --left > 0) return
      ws.close()
      resolve(told(200, text.slice(0, 300)))
    })
    ws.on('close', (code) => resolve(told(200, String(code))))
    ws.on('error', reject)
    return promise
  }

const realtime = '/openai/v1/realtime?model=gpt-realtime'
const item = (content: unknown, id?: string) => ({
  type: 'conversation.item.create',
  item: { ...(id !== undefined && { id }), type: 'message', role: 'user', content },
})
const said = (text: string, id?: string) => item([{ type: 'input_text', text }], id)
const append = (bytes: Buffer) => ({ type: 'input_audio_buffer.append', audio: bytes.toString('base64') })
const update = (session: object) => ({ type: 'session.update', session: { type: 'realtime', ...session } })
const tools = (list: readonly object[]) => update({ tools: list })
const answer = { type: 'response.create' }
const apart = { type: 'response.create', response: { conversation: 'none' } }
const references = (count: number) => ({
  type: 'response.create',
  response: { conversation: 'none', input: many(count, () => ({ type: 'item_reference', id: 'last' })) },
})
/** Loud and silent in turns, in G.711. */
const changing = Buffer.alloc(740_000, Buffer.concat([Buffer.alloc(480), Buffer.alloc(480, 0xff)]))

/** One frame of a client: the mask changes nothing. */
function frame(opcode: number, data: string, isLast = true): Buffer {
  const bytes = Buffer.from(data)
  const head = Buffer.from([(isLast ? 0x80 : 0) | opcode, 0x80 | Math.min(bytes.length, 126)])
  const length = Buffer.alloc(bytes.length < 126 ? 0 : 2)
  if (length.length > 0) length.writeUInt16BE(bytes.length)
  return Buffer.concat([head, length, Buffer.alloc(4), bytes])
}
const [more, text, ping] = [0, 1, 9]

/** Resolves when the connection is there; what comes on it is not read where that is said. */
async function opened(port: number, isRead: boolean): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const client = connect(port, '127.0.0.1')
  client.once('error', reject)
  client.once('data', () => {
    if (isRead) client.resume()
    else client.pause()
    resolve(client)
  })
  client.write(
    `GET ${realtime} HTTP/1.1\r\nHost: localhost\r\napi-key: test-key\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  return promise
}

/** Sends all on so many connections, and leaves after a while. */
const crowd =
  (count: number, bytes: Buffer, { isRead = true, forMs = 1_500 } = {}) =>
  async ({ port }: Attacked): Promise<Answered> => {
    const clients: Socket[] = []
    for (let at = 0; at < count; at++) {
      const client = await opened(port, isRead)
      clients.push(client.on('error', () => undefined))
      client.write(bytes)
    }
    await new Promise((resolve) => setTimeout(resolve, forMs))
    for (const client of clients) client.destroy()
    return told(200)
  }

const talkative = { rules: [{ then: { text: 'some words '.repeat(2_000) } }] }

export const socketCases: Readonly<Record<string, WideCase>> = {
  'realtime: a text of 1 MB': { attack: socket(realtime, [said(full('x')), answer], 'response.done') },
  'realtime: instructions of 1 MB': {
    attack: socket(realtime, [update({ instructions: full('x') })], 'session.updated'),
  },
  'realtime: 1 MB of sound': {
    attack: socket(
      realtime,
      [append(Buffer.alloc(740_000, 7)), { type: 'input_audio_buffer.commit' }],
      'input_audio_buffer.committed',
    ),
  },
  'realtime: sound of 700 turns': {
    attack: socket(
      realtime,
      [
        update({
          audio: {
            input: {
              format: { type: 'audio/pcmu' },
              turn_detection: { type: 'server_vad', silence_duration_ms: 0, prefix_padding_ms: 0 },
              transcription: { model: 'whisper-1' },
            },
          },
        }),
        append(changing),
        { type: 'input_audio_buffer.clear' },
      ],
      'input_audio_buffer.cleared',
    ),
  },
  'realtime: 16,000 pieces of sound': {
    attack: socket(
      realtime,
      [...many(16_000, () => append(Buffer.alloc(2))), { type: 'input_audio_buffer.clear' }],
      'input_audio_buffer.cleared',
    ),
  },
  'realtime: 15,000 parts': {
    attack: socket(
      realtime,
      [item(many(15_000, (at) => ({ type: 'input_text', text: `p${at}` }))), answer],
      'response.done',
    ),
  },
  'realtime: 5,000 items': {
    attack: socket(realtime, [...many(5_000, (at) => said(`item ${at}`)), answer], 'response.done'),
  },
  'realtime: 20,000 references to items': {
    attack: socket(
      realtime,
      [...many(1_000, (at) => said('a', `i${at}`)), said('a', 'last'), references(18_000)],
      'response.done',
    ),
  },
  'realtime: 1,500 references to a long text': {
    attack: socket(realtime, [said(full('some words ', 500_000), 'last'), references(1_500)], 'response.done'),
  },
  'realtime: 10,000 answers apart': {
    attack: socket(
      realtime,
      many(10_000, () => apart),
      'response.done',
      10_000,
    ),
  },
  'realtime: 20,000 answers to cancel': {
    attack: socket(realtime, many(10_000, () => [answer, { type: 'response.cancel' }]).flat(), 'response.done', 10_000),
  },
  'realtime: 9,000 tools': {
    attack: socket(
      realtime,
      [tools(many(9_000, (at) => ({ type: 'function', name: `f${at}`, parameters: {} }))), answer],
      'response.done',
    ),
  },
  'realtime: a tool of 50,000 parameters': {
    attack: socket(
      realtime,
      [tools([{ type: 'function', name: 'f', parameters: named(50_000, () => 1) }])],
      'session.updated',
    ),
  },
  'realtime: 5,000 servers of tools': {
    attack: socket(
      realtime,
      [tools(many(5_000, (at) => ({ type: 'mcp', server_label: `s${at}`, server_url: 'https://tools.example/mcp' })))],
      'session.updated',
    ),
  },
  'realtime: a server with 50,000 headers': {
    attack: socket(
      realtime,
      [
        tools([
          {
            type: 'mcp',
            server_label: 's',
            server_url: 'https://tools.example/mcp',
            headers: named(50_000, () => 'a'),
          },
        ]),
      ],
      'error',
    ),
  },
  'realtime: a metadata of 60,000 keys': {
    attack: socket(realtime, [{ type: 'response.create', response: { metadata: named(60_000, () => 'a') } }], 'error'),
  },
  'realtime: 60,000 to include': {
    attack: socket(realtime, [update({ include: many(60_000, () => 'x') })], 'error'),
  },
  'realtime: an object of 100,000 keys': { attack: socket(realtime, [named(100_000, () => 1)], 'error') },
  'realtime: 160,000 pings': { attack: crowd(1, Buffer.concat(many(160_000, () => frame(ping, '')))) },
  'realtime: 140,000 fragments': {
    attack: crowd(1, Buffer.concat([frame(text, 'x', false), ...many(140_000, () => frame(more, 'x', false))])),
  },
  'realtime: 160,000 empty messages': { attack: crowd(1, Buffer.concat(many(160_000, () => frame(text, '')))) },
  'realtime: 500 that send half a message': {
    attack: crowd(500, frame(text, JSON.stringify(update({ instructions: full('x', 1_000) }))).subarray(0, -1)),
  },
  'realtime: 32 answers that nobody reads': {
    config: talkative,
    attack: crowd(1, Buffer.concat(many(32, () => frame(text, JSON.stringify(apart)))), { isRead: false }),
  },
  'realtime: 20 that read no answer': {
    config: talkative,
    attack: crowd(20, frame(text, JSON.stringify(answer)), { isRead: false }),
  },
  'responses over a socket: 15,000 items': {
    attack: socket(
      '/openai/v1/responses',
      [
        {
          type: 'response.create',
          model: 'gpt-4.1',
          max_output_tokens: 16,
          input: many(15_000, (at) => ({ role: 'user', content: `item ${at}` })),
        },
      ],
      'response.incomplete',
    ),
  },
  'responses over a socket: 64 ahead': {
    attack: socket(
      '/openai/v1/responses',
      many(64, () => ({
        type: 'response.create',
        model: 'gpt-4.1',
        max_output_tokens: 16,
        input: full('some words ', 15_000),
      })),
      'response.incomplete',
      64,
    ),
  },
}
