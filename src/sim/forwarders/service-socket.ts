/** A live connection to a real service, by the library `ws`, for a client that has one here. */
import type { IncomingMessage } from 'node:http'
import type { Config } from '../config/config.ts'
import type { ApiError } from '../errors.ts'
import type { Wire } from '../types.ts'
import type { Destination } from './forwarder.ts'
import { unreachable } from './failures.ts'
import { endpointUrl, pathOf } from './outgoing.ts'

/** What the service sends, from the first frame on, whenever somebody listens. */
export type ServiceSocket = {
  readonly send: (text: string) => void
  readonly close: (code: number, reason: string) => void
  /** Called once; nothing is lost before. */
  readonly listen: (listener: {
    readonly message: (text: string) => void
    readonly closed: (code: number, reason: string) => void
  }) => void
}

/** Or an answer in place of the connection, as the service gave it. */
export type Dialled =
  | { readonly socket: ServiceSocket }
  | { readonly refused: { readonly status: number; readonly contentType: string; readonly body: Buffer } }

type Dial = {
  readonly wire: Wire
  readonly to: Config['forward']
  readonly signIn: Destination['headers']
  readonly signal: AbortSignal | undefined
}

/** As large as a client's of our own may be. */
const maxMessageBytes = 22_020_096
const maxRefusalBytes = 1_048_576
const sentOn = ['user-agent', 'openai-beta', 'openai-organization', 'openai-project', 'x-ms-client-request-id']

/** Rejects with an `ApiError` where there is nobody. */
export async function dialService({ wire, to, signIn, signal }: Dial): Promise<Dialled> {
  const { WebSocket } = await import('ws')
  const endpoint = endpointUrl(to)
  const url = `${endpoint.protocol === 'https:' ? 'wss:' : 'ws:'}//${endpoint.host}${pathOf(wire, endpoint)}`
  const headers: Record<string, string> = { ...signIn }
  for (const name of sentOn) {
    const value = wire.headers.get(name)
    if (value !== null) headers[name] = value
  }
  // A key among them is the client's own, and none of the service's.
  const protocols = (wire.headers.get('sec-websocket-protocol') ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && !one.startsWith('openai-'))
  const socket = new WebSocket(url, protocols, {
    headers,
    maxPayload: maxMessageBytes,
    handshakeTimeout: to.connectTimeoutMs,
  })
  const early: string[] = []
  let listener: Parameters<ServiceSocket['listen']>[0] | undefined
  let end: readonly [number, string] | undefined
  socket.on('message', (data: Buffer) => {
    const text = data.toString('utf8')
    if (listener) listener.message(text)
    else early.push(text)
  })
  socket.on('close', (code, reason) => {
    end = [code, reason.toString()]
    listener?.closed(...end)
  })
  return new Promise((resolve, reject: (error: ApiError) => void) => {
    const abort = () => socket.terminate()
    signal?.addEventListener('abort', abort, { once: true })
    socket.on('error', (error: NodeJS.ErrnoException) =>
      reject(unreachable(endpoint.host, error.code ?? error.message)),
    )
    socket.once('unexpected-response', (request, answer) => {
      void wholeOf(answer).then((body) => {
        resolve({
          refused: { status: answer.statusCode ?? 502, contentType: answer.headers['content-type'] ?? '', body },
        })
        request.destroy()
      })
    })
    socket.once('open', () => {
      signal?.removeEventListener('abort', abort)
      resolve({
        socket: {
          send: (text) => socket.send(text),
          close: (code, reason) => (code === 1006 ? socket.terminate() : socket.close(code, reason)),
          listen(told) {
            listener = told
            for (const text of early.splice(0)) told.message(text)
            if (end) told.closed(...end)
          },
        },
      })
    })
  })
}

async function wholeOf(answer: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      size += piece.length
      if (size > maxRefusalBytes) break
      pieces.push(piece)
    }
  } catch {
    // What came until then is told.
  }
  return Buffer.concat(pieces)
}
