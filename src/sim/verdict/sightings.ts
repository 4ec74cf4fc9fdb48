/** The last attempts, as columns: objects for each would cost more than the answers that they are of. */
import { Memo } from '../base/memo.ts'
import { type End, type AttemptFacts, isOfKind, kindOf, putNumbers } from './seen.ts'
import { type Numbers, numberNames, type SharedSighting, type Sighting } from './sighting.ts'

const firstRows = 256
const maxKinds = 2_000

export class Sightings {
  readonly #size: () => number
  #columns = new Float64Array(0)
  #ids: string[] = []
  #kinds: SharedSighting[] = []
  #known = new Memo<string, SharedSighting>(maxKinds)
  #latest: SharedSighting | undefined
  #rows = 0
  #next = 0
  #count = 0

  /** How many are kept. */
  constructor(size: () => number) {
    this.#size = size
  }

  /** `end` is how it ended. */
  add(facts: AttemptFacts, end: End): void {
    const size = this.#size()
    if (this.#next >= this.#rows) this.#grow(size)
    if (this.#next >= this.#rows) this.#next = 0
    const row = this.#next++
    if (this.#next > this.#count) this.#count = this.#next
    putNumbers(this.#columns, row * numberNames.length, facts, end)
    this.#ids[row] = facts.requestId
    const latest = this.#latest
    this.#kinds[row] = latest && isOfKind(latest, facts) ? latest : this.#kindOf(kindOf(facts))
  }

  /** In the order of their arrival. */
  all(): readonly Sighting[] {
    return this.#where(() => true)
  }

  #where(isWanted: (row: number) => boolean): readonly Sighting[] {
    const found: Sighting[] = []
    for (let row = 0; row < this.#count; row++) {
      if (!isWanted(row)) continue
      const at = row * numberNames.length
      const numbers = Object.fromEntries(numberNames.map((name, index) => [name, this.#columns[at + index]]))
      found.push({
        ...(this.#kinds[row] as SharedSighting),
        ...(numbers as Omit<Numbers, 'id'>),
        id: this.#ids[row] ?? '',
      })
    }
    return found.sort((one, other) => one.atMs - other.atMs)
  }

  /** Those that asked what one of these asked, by their ids, in the order of their arrival. */
  like(ids: ReadonlySet<string>): readonly Sighting[] {
    const print = numberNames.indexOf('print')
    const printOf = (row: number) => this.#columns[row * numberNames.length + print]
    const prints = new Set<number | undefined>()
    for (let row = 0; row < this.#count; row++) if (ids.has(this.#ids[row] ?? '')) prints.add(printOf(row))
    return this.#where((row) => prints.has(printOf(row)))
  }

  clear(): void {
    this.#columns = new Float64Array(0)
    this.#ids = []
    this.#kinds = []
    this.#known = new Memo(maxKinds)
    this.#latest = undefined
    this.#rows = this.#next = this.#count = 0
  }

  #grow(size: number): void {
    if (this.#rows > size) this.clear()
    const rows = Math.min(size, Math.max(firstRows, 2 * this.#rows))
    if (rows === this.#rows) return
    const columns = new Float64Array(rows * numberNames.length)
    columns.set(this.#columns)
    this.#columns = columns
    this.#rows = rows
  }

  #kindOf(seen: SharedSighting): SharedSighting {
    const key = JSON.stringify(Object.values(seen))
    return (this.#latest = this.#known.of(key, () => seen))
  }
}
