/** Forwards to Azure OpenAI, or to whatever speaks as it does, over connections that are kept. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { createTokenSource, scopes, type TokenSource, signInByDefault } from '../azure/entra-token.ts'
import type { Clock, Timer } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { ApiError } from '../errors.ts'
import type { Log } from '../base/log.ts'
import type { Wire } from '../types.ts'
import {
  brokenOff,
  clientGone,
  connectTimeout,
  idleTimeout,
  notSignedIn,
  totalTimeout,
  unreachable,
} from './failures.ts'
import type { Destination, Forwarder, ServiceAnswer } from './forwarder.ts'
import { answerHeadersOf, endpointUrl, headersOf, pathOf, withOwnLinks } from './outgoing.ts'
import { isCompressed, serviceBody } from './service-body.ts'
import { dialService } from './service-socket.ts'
import { codeOf, reasonOf } from '../base/reason.ts'

export type ForwarderOptions = {
  readonly clock: Clock
  readonly log: Log
  readonly signIn?: TokenSource
  /** Asked first; `undefined` for what goes to the service. */
  readonly destinationFor?: ((wire: Wire) => Promise<Destination> | undefined) | undefined
}

export function createForwarder({ clock, log, signIn, destinationFor }: ForwarderOptions): Forwarder {
  let plain: HttpAgent | undefined
  let secure: HttpsAgent | undefined
  const entraToken = createTokenSource(clock, signIn ?? signInByDefault(scopes.cognitiveServices))

  const signInTo = async (host: string, key: string | undefined): Promise<Destination['headers']> => {
    if (key !== undefined) return { 'api-key': key }
    try {
      return { authorization: `Bearer ${(await entraToken()).token}` }
    } catch (error) {
      log.error(`No Entra token for ${host}: ${reasonOf(error)}`)
      throw notSignedIn(host)
    }
  }

  return {
    async forward(wire, to, signal) {
      const other = await destinationFor?.(wire)
      const endpoint = endpointUrl(other ?? to)
      const headers = headersOf(wire, other?.headers ?? (await signInTo(endpoint.host, to.key)))
      const isSecure = endpoint.protocol === 'https:'
      const open = (agent: HttpAgent | HttpsAgent | false) => {
        const options: RequestOptions = {
          // Node wants an IPv6 address without its brackets.
          hostname: endpoint.hostname.replace(/^\[|\]$/g, ''),
          port: endpoint.port,
          method: wire.method,
          path: pathOf(wire, endpoint),
          headers,
          agent,
        }
        return isSecure ? httpsRequest(options) : httpRequest(options)
      }
      const exchange = { open, wire, to, signal, host: endpoint.host, origin: endpoint.origin, clock }
      try {
        const keepAlive = { keepAlive: true }
        return await ask(
          exchange,
          isSecure ? (secure ??= new HttpsAgent(keepAlive)) : (plain ??= new HttpAgent(keepAlive)),
        )
      } catch (error) {
        // The service closed a connection that was kept, just as it was used: no part of the request was answered.
        if (error instanceof StaleConnection) return ask(exchange, false)
        throw error
      }
    },
    async dial(wire, to, signal) {
      const other = await destinationFor?.(wire)
      const signIn = other?.headers ?? (await signInTo(endpointUrl(to).host, to.key))
      return dialService({ wire, to: other ? { ...to, endpoint: other.endpoint } : to, signIn, signal })
    },
    close() {
      plain?.destroy()
      secure?.destroy()
    },
  }
}

type Exchange = {
  readonly open: (agent: HttpAgent | HttpsAgent | false) => ClientRequest
  readonly wire: Wire
  readonly to: Config['forward']
  readonly signal: AbortSignal | undefined
  readonly host: string
  readonly origin: string
  readonly clock: Clock
}

class StaleConnection extends Error {}

function ask(
  { open, wire, to, signal, host, origin, clock }: Exchange,
  agent: HttpAgent | false,
): Promise<ServiceAnswer> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(clientGone())
      return
    }
    const request = open(agent)
    let answer: IncomingMessage | undefined
    /** Why the request was ended here: what node then reports is only its echo. */
    let reason: ApiError | undefined

    const end = (why: ApiError) => {
      reason ??= why
      request.destroy()
      answer?.destroy()
    }
    const timerFor = (why: () => ApiError): Timer => clock.timer(() => end(why()))
    const connecting = timerFor(() => connectTimeout(host, to.connectTimeoutMs))
    const idle = timerFor(() => idleTimeout(host, to.idleTimeoutMs))
    const total = timerFor(() => totalTimeout(host, to.totalTimeoutMs))
    const waitForMore = () => idle.set(clock.now() + to.idleTimeoutMs)
    const onAbort = () => end(clientGone())
    const release = () => {
      for (const timer of [connecting, idle, total]) timer.cancel()
      signal?.removeEventListener('abort', onAbort)
    }

    signal?.addEventListener('abort', onAbort)
    connecting.set(clock.now() + to.connectTimeoutMs)
    total.set(clock.now() + to.totalTimeoutMs)
    request.once('socket', (socket) => {
      const onConnected = () => {
        connecting.cancel()
        if (answer === undefined) waitForMore()
      }
      const isSecure = 'encrypted' in socket
      if (request.reusedSocket || !socket.connecting) onConnected()
      else socket.once(isSecure ? 'secureConnect' : 'connect', onConnected)
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (answer) return
      release()
      if (!reason && request.reusedSocket && error.code === 'ECONNRESET' && agent !== false) {
        reject(new StaleConnection())
      } else reject(reason ?? unreachable(host, error.code ?? error.message))
    })
    request.once('response', (message) => {
      answer = message
      waitForMore()
      const body = serviceBody(message, {
        onData: waitForMore,
        onPause: () => idle.cancel(),
        onOver: release,
        onCancel: () => end(clientGone()),
        explain: (error) => reason ?? brokenOff(host, codeOf(error) || reasonOf(error)),
      })
      resolve({
        status: message.statusCode ?? 502,
        contentType: message.headers['content-type'] ?? '',
        headers: withOwnLinks(answerHeadersOf(message.rawHeaders, isCompressed(message)), origin),
        isFramed: isFramed(message),
        body,
      })
    })
    request.end(wire.bytes.length > 0 ? wire.bytes : undefined)
  })
}

const isFramed = ({ headers, statusCode }: IncomingMessage) =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined || statusCode === 204
