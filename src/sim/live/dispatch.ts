/** A request that a live connection makes for its client: it goes the way of all requests, and its events come back. */
import { isObject, objectIn } from '../base/object.ts'
import type { AnyCall } from '../operation.ts'
import type { SimRequest, SimResponse, Sink } from '../types.ts'

export type AskListener = {
  /** Status and headers of the answer; before any event. */
  readonly begun?: (answer: SimResponse) => void
  /** The JSON of one event. */
  readonly event: (json: string) => void
  /** All has come. `body` is that of an answer that is no stream. */
  readonly done: (status: number, body: string) => void
  /** It broke off. Undefined: without a word; else the connection is to be closed with that code. */
  readonly broken: (code?: number) => void
}

/** What belongs to the connection, and who the client is: that was looked at when it came. */
const ofConnection: ReadonlySet<string> = new Set([
  ...['connection', 'upgrade', 'content-length', 'transfer-encoding', 'authorization', 'api-key', 'accept-encoding'],
  ...['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-extensions', 'sec-websocket-protocol'],
])

export type InnerAsk = { readonly url: string; readonly body: object; readonly headers?: SimRequest['headers'] }

/** Never rejects. Returns what stops it. */
export function ask({ wire, resource }: AnyCall, { url, body, headers }: InnerAsk, answering: AskListener): () => void {
  const gone = new AbortController()
  const bytes = Buffer.from(JSON.stringify(body))
  const own: SimRequest['headers'] = headers ?? {
    get: (name) =>
      name === 'content-type' ? 'application/json' : ofConnection.has(name) ? null : wire.headers.get(name),
  }
  const request: SimRequest = {
    method: 'POST',
    url,
    ...(wire.base !== undefined && { base: wire.base }),
    headers: own,
    bytes: () => Promise.resolve(bytes),
    signal: gone.signal,
  }
  const isOver = () => gone.signal.aborted
  resource.live.dispatch(request).then(
    (answer) => {
      if (isOver()) return
      answering.begun?.(answer)
      const { body: told } = answer
      if (answer.isReset) answering.broken()
      else if (typeof told === 'function') told(eventSink(answering, answer, gone.signal))
      else answering.done(answer.status, typeof told === 'string' ? told : Buffer.from(told ?? '').toString('utf8'))
    },
    (error: unknown) => {
      resource.report(error)
      if (!isOver()) answering.broken()
    },
  )
  return () => gone.abort()
}

/** Takes a stream of events apart. */
function eventSink(
  { event, done, broken }: AskListener,
  { status, closeCode }: SimResponse,
  signal: AbortSignal,
): Sink {
  let rest = ''
  const decoder = new TextDecoder()
  return {
    write(chunk) {
      if (signal.aborted) return true
      rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
      for (;;) {
        const end = rest.indexOf('\n\n')
        if (end < 0) return true
        const data = dataOf(rest.slice(0, end))
        rest = rest.slice(end + 2)
        if (data !== undefined && data !== '[DONE]') event(data)
      }
    },
    onDrain: (resume) => resume(),
    end: () => {
      if (!signal.aborted) done(status, rest)
    },
    cut: () => {
      if (!signal.aborted) broken(closeCode)
    },
    onClose: (stop) => signal.addEventListener('abort', stop, { once: true }),
  }
}

const dataOf = (block: string): string | undefined =>
  block
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(line.startsWith('data: ') ? 6 : 5))
    .join('\n') || undefined

/** The error that a body tells of. */
export function errorObjectIn(body: string): Readonly<Record<string, unknown>> {
  const error = objectIn(body)?.['error']
  return isObject(error) ? error : { type: 'server_error', code: null, message: body.slice(0, 1_000) }
}
