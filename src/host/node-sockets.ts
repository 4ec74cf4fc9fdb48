/** Live connections of the embedded host: WebSockets, by the library `ws`. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocketServer } from 'ws'
import { liveHeaders, type SimRequest, type SimResponse } from '../sim/index.ts'
import type { NodeRequest } from './node-request.ts'
import { SocketEnd } from './socket-end.ts'
import { SocketTurns } from './socket-turns.ts'

/** A message of sound may have 15 MiB, which base64 makes a third longer. */
const maxMessageBytes = 22_020_096

type Dialled = { readonly incoming: IncomingMessage; readonly socket: Duplex; readonly head: Buffer }

export function createSockets(messageTimeoutMs: number) {
  const turns = new SocketTurns()
  let server: Promise<WebSocketServer> | undefined
  let isClosed = false
  return {
    /** The request as the simulator is asked it. */
    asked(request: NodeRequest): SimRequest {
      const { method, url } = request
      return {
        method,
        url,
        headers: liveHeaders(request),
        bytes: (maxBytes, flight) => request.bytes(maxBytes, flight),
        get signal() {
          return request.signal
        },
      }
    },
    /** Rejects where nothing can be opened any more. */
    async open({ incoming, socket, head }: Dialled, open: NonNullable<SimResponse['session']>): Promise<void> {
      const opened = await (server ??= openServer())
      if (isClosed) throw new Error('The simulator is stopping.')
      opened.handleUpgrade(incoming, socket, head, (client) => {
        // What is wrong with a frame closes the connection, and that is told.
        client.on('error', ignored)
        new SocketEnd({ client, socket, turns, messageTimeoutMs }, open)
      })
    },
    /** Tells every client that the server goes away. */
    close(): void {
      isClosed = true
      void server?.then(({ clients }) => {
        for (const client of clients) client.close(1001, 'The simulator is stopping.')
      })
    },
  }
}

/** The library is loaded for the first connection that wants it: a start need not wait for it. */
async function openServer(): Promise<WebSocketServer> {
  const { WebSocketServer: Server } = await import('ws')
  return new Server({
    noServer: true,
    maxPayload: maxMessageBytes,
    // It would answer each, of however many.
    autoPong: false,
    // The first that is none of the ways to send a key.
    handleProtocols: (protocols) => [...protocols].find((one) => !one.startsWith('openai-')) ?? false,
  })
}

const ignored = () => undefined
