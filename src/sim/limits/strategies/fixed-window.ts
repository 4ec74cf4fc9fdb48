/**
 * Amounts added since the window opened. It opens with the first amount after the one before it has closed, and is
 * forgotten whole when it closes. Times are whole milliseconds and never go down.
 */
export class FixedWindow {
  readonly #lengthMs: number
  #openedAtMs = -Infinity
  #used = 0

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs
  }

  add(ms: number, amount: number): void {
    if (amount <= 0) return
    this.#used = this.used(ms) + amount
    if (this.clearsInMs(ms) === 0) this.#openedAtMs = ms
  }

  used(ms: number): number {
    return this.clearsInMs(ms) > 0 ? this.#used : 0
  }

  /** Milliseconds until `amount` fits under `limit`; the whole window for what never does. */
  waitMs(ms: number, amount: number, limit: number): number {
    if (limit <= 0 || amount > limit) return this.#lengthMs
    return this.used(ms) + amount <= limit ? 0 : this.clearsInMs(ms)
  }

  /** Milliseconds until the window closes. */
  clearsInMs(ms: number): number {
    return Math.max(0, this.#openedAtMs + this.#lengthMs - ms)
  }
}
