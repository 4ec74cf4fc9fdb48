/** A request that a live connection makes for its client: it goes the way of all requests, and its events come back. */
import { isObject, objectIn } from '../base/object.ts'
import { smallBytes } from '../base/flight.ts'
import type { LiveRoom } from '../base/live-socket.ts'
import { turn } from '../base/slices.ts'
import type { Clock } from '../clock.ts'
import type { AnyCall, LiveResource } from '../operation.ts'
import type { SimRequest, SimResponse, Sink } from '../types.ts'

export type AskListener = {
  /** Of the client: events come no faster than it reads. */
  readonly room: LiveRoom
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
export function ask(call: AnyCall, asked: InnerAsk, answering: AskListener): () => void {
  const gone = new AbortController()
  const { resource } = call
  const turns = resource.live.shelf(askTurns)
  const begin = (bytes: Buffer, listener: AskListener) => {
    if (gone.signal.aborted) return
    resource.live.dispatch(requestOf(call, asked, bytes, gone.signal)).then(
      (answer) => {
        if (!gone.signal.aborted) take(answer, listener, turns, gone.signal)
      },
      (error: unknown) => {
        resource.report(error)
        if (!gone.signal.aborted) listener.broken()
      },
    )
  }
  const load = loads.get(call)
  const write = () => {
    if (gone.signal.aborted) return
    const bytes = Buffer.from(JSON.stringify(asked.body))
    const listener = bytes.length > smallBytes ? carried(call, bytes.length, gone.signal, answering) : answering
    turns.begin(() => begin(bytes, listener))
  }
  if (load && load.bytes >= maxLoadBytes) load.waiting.push(write)
  else write()
  return () => gone.abort()
}

/** Of one connection: how much its long requests hold as long as they run, and what waits until that is less. */
type Load = { bytes: number; readonly waiting: (() => void)[] }

const loads = new WeakMap<AnyCall, Load>()
const maxLoadBytes = 4_194_304

/** Counts a request until it has ended. */
function carried(call: AnyCall, bytes: number, signal: AbortSignal, listener: AskListener): AskListener {
  let load = loads.get(call)
  if (!load) loads.set(call, (load = { bytes: 0, waiting: [] }))
  load.bytes += bytes
  const { waiting } = load
  let isOver = false
  const over = () => {
    if (isOver) return
    isOver = true
    load.bytes -= bytes
    while (load.bytes < maxLoadBytes && waiting.length > 0) waiting.shift()?.()
  }
  signal.addEventListener('abort', over, { once: true })
  return untilOver(listener, over)
}

const untilOver = (listener: AskListener, over: () => void): AskListener => ({
  ...listener,
  done(status, body) {
    over()
    listener.done(status, body)
  },
  broken(code) {
    over()
    listener.broken(code)
  },
})

/** The longest that the events of all answers keep the thread in one turn of the event loop. */
const sliceMs = 5

/**
 * Those that come together begin one by one: what each takes until it waits for something is taken at a stretch. Their
 * events come in slices.
 */
class AskTurns {
  readonly #clock: Pick<Clock, 'now'>
  readonly #waiting: (() => void)[] = []
  #hasBegun = false
  #isTelling = false
  #endMs = 0

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** Whether more events may be told in this turn of the event loop. */
  hasTime(): boolean {
    if (this.#isTelling) return this.#clock.now() < this.#endMs
    this.#isTelling = true
    this.#endMs = this.#clock.now() + sliceMs
    turn(() => (this.#isTelling = false))
    return true
  }

  begin(start: () => void): void {
    if (this.#hasBegun) {
      this.#waiting.push(start)
      return
    }
    this.#hasBegun = true
    turn(() => {
      this.#hasBegun = false
      const next = this.#waiting.shift()
      if (next) this.begin(next)
    })
    start()
  }
}

/** For `resource.shelf`. */
const askTurns = ({ clock }: LiveResource) => new AskTurns(clock)

function requestOf({ wire }: AnyCall, { url, headers }: InnerAsk, bytes: Buffer, signal: AbortSignal): SimRequest {
  const own: SimRequest['headers'] = headers ?? {
    get: (name) =>
      name === 'content-type' ? 'application/json' : ofConnection.has(name) ? null : wire.headers.get(name),
  }
  return {
    method: 'POST',
    url,
    ...(wire.base !== undefined && { base: wire.base }),
    headers: own,
    bytes: () => Promise.resolve(bytes),
    signal,
  }
}

function take(answer: SimResponse, answering: AskListener, turns: AskTurns, signal: AbortSignal): void {
  answering.begun?.(answer)
  const { body: told } = answer
  if (answer.isReset) answering.broken()
  else if (typeof told === 'function') told(new EventSink(answering, answer, turns, signal))
  else answering.done(answer.status, typeof told === 'string' ? told : Buffer.from(told ?? '').toString('utf8'))
}

/** Takes a stream of events apart. */
class EventSink implements Sink {
  readonly #answering: AskListener
  readonly #answer: SimResponse
  readonly #turns: AskTurns
  readonly #signal: AbortSignal
  readonly #decoder = new TextDecoder()
  #rest = ''
  /** It goes on by itself: there are events that wait. */
  #isHeld = false
  #resume: (() => void) | undefined
  #end: (() => void) | undefined

  constructor(answering: AskListener, answer: SimResponse, turns: AskTurns, signal: AbortSignal) {
    this.#answering = answering
    this.#answer = answer
    this.#turns = turns
    this.#signal = signal
  }

  write(chunk: string | Uint8Array): boolean {
    if (this.#signal.aborted) return true
    this.#rest += typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true })
    if (!this.#isHeld) this.#tell()
    return !this.#isHeld
  }

  onDrain(resume: () => void): void {
    if (this.#isHeld) this.#resume = resume
    else resume()
  }

  end(): void {
    this.#ended(() => this.#answering.done(this.#answer.status, this.#rest))
  }

  cut(): void {
    this.#ended(() => this.#answering.broken(this.#answer.closeCode))
  }

  onClose(stop: () => void): void {
    this.#signal.addEventListener('abort', stop, { once: true })
  }

  #ended(end: () => void): void {
    if (this.#isHeld) this.#end = end
    else if (!this.#signal.aborted) end()
  }

  #tell(): void {
    const { room, event } = this.#answering
    let at = 0
    this.#isHeld = false
    for (;;) {
      const end = this.#rest.indexOf('\n\n', at)
      if (end < 0 || this.#signal.aborted) break
      const until = room.isFull() ? room.onDrain : this.#turns.hasTime() ? undefined : turn
      if (until) {
        this.#hold(until)
        break
      }
      const data = dataOf(this.#rest.slice(at, end))
      at = end + 2
      if (data !== undefined && data !== '[DONE]') event(data)
    }
    this.#rest = this.#rest.slice(at)
  }

  #hold(until: (goOn: () => void) => void): void {
    this.#isHeld = true
    until(() => this.#goOn())
  }

  #goOn(): void {
    this.#tell()
    if (this.#isHeld || this.#signal.aborted) return
    const [resume, end] = [this.#resume, this.#end]
    this.#resume = this.#end = undefined
    if (end) end()
    else resume?.()
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
