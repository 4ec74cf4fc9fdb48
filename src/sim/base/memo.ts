/**
 * Remembers values by key, bounded in number; what was not asked for the longest goes first. It has two generations, so
 * that what is asked for again and again costs one look into a map, and nothing is put in order: when the young one is
 * full it becomes the old one, and whatever of the old one was not asked for since then is gone.
 */
export class Memo<Key, Value> {
  readonly #maxYoung: number
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()

  /** At least half as many are kept, at most `maxEntries`. */
  constructor(maxEntries: number) {
    this.#maxYoung = Math.max(1, Math.floor(maxEntries / 2))
  }

  get(key: Key): Value | undefined {
    const known = this.#young.get(key)
    if (known !== undefined) return known
    const older = this.#old.get(key)
    if (older !== undefined) this.set(key, older)
    return older
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#maxYoung && !this.#young.has(key)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }

  delete(key: Key): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }

  /** The value of `key`, made where it is not known. */
  of(key: Key, make: (key: Key) => Value): Value {
    const known = this.get(key)
    if (known !== undefined) return known
    const made = make(key)
    this.set(key, made)
    return made
  }
}
