/**
 * The host's end of a live connection: messages reach the session in order, one after the other and in turns with other
 * connections; nothing more is read while there are some to take, or while a client does not read what it is told.
 */
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { type Flight, type LiveSession, type LiveSocket, type OpenSession, smallBytes } from '../sim/index.ts'
import type { InTurn, SocketTurns } from './socket-turns.ts'

/** What is to leave, beyond which nothing more should be made. */
const fullBytes = 262_144
/** The same beyond which nothing more is taken: there are clients that say all that they have to before they read. */
const maxAheadBytes = 1_048_576
/** Whoever reads so little gets no more. */
const maxBufferedBytes = 67_108_864
/** How long a client that is to close the connection has for it. */
const closingMs = 1_000

type Message = {
  readonly text: string
  /** As counted in flight. */
  readonly counted: number
}

type Ends = {
  readonly client: WebSocket
  readonly socket: Duplex
  readonly turns: SocketTurns
  /** Within this a long message has to arrive. */
  readonly messageTimeoutMs: number
}

export class SocketEnd implements InTurn {
  readonly #client: WebSocket
  readonly #socket: Duplex
  readonly #turns: SocketTurns
  readonly #messageTimeoutMs: number
  readonly #session: LiveSession
  readonly #flight: Flight | undefined
  /** Messages that wait for their turn, from `#at` on. */
  #waiting: Message[] = []
  #at = 0
  #isTaking = false
  #isOver = false
  #hasGone = false
  #isPaused = false
  #isOutOfTime = false
  #isWithoutRoom = false
  /** Bytes that came since the last whole message, and how many of them count in flight. */
  #arriving = 0
  #arrivingCounted = 0
  #late: NodeJS.Timeout | undefined
  /** Bytes that are to leave, as counted in flight. */
  #leavingCounted = 0
  #onDrain: (() => void)[] = []
  #ping: Buffer | undefined

