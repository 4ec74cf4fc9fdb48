/** Live connections of the embedded host: WebSockets, by the library `ws`. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { liveHeaders, type LiveSocket, type SimRequest, type SimResponse } from '../sim/index.ts'
import type { NodeRequest } from './node-request.ts'

/** A message of sound may have 15 MiB, which base64 makes a third longer. */
const maxMessageBytes = 22_020_096

type Dialled = { readonly incoming: IncomingMessage; readonly socket: Duplex; readonly head: Buffer }

export function createSockets() {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    // The first that is none of the ways to send a key.
    handleProtocols: (protocols) => [...protocols].find((one) => !one.startsWith('openai-')) ?? false,
  })
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
    open({ incoming, socket, head }: Dialled, open: NonNullable<SimResponse['session']>): void {
      server.handleUpgrade(incoming, socket, head, (client) => {
        const session = open(socketOf(client))
        client.on('message', (data: Buffer) => session.message(data.toString('utf8')))
        client.on('close', (code) => session.closed(code))
        // What is wrong with a frame closes the connection, and that is told.
        client.on('error', () => undefined)
      })
    },
    /** Tells every client that the server goes away. */
    close(): void {
      for (const client of server.clients) client.close(1001, 'The simulator is stopping.')
    },
  }
}

const socketOf = (client: WebSocket): LiveSocket => ({
  send: (text) => client.send(text),
  close: (code, reason) => client.close(code, reason.slice(0, 120)),
  cut: () => client.terminate(),
  bufferedBytes: () => client.bufferedAmount,
})
