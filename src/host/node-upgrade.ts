/**
 * Requests that offer to go on in another protocol. HTTP/2 in clear text is offered with the first request of each
 * connection by Java's own HTTP client, and by curl (--http2); who does not speak it answers as if nothing had been said.
 */
import type { IncomingMessage } from 'node:http'

export const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'

const offering = ['connection', 'upgrade', 'http2-settings']

/** Puts the request back on its socket, without the offer: Node reads no body of one that has it. */
export function withoutUpgrade(incoming: IncomingMessage, head: Buffer): void {
  const { method = '', url = '', httpVersion, rawHeaders, socket } = incoming
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (!offering.includes(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[at + 1] ?? ''}`)
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
}
