/**
 * The pieces of a body. A client may send it byte by byte: each by itself takes a hundred times as much memory as there
 * is in it, and a microsecond of the thread.
 */

/** A shorter one is copied. */
export const smallPieceBytes = 256

const minRoomBytes = 1_024
const maxRoomBytes = 16_384

export class Pieces {
  readonly #pieces: Buffer[] = []
  #bytes = 0
  /** Where small ones are put together; those from `#from` to `#to` are not among the others yet. */
  #room = Buffer.alloc(0)
  #from = 0
  #to = 0

  add(piece: Buffer): void {
    this.#bytes += piece.length
    if (piece.length >= smallPieceBytes) {
      this.#take()
      this.#pieces.push(piece)
      return
    }
    if (this.#to + piece.length > this.#room.length) {
      this.#take()
      this.#room = Buffer.allocUnsafeSlow(Math.min(maxRoomBytes, Math.max(minRoomBytes, 2 * this.#room.length)))
      this.#from = this.#to = 0
    }
    this.#to += piece.copy(this.#room, this.#to)
  }

  whole(): Uint8Array {
    this.#take()
    const [first, second] = this.#pieces
    return first && !second ? first : Buffer.concat(this.#pieces, this.#bytes)
  }

  #take(): void {
    if (this.#to > this.#from) this.#pieces.push(this.#room.subarray(this.#from, this.#to))
    this.#from = this.#to
  }
}

const waiting: (() => void)[] = []

const runNext = () => {
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(runNext)
}

/** One in each turn of the event loop. */
export function inTurn(run: () => void): void {
  if (waiting.push(run) === 1) setImmediate(runNext)
}
