/** Faults of live connections: what goes out to the client goes wrong at a place, counted since the connection began. */
import { countTokens } from '../models/tokenizer.ts'
import type { Timer } from '../clock.ts'
import type { LiveSession, LiveSocket, OpenSession } from '../types.ts'
import { usualCode } from './close.ts'
import { eventJson } from './event-json.ts'
import type { FaultContext, FaultWish } from './fault.ts'

/** Those that a connection can have; all others leave it as it is. */
const able: ReadonlySet<string> = new Set([
  ...['cut', 'end', 'close', 'expire', 'stall', 'errorEvent', 'malformed', 'duplicate', 'reorder', 'trickle'],
])

export const withSessionFault = (open: OpenSession, wish: FaultWish, context: FaultContext): OpenSession =>
  able.has(wish.fault) ? (socket) => new Broken(socket, wish, context).open(open) : open

/** Codes that no side can send: they stand for a connection that went without a word. */
const neverSent: ReadonlySet<number> = new Set([1004, 1005, 1006, 1015])

/** Of what waits in a stall. Whoever lets more than this come up is let go. */
const maxHeldCharacters = 67_108_864

class Broken {
  readonly #socket: LiveSocket
  readonly #wish: FaultWish
  readonly #context: FaultContext
  readonly #due: Timer
  readonly #release: Timer
  #session: LiveSession | undefined
  #events = 0
  #bytes = 0
  #tokens = 0
  #hasHappened = false
  #isHeld = false
  #held: string[] = []
  #heldCharacters = 0
  #swapped: string | undefined

  constructor(socket: LiveSocket, wish: FaultWish, context: FaultContext) {
    this.#socket = socket
    this.#wish = wish
    this.#context = context
    this.#due = context.clock.timer(() => this.#happen())
    this.#release = context.clock.timer(() => this.#letGo())
  }

  open(open: OpenSession): LiveSession {
    const { after, fault } = this.#wish
    const { clock } = this.#context
    if (after?.timeMs !== undefined) this.#due.set(clock.now() + after.timeMs)
    const session = open({ ...this.#socket, send: (text) => this.#send(text) })
    this.#session = session
    // Where nothing was sent yet, there is nothing that it could happen to but the beginning.
    if (after === undefined && (fault === 'expire' || fault === 'close')) this.#happen()
    return {
      ...session,
      message: (text) => session.message(text),
      closed: (code) => {
        this.#due.cancel()
        this.#release.cancel()
        this.#held = []
        session.closed(code)
      },
    }
  }

  #send(text: string): void {
    if (this.#isHeld) {
      this.#hold(text)
      return
    }
    if (this.#swapped !== undefined) {
      const before = this.#swapped
      this.#swapped = undefined
      this.#socket.send(text)
      this.#socket.send(before)
      return
    }
    if (this.#wish.fault === 'trickle') this.#trickle(text)
    else if (!this.#hasHappened && this.#isThere(text)) this.#happen(text)
    else this.#socket.send(text)
  }

  /** Whether the place lies before this frame. */
  #isThere(text: string): boolean {
    const { after = { events: 0 } } = this.#wish
    if (after.timeMs !== undefined) return false
    const isThere =
      (after.events !== undefined && this.#events >= after.events) ||
      (after.bytes !== undefined && this.#bytes >= after.bytes) ||
      (after.tokens !== undefined && this.#tokens >= after.tokens)
    this.#events++
    this.#bytes += text.length
    if (after.tokens !== undefined && !isThere) this.#tokens += tokensIn(text, this.#context)
    return isThere
  }

  #happen(text?: string): void {
    if (this.#hasHappened) return
    this.#hasHappened = true
    const { fault, code = usualCode, forMs } = this.#wish
    const send = (frame: string | undefined) => {
      if (frame !== undefined) this.#socket.send(frame)
    }
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the others leave it as it is
    switch (fault) {
      case 'cut':
        this.#socket.cut()
        return
      case 'end':
        this.#socket.close(1000, '')
        return
      case 'close':
        if (neverSent.has(code)) this.#socket.cut()
        else this.#socket.close(code, code === 1011 ? 'The server had an error while processing your request.' : '')
        return
      case 'expire':
        this.#session?.expire?.()
        return
      case 'stall':
        this.#isHeld = true
        if (text !== undefined) this.#hold(text)
        if (forMs !== undefined) this.#release.set(this.#context.clock.now() + forMs)
        return
      case 'errorEvent':
        send(jsonText(this.#context.errorEvent))
        send(text)
        return
      case 'malformed':
        send(text?.slice(0, -1))
        return
      case 'duplicate':
        send(text)
        send(text)
        return
      case 'reorder':
        this.#swapped = text
        return
      default:
        send(text)
    }
  }

  #hold(text: string): void {
    this.#held.push(text)
    this.#heldCharacters += text.length
    if (this.#heldCharacters > maxHeldCharacters) this.#socket.cut()
  }

  /** One by one, each so long after the one before. */
  #trickle(text: string): void {
    this.#isHeld = true
    this.#socket.send(text)
    this.#release.set(this.#context.clock.now() + (this.#wish.everyMs ?? 50))
  }

  #letGo(): void {
    if (this.#wish.fault === 'trickle') {
      const next = this.#held.shift()
      this.#isHeld = next !== undefined
      if (next === undefined) return
      this.#heldCharacters -= next.length
      this.#trickle(next)
      return
    }
    this.#isHeld = false
    const held = this.#held
    this.#held = []
    this.#heldCharacters = 0
    for (const text of held) this.#socket.send(text)
  }
}

/** Of what is said in words, and of calls' arguments. */
function tokensIn(text: string, { encoding }: FaultContext): number {
  if (!text.includes('.delta"') || text.includes('audio.delta"')) return 0
  const delta = eventJson(Buffer.from(`data: ${text}`))?.['delta']
  return typeof delta === 'string' ? countTokens(delta, encoding) : 0
}

/** The JSON of an event, without what a stream puts round it. */
const jsonText = (event: string): string => /^data: ?(.*)$/m.exec(event)?.[1] ?? event
