/** From a `SimResponse` to what goes over the wire, and what becomes of the connection after it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { SimResponse } from '../sim/index.ts'
import type { NodeRequest } from './node-request.ts'
import { NodeSink } from './node-sink.ts'
import { dropAnswer } from '../sim/index.ts'
import { writeLines } from './node-head.ts'
import { failure, refusal } from './served.ts'

/**
 * How much is still read, and for how long, of a client that is being refused. Closing at once would reset the
 * connection, and a client that sends its whole body before it reads would never see why.
 */
const maxDrainBytes = 67_108_864
const maxDrainMs = 5_000
/** Each piece counts as so many: it is the pieces that take time. */
const minPieceBytes = 1_024

export type NodeExchange = {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly request: NodeRequest
}

/** Sends an answer. `isLast` closes the connection after it. Throws where the answer is not valid HTTP. */
export function sendAnswer(exchange: NodeExchange, response: SimResponse, isLast: boolean): void {
  const { outgoing, request } = exchange
  if (outgoing.destroyed || outgoing.headersSent) {
    dropAnswer(response)
    return
  }
  if (response.isReset) {
    exchange.incoming.socket.resetAndDestroy()
    return
  }
  const { body } = response
  const rest = request.rest
  try {
    writeHead(outgoing, response, isLast || rest === 'much')
  } catch (error) {
    dropAnswer(response)
    throw error
  }
  if (typeof body === 'function') body(new NodeSink(outgoing))
  else if (rest === 'much' && !request.isBodyHeldBack) {
    if (body === undefined) outgoing.flushHeaders()
    else outgoing.write(body)
    drain(exchange.incoming, () => outgoing.end())
  } else if (typeof body === 'string' && Number(response.headers['Content-Length']) === body.length)
    outgoing.end(body, 'latin1')
  else outgoing.end(body)
}

/** For a `handle` that rejected, or an answer that cannot be sent: a header with a line break, for example. */
export function sendFailure(exchange: NodeExchange): void {
  if (exchange.outgoing.headersSent) exchange.outgoing.destroy()
  else sendAnswer(exchange, failure(), true)
}

/** Answers what node could not make a request of, and closes. For a socket that no answer is on its way on. */
export function refuseSocket(socket: Duplex, status: number, message: string): void {
  const { headers, body } = refusal(status, message)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Bad Request'}\r\n${lines.join('')}Connection: close\r\n\r\n${body}`,
  )
  // Node's parser would report the same error again for each piece that still comes.
  socket.removeAllListeners('data')
  drain(socket, () => socket.destroy())
}

const reasons: Record<number, string> = { 408: 'Request Timeout', 431: 'Request Header Fields Too Large' }

function writeHead(outgoing: ServerResponse, { status, phrase, headers }: SimResponse, mustClose: boolean): void {
  if (phrase !== undefined) outgoing.statusMessage = phrase
  if (mustClose) {
    outgoing.writeHead(status, { ...headers, Connection: 'close' })
    return
  }
  // The service sends no `Connection` nor `Keep-Alive`, and HTTP/1.1 persists without them.
  if (outgoing.shouldKeepAlive && outgoing.req.httpVersionMinor === 1) outgoing.removeHeader('connection')
  writeLines(outgoing, status, headers)
}

/** Reads on and forgets, until there is no more or enough was read; then calls `done`, once. */
function drain(source: Duplex | IncomingMessage, done: () => void): void {
  let bytesLeft = maxDrainBytes
  const finish = () => {
    clearTimeout(timer)
    source.off('data', onData).off('end', finish).off('close', finish)
    done()
  }
  const onData = (piece: Buffer) => {
    bytesLeft -= Math.max(piece.length, minPieceBytes)
    if (bytesLeft < 0) finish()
  }
  const timer = setTimeout(finish, maxDrainMs)
  source.on('data', onData).on('end', finish).on('close', finish)
  source.resume()
}
