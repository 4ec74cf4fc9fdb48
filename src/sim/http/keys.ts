/** The two keys of a resource: either lets in, and one can be drawn anew while the other stays. */
import { timingSafeEqual } from 'node:crypto'
import { hexText, type Random } from '../random.ts'

export type KeyName = 'Key1' | 'Key2'

export class Keys {
  readonly #random: Random
  readonly #changed: () => void
  #first: string | undefined
  #second: string | undefined
  /** Of those that there are, made once: each request brings one to compare. */
  #bytes: readonly Buffer[] | undefined

  /** Those that are not given are drawn when somebody asks for them. */
  constructor(random: Random, [first, second]: readonly string[], changed: () => void = () => undefined) {
    this.#random = random
    this.#changed = changed
    this.#first = first
    this.#second = second
  }

  all(): readonly [string, string] {
    if (this.#first === undefined || this.#second === undefined) this.#bytes = undefined
    return [(this.#first ??= drawn(this.#random)), (this.#second ??= drawn(this.#random))]
  }

  /** Whether it lets in. */
  has(given: string): boolean {
    this.#bytes ??= [this.#first, this.#second].flatMap((key) => (key === undefined ? [] : [Buffer.from(key)]))
    const sent = Buffer.from(given)
    for (const bytes of this.#bytes) if (isSameBytes(sent, bytes)) return true
    return false
  }

  regenerate(name: KeyName): void {
    const made = drawn(this.#random)
    if (name === 'Key1') this.#first = made
    else this.#second = made
    this.#bytes = undefined
    this.#changed()
  }
}

const drawn = (random: Random) => hexText(random, 32)

/** Takes as long for a key that is nearly right as for one that is not; only the length can be told. */
export function isSameKey(given: string, expected: string | undefined): boolean {
  if (expected === undefined) return false
  return isSameBytes(Buffer.from(given), Buffer.from(expected))
}

const isSameBytes = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b)
