/** The two keys of a resource: either lets in, and one can be drawn anew while the other stays. */
import { timingSafeEqual } from 'node:crypto'
import { hexText, type Random } from '../random.ts'

export type KeyName = 'Key1' | 'Key2'

export class Keys {
  readonly #random: Random
  readonly #changed: () => void
  #first: string | undefined
  #second: string | undefined

  /** Those that are not given are drawn when somebody asks for them. */
  constructor(random: Random, [first, second]: readonly string[], changed: () => void = () => undefined) {
    this.#random = random
    this.#changed = changed
    this.#first = first
    this.#second = second
  }

  all(): readonly [string, string] {
    return [(this.#first ??= drawn(this.#random)), (this.#second ??= drawn(this.#random))]
  }

  /** Whether it lets in. */
  has(given: string): boolean {
    return isSameKey(given, this.#first) || isSameKey(given, this.#second)
  }

  regenerate(name: KeyName): void {
    const made = drawn(this.#random)
    if (name === 'Key1') this.#first = made
    else this.#second = made
    this.#changed()
  }
}

const drawn = (random: Random) => hexText(random, 32)

/** Takes as long for a key that is nearly right as for one that is not; only the length can be told. */
export function isSameKey(given: string, expected: string | undefined): boolean {
  if (expected === undefined) return false
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
