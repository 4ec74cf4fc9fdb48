/**
 * The body of a request. One that comes in a single piece, as most do, goes from Node's parser to who reads it: on the
 * way through Node's stream it would be put in a queue, taken out of it and told of by four events in four turns, which
 * is a twentieth of what a whole request costs.
 */
import { IncomingMessage, type ServerResponse } from 'node:http'
import { type Flight, NoRoom, smallBytes } from '../sim/index.ts'
import { inTurn, Pieces, smallPieceBytes } from './pieces.ts'
import type { Rounds } from './rounds.ts'

export const nothing = new Uint8Array(0)

/** A body that is sent as it is made has so many. */
const maxSmallPieces = 500

type Expected = {
  readonly length: number
  readonly whole: (body: Uint8Array) => void
  readonly inPieces: () => void
}

/** An `IncomingMessage` of which a body in one piece can be had without its stream. */
export class LeanRequest extends IncomingMessage {
  static {
    // A body that was had so counts as read: Node then forgets the request when it is answered.
    Object.defineProperty(this.prototype, 'readableEnded', {
      get(this: LeanRequest) {
        return this.#wasWhole || Reflect.get(IncomingMessage.prototype, 'readableEnded', this)
      },
    })
  }

  #hasBegun = false
  #expected: Expected | undefined
  #piece: Uint8Array | undefined
  #wasWhole = false
  #smallPieces = 0
  #isHeld = false

  /** Calls `whole` with a body of `length` bytes that comes in one piece. It is to be read as a stream where this calls `inPieces`, or is false. */
  expectWhole(expected: Expected): boolean {
    if (this.#hasBegun || this.destroyed) return false
    this.#expected = expected
    return true
  }

  /** Node's parser calls this with each piece, and with null behind the last. */
  override push(piece: Uint8Array | null, encoding?: BufferEncoding): boolean {
    this.#hasBegun = true
    const expected = this.#expected
    if (expected === undefined) return super.push(piece, encoding) && !this.#isTakenUp(piece)
    const known = this.#piece
    if (known === undefined && piece?.length === expected.length) {
      this.#piece = piece
      return true
    }
    this.#expected = this.#piece = undefined
    if (piece === null && known !== undefined) {
      this.#wasWhole = true
      expected.whole(known)
      return false
    }
    expected.inPieces()
    return super.push(piece, encoding)
  }

  /** Who sends very many small pieces is read on in a turn of its own. */
  #isTakenUp(piece: Uint8Array | null): boolean {
    if (piece === null || piece.length >= smallPieceBytes || ++this.#smallPieces < maxSmallPieces) return false
    if (!this.#isHeld) {
      this.#isHeld = true
      inTurn(() => {
        this.#isHeld = false
        if (!this.destroyed) super._read(0)
      })
    }
    return true
  }

  override _read(size: number): void {
    if (!this.#isHeld) super._read(size)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const expected = this.#expected
    this.#expected = this.#piece = undefined
    expected?.inPieces()
    super._destroy(error, done)
  }
}

export type Reading = {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** As the head says; undefined where it does not. */
  readonly length: number | undefined
  readonly maxBytes: number
  readonly rounds: Rounds
  readonly flight: Flight | undefined
}

/** Undefined where it is longer than it may be. Rejects where it does not arrive whole, or there is no room for it. */
export function wholeBody(reading: Reading): Promise<Uint8Array | undefined> {
  const { incoming, length, rounds } = reading
  return new Promise((resolve, reject) => {
    const inPieces = () => readPieces(reading, resolve, reject)
    // A longer one takes room in flight, piece by piece.
    const mayBeWhole = length !== undefined && length <= smallBytes && incoming instanceof LeanRequest
    const whole = (body: Uint8Array) => rounds.add(() => resolve(body))
    if (!mayBeWhole || !incoming.expectWhole({ length, whole, inPieces })) inPieces()
  })
}

/** By events, which is faster than iterating. */
function readPieces(
  { incoming, outgoing, maxBytes, rounds, flight }: Reading,
  resolve: (body: Uint8Array | undefined) => void,
  reject: (error: Error) => void,
): void {
  let pieces: Pieces | undefined = new Pieces()
  let size = 0
  let taken = 0
  /** What has arrived is there until its answer has left. */
  const count = (bytes: number, counted: Flight) => {
    if (taken === 0) outgoing.once('close', () => counted.give(taken))
    taken += bytes
    counted.take(bytes)
    // One that has all of it to itself is as large as it may be.
    if (!counted.isFull() || counted.bytes() <= taken) return
    incoming.pause()
    counted.room().then(
      () => incoming.resume(),
      (error: unknown) => {
        incoming.off('data', onData)
        pieces = undefined
        reject(error instanceof Error ? error : new NoRoom())
      },
    )
  }
  const onData = (piece: Buffer) => {
    size += piece.length
    if (size > maxBytes) {
      incoming.off('data', onData)
      incoming.pause()
      pieces = undefined
      resolve(undefined)
    } else pieces?.add(piece)
    if (flight && size > smallBytes && size <= maxBytes) count(taken === 0 ? size : piece.length, flight)
  }
  const cut = () => new Error('The body of the request did not arrive whole.')
  if (incoming.destroyed) {
    reject(cut())
    return
  }
  incoming.on('data', onData)
  const hasAll = () => resolve(pieces?.whole() ?? nothing)
  incoming.on('end', () => rounds.add(hasAll))
  // Also called after a body that did arrive: an error that nobody sees would cost a fifth of the request.
  incoming.on('close', () => {
    if (!incoming.readableEnded) reject(cut())
  })
}
