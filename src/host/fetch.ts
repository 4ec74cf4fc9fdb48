/** The app as a `fetch`, in process and without a port: for the official SDKs in tests, and for whoever embeds it. */
import type { SimResponse } from '../sim/index.ts'
import type { Served } from './served.ts'
import { dropAnswer } from '../sim/index.ts'
import { failure } from './served.ts'
import { toReadableStream } from './web-stream.ts'

const statusesWithoutBody = [204, 205, 304]

/** What the web's `fetch` promises holds: it rejects with the signal's reason, and a stream breaks off with it. */
export const toFetch =
  (simulator: Served): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const { method, url, headers, signal } = request
    signal.throwIfAborted()
    const bytes = async (maxBytes: number) => {
      const body = new Uint8Array(await request.arrayBuffer())
      return body.length > maxBytes ? undefined : body
    }
    const respond = async () => {
      const answer = await simulator.handle({ method, url, headers, bytes, signal })
      return answer.isReset ? undefined : toResponse(answer, method, signal)
    }
    const response = await raceAbort(
      respond().catch(() => toResponse(failure(), method, signal)),
      signal,
    )
    // As the platform's own says it.
    if (response === undefined) throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') })
    return response
  }

function toResponse(answer: SimResponse, method: string, signal: AbortSignal): Response {
  const { status, phrase, headers, body } = answer
  if (method === 'HEAD' || statusesWithoutBody.includes(status)) {
    dropAnswer(answer)
    return new Response(null, { status, headers })
  }
  if (typeof body === 'function') return new Response(toReadableStream(body, signal), { status, headers })
  const head = { status, headers, ...(phrase !== undefined && { statusText: phrase }) }
  // A text without a type would get the platform's own.
  if (typeof body === 'string' && headers['Content-Type'] !== undefined) return new Response(body, head)
  // A copy of bytes: what the app gave stays its own.
  return new Response(body && new Uint8Array(Buffer.from(body)), head)
}

function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
