import { minuteMs } from './strategy.ts'

/**
 * A bucket that holds a minute's worth and is refilled all the time, at the limit's rate. It may owe: what is taken is
 * taken, and what is missing has to be refilled first.
 *
 * What is gone is counted in parts of 1/60,000, of which each millisecond refills as many as the limit per minute, so
 * that all sums are of whole numbers and the waits are exact. Times are whole milliseconds.
 */
export class LeakyBucket {
  #limitPerMinute = 0
  /** Parts. */
  #gone = 0
  #atMs = 0

  /**
   * Sets capacity and rate. Where they change, what is owed from before is cut to a minute of the new rate, as no other
   * algorithm makes anybody wait for longer after its limit was lowered.
   */
  limitTo(ms: number, limitPerMinute: number): void {
    this.#refill(ms)
    if (limitPerMinute === this.#limitPerMinute) return
    this.#limitPerMinute = limitPerMinute
    this.oweAtMostAMinute()
  }

  /** Does nothing before there is a limit. */
  take(ms: number, amount: number): void {
    if (this.#limitPerMinute <= 0) return
    this.#refill(ms)
    this.#gone += amount * minuteMs
  }

  oweAtMostAMinute(): void {
    this.#gone = Math.min(this.#gone, 2 * this.#limitPerMinute * minuteMs)
  }

  /** What is in it, rounded down; below zero where it owes. */
  level(ms: number): number {
    this.#refill(ms)
    return this.#limitPerMinute - Math.ceil(this.#gone / minuteMs)
  }

  isFull(ms: number): boolean {
    this.#refill(ms)
    return this.#gone === 0
  }

  /** Milliseconds until there is at least one in it. */
  waitForOneMs(ms: number): number {
    return this.#waitMs(ms, minuteMs)
  }

  /** Milliseconds until there is anything in it, however little. */
  waitForAnyMs(ms: number): number {
    return this.#waitMs(ms, 1)
  }

  /** Milliseconds until it is full. */
  fillsInMs(ms: number): number {
    this.#refill(ms)
    return this.#gone === 0 ? 0 : Math.ceil(this.#gone / this.#limitPerMinute)
  }

  #waitMs(ms: number, minParts: number): number {
    if (this.#limitPerMinute <= 0) return minuteMs
    this.#refill(ms)
    const missing = this.#gone + minParts - this.#limitPerMinute * minuteMs
    return Math.max(0, Math.ceil(missing / this.#limitPerMinute))
  }

  #refill(ms: number): void {
    if (ms <= this.#atMs) return
    this.#gone = Math.max(0, this.#gone - (ms - this.#atMs) * this.#limitPerMinute)
    this.#atMs = ms
  }
}
