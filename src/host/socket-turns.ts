/**
 * The messages of live connections are taken in turns: thousands of short ones may come in one read, and to take them all
 * at a stretch would hold up the others.
 */

/** The longest that messages keep the thread in one turn of the event loop, unless a single one takes longer. */
const sliceMs = 5

export type InTurn = {
  /** Takes one message; asks for another turn where there are more. */
  readonly takeTurn: () => void
}

export class SocketTurns {
  readonly #waiting = new Set<InTurn>()
  #hasBegun = false
  #endMs = 0

  /** Whether more may be done in this turn of the event loop. */
  hasTime(): boolean {
    if (this.#hasBegun) return performance.now() < this.#endMs
    this.#hasBegun = true
    this.#endMs = performance.now() + sliceMs
    setImmediate(this.#next)
    return true
  }

  add(one: InTurn): void {
    this.#waiting.add(one)
    if (!this.#hasBegun) this.hasTime()
  }

  remove(one: InTurn): void {
    this.#waiting.delete(one)
  }

  readonly #next = (): void => {
    this.#hasBegun = false
    // Those that ask for another turn come behind the others.
    for (const one of this.#waiting) {
      if (!this.hasTime()) return
      this.#waiting.delete(one)
      one.takeTurn()
    }
  }
}
