/**
 * A `SimRequest` over node's `IncomingMessage`, with nothing made that nobody asks for: web-standard request objects
 * would cost four fifths of what a core can serve.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Flight, SimRequest } from '../sim/index.ts'
import { nothing, wholeBody } from './node-body.ts'
import type { Rounds } from './rounds.ts'

/** What is left of the body when the answer goes out without it. */
export type Rest = 'nothing' | 'little' | 'much'

/** Up to this much is read and dropped after an answer, so that the connection can carry the next request. */
const littleBytes = 1_048_576

type About = {
  readonly rounds: Rounds
  /** The client waits for `100 Continue` before it sends the body. */
  readonly owesContinue: boolean
  /** Its number. */
  readonly connection: number
}

export class NodeRequest implements SimRequest {
  readonly method: string
  readonly url: string
  /** None where HTTP/1.0 closes it after each request: that tells nothing of the client. */
  readonly connection: number | undefined
  readonly #incoming: IncomingMessage
  readonly #outgoing: ServerResponse
  readonly #rounds: Rounds
  /** The client waits for `100 Continue` before it sends the body. */
  #owesContinue: boolean
  #wasStarted = false
  #gone: AbortController | undefined
  /** A bit for each length that a header's name has; 0 until somebody asks. */
  #lengths = 0

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, { rounds, owesContinue, connection }: About) {
    this.method = incoming.method ?? ''
    this.url = incoming.url ?? ''
    this.#incoming = incoming
    this.#outgoing = outgoing
    this.#rounds = rounds
    this.#owesContinue = owesContinue
    this.connection = incoming.httpVersionMinor === 0 && !outgoing.shouldKeepAlive ? undefined : connection
  }

  get headers(): this {
    return this
  }

  /**
   * The value of a header; `name` in lower case. Most of what is asked for is not there, which is told by the length of
   * its name for a fraction of what a look at the headers takes.
   */
  get(name: string): string | null {
    if (this.#lengths === 0) this.#lengths = lengthsOf(this.#incoming.rawHeaders)
    if ((this.#lengths & (1 << name.length)) === 0) return null
    const value: unknown = this.#incoming.headers[name]
    if (typeof value === 'string') return value
    return Array.isArray(value) ? value.join(', ') : null
  }

  /** Every header, repeated ones joined. */
  forEach(visit: (value: string, name: string) => void): void {
    for (const name in this.#incoming.headers) {
      const value = this.get(name)
      if (value !== null) visit(value, name)
    }
  }

  hasPrefix(prefix: string): boolean {
    const { rawHeaders } = this.#incoming
    const { length } = prefix
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const name = rawHeaders[at] as string
      // Most differ in their first letters.
      if (name.length > length && name[1] === prefix[1] && name.slice(0, length).toLowerCase() === prefix) return true
    }
    return false
  }

  get signal(): AbortSignal {
    if (this.#gone === undefined) {
      const gone = new AbortController()
      this.#gone = gone
      this.onGone(() => gone.abort())
    }
    return this.#gone.signal
  }

  onGone(run: () => void): () => void {
    const outgoing = this.#outgoing
    const onClose = () => {
      if (!outgoing.writableFinished) run()
    }
    if (outgoing.closed) onClose()
    else outgoing.once('close', onClose)
    return () => outgoing.off('close', onClose)
  }

  bytes(maxBytes: number, flight?: Flight): Promise<Uint8Array | undefined> {
    const declaredBytes = this.#declaredBytes()
    if (declaredBytes === 0) return Promise.resolve(nothing)
    if (declaredBytes !== undefined && declaredBytes > maxBytes) return Promise.resolve(undefined)
    this.#wasStarted = true
    if (this.#owesContinue) {
      this.#owesContinue = false
      this.#outgoing.writeContinue()
    }
    return wholeBody({
      incoming: this.#incoming,
      outgoing: this.#outgoing,
      length: declaredBytes,
      maxBytes,
      rounds: this.#rounds,
      flight,
    })
  }

  get rest(): Rest {
    const incoming = this.#incoming
    if (incoming.complete) return 'nothing'
    const declaredBytes = this.#declaredBytes()
    if (declaredBytes === 0) return 'nothing'
    // A client that waits for leave to send may now send or not, so what comes next cannot be told apart.
    if (this.#wasStarted || this.#owesContinue || declaredBytes === undefined) return 'much'
    return declaredBytes > littleBytes ? 'much' : 'little'
  }

  /** True where the client was never told to send its body, so that there is nothing to drain. */
  get isBodyHeldBack(): boolean {
    return this.#owesContinue
  }

  /** `undefined` where the body is sent in chunks. */
  #declaredBytes(): number | undefined {
    const { 'content-length': length, 'transfer-encoding': encoding } = this.#incoming.headers
    if (encoding !== undefined) return undefined
    return length === undefined ? 0 : Number(length)
  }
}

/** Lengths 32 apart share a bit. Never 0. */
function lengthsOf(rawHeaders: readonly string[]): number {
  let bits = 1
  for (let at = 0; at < rawHeaders.length; at += 2) bits |= 1 << (rawHeaders[at] as string).length
  return bits
}
