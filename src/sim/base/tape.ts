/** Chance that is drawn once more as it was: work that is called again for each of its slices draws the same each time. */
import type { Random } from '../random.ts'

export class Tape implements Random {
  /** How far it has been drawn from, since the work was called last. */
  at = 0
  readonly #drawn: number[] = []
  readonly #source: Random

  constructor(source: Random) {
    this.#source = source
  }

  uint32(): number {
    return this.#known() ?? this.#keep(this.#source.uint32())
  }

  fraction(): number {
    return this.#known() ?? this.#keep(this.#source.fraction())
  }

  below(bound: number): number {
    return this.#known() ?? this.#keep(this.#source.below(bound))
  }

  normal(): number {
    return this.#known() ?? this.#keep(this.#source.normal())
  }

  #known(): number | undefined {
    return this.at < this.#drawn.length ? this.#drawn[this.at++] : undefined
  }

  #keep(value: number): number {
    this.#drawn.push(value)
    this.at++
    return value
  }
}
