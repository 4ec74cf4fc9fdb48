const minCapacity = 16

/**
 * Amounts added in the last `lengthMs`, and when enough of them will have left.
 *
 * A ring of (millisecond, sum so far): amounts of one millisecond share an entry, so there are never more entries than
 * milliseconds in the window, however large the amounts and the limit are. Adding takes constant time, a wait is found
 * by binary search. Times are whole milliseconds and never go down.
 */
export class SlidingWindow {
  readonly #lengthMs: number
  #times = new Float64Array(minCapacity)
  /** All that was added up to and with the entry, so that the entries between two are a subtraction. */
  #sums = new Float64Array(minCapacity)
  #head = 0
  #entries = 0
  #added = 0
  #left = 0

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs
  }

  get entries(): number {
    return this.#entries
  }

  get bytes(): number {
    return this.#times.byteLength + this.#sums.byteLength
  }

  add(ms: number, amount: number): void {
    if (amount <= 0) return
    this.#expire(ms)
    this.#added += amount
    const isSameMoment = this.#entries > 0 && this.#time(this.#entries - 1) === ms
    if (!isSameMoment) this.#append(ms)
    this.#sums[this.#slot(this.#entries - 1)] = this.#added
  }

  used(ms: number): number {
    this.#expire(ms)
    return this.#added - this.#left
  }

  /** Milliseconds until `amount` fits under `limit`; the whole window for what never does. */
  waitMs(ms: number, amount: number, limit: number): number {
    if (limit <= 0 || amount > limit) return this.#lengthMs
    const excess = this.used(ms) + amount - limit
    if (excess <= 0) return 0
    return this.#time(this.#firstWithSum(this.#left + excess)) + this.#lengthMs - ms
  }

  /** Milliseconds until nothing is left in the window. */
  clearsInMs(ms: number): number {
    this.#expire(ms)
    return this.#entries === 0 ? 0 : this.#time(this.#entries - 1) + this.#lengthMs - ms
  }

  #slot(entry: number): number {
    return (this.#head + entry) & (this.#times.length - 1)
  }

  #time(entry: number): number {
    return this.#times[this.#slot(entry)] ?? 0
  }

  #sum(entry: number): number {
    return this.#sums[this.#slot(entry)] ?? 0
  }

  #append(ms: number): void {
    if (this.#entries === this.#times.length) this.#resize(2 * this.#entries)
    this.#entries++
    this.#times[this.#slot(this.#entries - 1)] = ms
  }

  /** Each entry leaves once, so that this costs constant time for each that came. */
  #expire(ms: number): void {
    if (this.#entries === 0) return
    while (this.#entries > 0 && this.#time(0) <= ms - this.#lengthMs) {
      this.#left = this.#sum(0)
      this.#head = this.#slot(1)
      this.#entries--
    }
    if (this.#entries > 0) return
    this.#added = this.#left = 0
    if (this.#times.length > minCapacity) this.#resize(minCapacity)
  }

  #resize(capacity: number): void {
    const times = new Float64Array(capacity)
    const sums = new Float64Array(capacity)
    for (let entry = 0; entry < this.#entries; entry++) {
      times[entry] = this.#time(entry)
      sums[entry] = this.#sum(entry)
    }
    this.#times = times
    this.#sums = sums
    this.#head = 0
  }

  #firstWithSum(sum: number): number {
    let low = 0
    let high = this.#entries - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#sum(middle) >= sum) high = middle
      else low = middle + 1
    }
    return low
  }
}