  constructor({ client, socket, turns, messageTimeoutMs }: Ends, open: OpenSession) {
    this.#client = client
    this.#socket = socket
    this.#turns = turns
    this.#messageTimeoutMs = messageTimeoutMs
    this.#session = open(this.#opened())
    this.#flight = this.#session.flight
    // Before the library sees what came: it is then that the turn begins.
    socket.prependListener('data', (chunk: Buffer) => this.#came(chunk.length))
    socket.on('drain', () => this.#drained())
    // The library still takes apart what came before the end.
    socket.prependListener('close', () => (this.#hasGone = true))
    client.on('message', (data: Buffer) => this.#whole(data))
    client.on('ping', (data: Buffer) => this.#pinged(data))
    client.on('close', (code) => this.#closed(code))
  }

  #opened(): LiveSocket {
    const client = this.#client
    return {
      send: (text) => this.#send(text),
      close: (code, reason) => client.close(code, reason.slice(0, 120)),
      cut: () => client.terminate(),
      isFull: () => this.#isFull(fullBytes),
      onDrain: (goOn) => this.#onDrain.push(goOn),
    }
  }

  #isFull(maxBytes: number): boolean {
    const bytes = this.#socket.writableLength
    return bytes > maxBytes || (bytes > smallBytes && this.#flight?.isFull() === true)
  }

  #send(text: string): void {
    this.#client.send(text)
    const bytes = this.#socket.writableLength
    if (bytes <= smallBytes) return
    this.#flight?.take(bytes - this.#leavingCounted)
    this.#leavingCounted = bytes
    if (bytes > maxBufferedBytes) this.#client.terminate()
  }

  /** All that was to leave has left. */
  #drained(): void {
    if (this.#leavingCounted > 0) this.#flight?.give(this.#leavingCounted)
    this.#leavingCounted = 0
    const waiting = this.#onDrain
    this.#onDrain = []
    for (const goOn of waiting) goOn()
    this.#pong()
  }

  /** Part of a message, or many of them. */
  #came(bytes: number): void {
    this.#arriving += bytes
    if (this.#arriving > smallBytes) this.#count(this.#arriving - this.#arrivingCounted)
    if (this.#turns.hasTime() || this.#isOutOfTime) return
    this.#isOutOfTime = true
    this.#turns.add(this)
    this.#flow()
  }

  #count(bytes: number): void {
    const flight = this.#flight
    this.#arrivingCounted += bytes
    this.#late ??= setTimeout(
      () => this.#refuse(1008, 'The message did not arrive in time.'),
      this.#messageTimeoutMs,
    ).unref()
    if (!flight) return
    flight.take(bytes)
    // One that has all of it to itself is as large as it may be.
    if (!flight.isFull() || flight.bytes() <= this.#arrivingCounted || this.#isWithoutRoom) return
    this.#isWithoutRoom = true
    this.#flow()
    flight.room().then(
      () => {
        this.#isWithoutRoom = false
        this.#flow()
      },
      () => this.#refuse(1013, 'Too much is under way.'),
    )
  }

  /** Nothing more is read: what came is kept until the connection ends. */
  #refuse(code: number, reason: string): void {
    if (this.#isOver) return
    this.#client.close(code, reason)
    setTimeout(() => this.#client.terminate(), closingMs).unref()
  }

  #whole(data: Buffer): void {
    if (this.#hasGone) return
    const counted = this.#arrivingCounted
    this.#arriving = this.#arrivingCounted = 0
    clearTimeout(this.#late)
    this.#late = undefined
    const message = { text: data.toString('utf8'), counted }
    const isFirst = this.#at === this.#waiting.length && !this.#isTaking
    if (isFirst && this.#turns.hasTime() && !this.#isFull(maxAheadBytes)) this.#take(message)
    else {
      this.#waiting.push(message)
      this.#more()
    }
  }

  takeTurn(): void {
    this.#isOutOfTime = false
    const message = this.#isTaking || this.#isOver ? undefined : this.#waiting[this.#at]
    if (message && this.#isFull(maxAheadBytes)) {
      this.#onDrain.push(() => this.#turns.add(this))
      return
    }
    if (message) {
      if (++this.#at === this.#waiting.length) {
        this.#waiting = []
        this.#at = 0
      }
      this.#take(message)
    }
    this.#more()
  }

  #take({ text, counted }: Message): void {
    const taking = this.#session.message(text)
    if (!taking) {
      this.#give(counted)
      return
    }
    this.#isTaking = true
    void taking.finally(() => {
      this.#isTaking = false
      this.#give(counted)
      this.#more()
    })
  }

  #give(counted: number): void {
    if (counted > 0) this.#flight?.give(counted)
  }

  #more(): void {
    if (this.#isOver) return
    if (this.#at < this.#waiting.length && !this.#isTaking) this.#turns.add(this)
    this.#flow()
  }

  #flow(): void {
    if (this.#isOver) return
    const isHeld = this.#at < this.#waiting.length || this.#isOutOfTime || this.#isWithoutRoom
    if (isHeld === this.#isPaused) return
    this.#isPaused = isHeld
    if (isHeld) this.#client.pause()
    else this.#client.resume()
  }

  /** Of many the last is answered, which is enough, and by a client that reads. */
  #pinged(data: Buffer): void {
    const isFirst = this.#ping === undefined
    this.#ping = data
    if (isFirst) setImmediate(() => this.#pong())
  }

  #pong(): void {
    const latest = this.#ping
    if (latest === undefined || this.#isOver || this.#isFull(smallBytes)) return
    this.#ping = undefined
    this.#client.pong(latest)
  }

  #closed(code: number): void {
    this.#isOver = true
    clearTimeout(this.#late)
    this.#turns.remove(this)
    const waiting = this.#waiting.slice(this.#at).reduce((sum, { counted }) => sum + counted, 0)
    this.#give(waiting + this.#arrivingCounted + this.#leavingCounted)
    this.#waiting = []
    this.#at = this.#arrivingCounted = this.#leavingCounted = 0
    this.#onDrain = []
    this.#session.closed(code)
  }
}
