/** Whether requests come in the order in which they are expected, told as they are gone through. */

/** How many of its requests an expectation wants. */
type WantedCount = { readonly min: number; readonly max: number }

/**
 * The requests that fit any expectation should be, in the order of their coming, first those of the first one, then those
 * of the second, and so on, of each as many as expected.
 */
export class ExpectedOrder<Request> {
  readonly #wanted: readonly WantedCount[]
  /** For each expectation that may have been reached: of how many of its requests that may have been. */
  #reached: Map<number, Set<number>>
  #breaks: Request | undefined

  constructor(wanted: readonly WantedCount[]) {
    this.#wanted = wanted
    this.#reached = closed(wanted, new Map([[0, new Set([0])]]))
  }

  /** One that fits those of such places. */
  add(request: Request, fitting: ReadonlySet<number>): void {
    if (this.#breaks !== undefined || fitting.size === 0) return
    const next = new Map<number, Set<number>>()
    for (const [at, counts] of this.#reached) {
      const each = this.#wanted[at]
      if (!each || !fitting.has(at)) continue
      for (const count of counts) if (count < each.max) addTo(next, at, Math.min(count + 1, enough(each)))
    }
    this.#reached = closed(this.#wanted, next)
    if (this.#reached.size === 0) this.#breaks = request
  }

  get isMet(): boolean {
    return this.#breaks === undefined && this.#reached.has(this.#wanted.length)
  }

  /** The first request that is out of order. */
  get breaks(): Request | undefined {
    return this.#breaks
  }
}

/** Where any number more is the same. */
const enough = ({ min, max }: WantedCount) => (max === Infinity ? min : max)

/** Those that can be gone on to, as enough has come for the ones before. */
function closed(wanted: readonly WantedCount[], start: ReadonlyMap<number, ReadonlySet<number>>) {
  const all = new Map<number, Set<number>>()
  for (const [at, counts] of start) for (const count of counts) addTo(all, at, count)
  for (const [at, { min }] of wanted.entries()) {
    const counts = all.get(at)
    if (counts && hasFrom(counts, min)) addTo(all, at + 1, 0)
  }
  return all
}

function hasFrom(counts: ReadonlySet<number>, min: number): boolean {
  for (const count of counts) if (count >= min) return true
  return false
}

function addTo(all: Map<number, Set<number>>, at: number, count: number): void {
  const known = all.get(at)
  if (known) known.add(count)
  else all.set(at, new Set([count]))
}
