/**
 * The embedded host: plain `node:http`, for local work, containers and load tests. It converts and bounds, and knows
 * nothing of the API.
 */
import { createServer, type IncomingMessage, type Server, type ServerOptions, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Config, SimRequest } from '../sim/index.ts'
import { refuseSocket, sendAnswer, sendFailure } from './node-answer.ts'
import type { Pair } from './certificate.ts'
import { LeanRequest } from './node-body.ts'
import { LeanResponse } from './node-head.ts'
import { NodeRequest } from './node-request.ts'
import { createSockets } from './node-sockets.ts'
import { Connections } from './node-connections.ts'
import { isWebSocket, withoutUpgrade } from './node-upgrade.ts'
import { createRounds } from './rounds.ts'
import { askedHost, strangerCheck, strangerRefused } from './host-names.ts'
import { refusal, type Served } from './served.ts'
import { dropAnswer } from '../sim/index.ts'

export type NodeHostOptions = {
  /** 0 takes any free one. */
  readonly port: number
  readonly host: string
  readonly server: Config['server']
  /** For https: certificate and key, in PEM. */
  readonly tls?: Pair | undefined
}

export type NodeHost = {
  /** As a client reaches it, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** How many requests have no answer yet, or an answer that is still being sent. */
  readonly openRequests: () => number
  /** Stops accepting, lets what runs finish for up to `stopTimeoutMs`, then cuts it. Always resolves. */
  readonly stop: () => Promise<void>
}

/** Rejects where the address cannot be had, with an error whose message is one line for a person. */
export async function startNodeHost(
  simulator: Served,
  { port, host, server: limits, tls }: NodeHostOptions,
): Promise<NodeHost> {
  const connections = new Connections()
  const rounds = createRounds()
  let isStopping = false

  const sockets = createSockets(limits.bodyTimeoutMs)

  const server = serverOf(tls, {
    IncomingMessage: LeanRequest,
    ServerResponse: LeanResponse,
    noDelay: true,
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headerTimeoutMs,
    // Node counts this from the first byte of the request, and needs no timer for each.
    requestTimeout: limits.headerTimeoutMs + limits.bodyTimeoutMs,
    connectionsCheckingInterval: Math.max(10, Math.min(limits.headerTimeoutMs, limits.bodyTimeoutMs, 4_000) / 4),
    // Node would set a timer and end it again for each answer: see `Connections`.
    keepAliveTimeout: 0,
  })

  const { allowedHosts } = limits
  const isStranger = strangerCheck({ host, allowed: allowedHosts, knows: simulator.knowsHost })

  const answerTo = (request: SimRequest, incoming: IncomingMessage) =>
    isStranger?.(askedHost(incoming)) ? refusal(421, strangerRefused) : simulator.handle(request)

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse, owesContinue: boolean) => {
    const connection = connections.of(incoming.socket)
    connection.outgoing = outgoing
    const request = new NodeRequest(incoming, outgoing, { rounds, owesContinue, connection: connection.number })
    const exchange = { incoming, outgoing, request }
    try {
      const response = await answerTo(request, incoming)
      if (connection.isRefused) dropAnswer(response)
      else sendAnswer(exchange, response, isStopping)
    } catch {
      sendFailure(exchange)
    }
  }

  const upgrade = async (incoming: IncomingMessage, head: Buffer) => {
    const { socket } = incoming
    // Nobody else listens any more, and an error that nobody hears would end the process.
    socket.on('error', () => undefined)
    const outgoing = new ServerResponse(incoming)
    outgoing.assignSocket(socket)
    const connection = connections.of(socket)
    connection.outgoing = outgoing
    const request = new NodeRequest(incoming, outgoing, { rounds, owesContinue: false, connection: connection.number })
    try {
      const response = await answerTo(sockets.asked(request), incoming)
      if (!response.session) {
        // Node ends only what it has answered itself.
        outgoing.on('finish', () => socket.destroySoon())
        sendAnswer({ incoming, outgoing, request }, response, true)
        return
      }
      outgoing.detachSocket(socket)
      // It has no answer on its way: a stop need not wait for it.
      connection.outgoing = undefined
      await sockets.open({ incoming, socket, head }, response.session)
    } catch {
      socket.destroy()
    }
  }
  server.on('upgrade', (incoming, _socket, head) => {
    if (isWebSocket(incoming)) return void upgrade(incoming, head)
    withoutUpgrade(incoming, head)
    server.emit(dialled, incoming.socket)
  })
  server.on('request', (incoming, outgoing) => void serve(incoming, outgoing, false))
  server.on('checkContinue', (incoming, outgoing) => void serve(incoming, outgoing, true))
  // Over TLS requests come on another socket than the one that was dialled.
  const dialled = tls === undefined ? 'connection' : 'secureConnection'
  server.on(dialled, (socket: Duplex) => connections.add(socket))
  server.on('connect', (_incoming, socket) => refuseSocket(socket, 400, 'The simulator is not a proxy.'))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const connection = connections.of(socket)
    const { outgoing } = connection
    const isAnswering = outgoing?.headersSent === true && !outgoing.writableFinished
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) {
      socket.destroy()
      return
    }
    connection.isRefused = true
    refuseSocket(socket, ...describe(error, limits))
  })

  await listen(server, port, host)
  const idleSweep = connections.sweepIdle(limits.idleTimeoutMs)
  const bound = (server.address() as AddressInfo).port

  let stopped: Promise<void> | undefined
  const stop = () =>
    (stopped ??= new Promise((resolve) => {
      isStopping = true
      clearInterval(idleSweep)
      sockets.close()
      const sweep = setInterval(() => connections.closeIdle(), 20)
      const deadline = setTimeout(() => server.closeAllConnections(), limits.stopTimeoutMs)
      server.close(() => {
        clearInterval(sweep)
        clearTimeout(deadline)
        // By then every stream that was cut has been told.
        void connections.closed().then(() => resolve())
      })
      connections.closeIdle()
    }))

  return {
    url: `${tls === undefined ? 'http' : 'https'}://${reachable(host)}:${bound}`,
    port: bound,
    openRequests: () => connections.openRequests(),
    stop,
  }
}

/** A client that dials and says nothing holds up a stop no longer than one that sends no head. */
const serverOf = (tls: Pair | undefined, options: ServerOptions & { readonly headersTimeout: number }): Server =>
  tls === undefined
    ? createServer(options)
    : createTlsServer({ ...options, ...tls, handshakeTimeout: options.headersTimeout })

/** Status and message for what node could not make a request of. */
function describe(error: NodeJS.ErrnoException, limits: Config['server']): [status: number, message: string] {
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    return [431, `The headers of the request are longer than ${limits.maxHeaderBytes} bytes.`]
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'The request did not arrive in time.']
  return [400, 'What was sent is not a valid HTTP request.']
}

function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(whyNot(error, port, host), { cause: error })),
    )
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function whyNot({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  const address = `${host}:${port}`
  if (code === 'EADDRINUSE')
    return `Port ${port} is already in use on ${host}: stop what uses it, or choose another port.`
  if (code === 'EACCES') return `The system does not allow this user to listen on ${address}.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `Cannot listen on ${address}: ${host} is not an address of this machine.`
  return `Cannot listen on ${address}: ${message}`
}

/** An address that a client can use, for one that may mean "all". */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
