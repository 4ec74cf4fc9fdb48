/**
 * JSON of a long body, read in slices: to read one of a megabyte at a stretch may take fifty milliseconds, by the kind of
 * its texts and keys. It takes and refuses what `JSON.parse` does.
 */
import { isUtf8 } from 'node:buffer'
import { isObject } from '../base/object.ts'
import type { Slices } from '../base/slices.ts'
import { maxDepth, maxMembersOf } from './body.ts'

/** As `parseJsonObject`. Rejects with `ClientGone` where the client has left. */
export async function parseLongJsonObject(
  bytes: Uint8Array,
  slices: Slices,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const value = await parseLongJson(bytes, slices)
  return isObject(value) ? value : undefined
}

/** `undefined` for what is no JSON, or more of it than is read. */
export async function parseLongJson(bytes: Uint8Array, slices: Slices): Promise<unknown> {
  if (!isUtf8(bytes)) return undefined
  const reader = new JsonReader(bytes)
  slices.begin()
  try {
    while (!reader.read(valuesALook)) if (slices.isOver()) await slices.turn()
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  return reader.value
}

/** As `parseLongJson`, left and gone on with where it yields. */
export function* longJsonInSteps(bytes: Uint8Array): Generator<undefined, unknown> {
  if (!isUtf8(bytes)) return undefined
  const reader = new JsonReader(bytes)
  try {
    while (!reader.read(valuesALook)) yield
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  return reader.value
}

/** So many values are read between two looks at the clock. */
const valuesALook = 256

type Holder = Record<string, unknown> | unknown[]

/** Reads a value by and by. Throws a `SyntaxError`. */
class JsonReader {
  /** What was read last: all of it, once `read` says so. */
  value: unknown
  readonly #bytes: Buffer
  #at = 0
  /** What is being read, the innermost last, and the names that its parts have in what they stand in. */
  readonly #holders: Holder[] = []
  readonly #names: string[] = []
  #holder: Holder | undefined
  #name = ''
  #membersLeft: number
  #holdersLeft: number

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#membersLeft = this.#holdersLeft = maxMembersOf(bytes.length)
  }

  /** Goes on for about so many values. Whether all has been read. */
  read(count: number): boolean {
    for (let left = count; left > 0; left--) {
      this.#skip()
      const byte = this.#bytes[this.#at]
      if (byte === brace || byte === bracket) {
        if (this.#open(byte)) continue
      } else this.value = byte === quote ? this.#text() : this.#plain(byte)
      if (this.#isOver()) return true
    }
    return false
  }

  /** Whether there is something in it, which comes next. */
  #open(byte: number): boolean {
    if (--this.#holdersLeft < 0) throw tooMuch()
    this.#at++
    this.#skip()
    const holder: Holder = byte === brace ? {} : []
    if (this.#bytes[this.#at] === byte + 2) {
      this.#at++
      this.value = holder
      return false
    }
    if (this.#holder) {
      if (this.#holders.length >= maxDepth) throw tooMuch()
      this.#holders.push(this.#holder)
      this.#names.push(this.#name)
    }
    this.#holder = holder
    if (byte === brace) this.#readName()
    return true
  }

  /** Puts the value where it belongs, and all that is whole thereby. */
  #isOver(): boolean {
    for (;;) {
      this.#skip()
      const holder = this.#holder
      if (!holder) {
        if (this.#at < this.#bytes.length) throw unexpected()
        return true
      }
      const isList = Array.isArray(holder)
      if (isList) holder.push(this.value)
      else this.#put(holder)
      const byte = this.#bytes[this.#at++]
      if (byte === comma) {
        if (!isList) {
          this.#skip()
          this.#readName()
        }
        return false
      }
      if (byte !== (isList ? bracket : brace) + 2) throw unexpected()
      this.value = holder
      this.#holder = this.#holders.pop()
      this.#name = this.#names.pop() ?? ''
    }
  }

  /** To assign to `__proto__` would be something else. */
  #put(holder: Record<string, unknown>): void {
    if (this.#name !== '__proto__') holder[this.#name] = this.value
    else
      Object.defineProperty(holder, this.#name, {
        value: this.value,
        enumerable: true,
        configurable: true,
        writable: true,
      })
  }

  #readName(): void {
    if (--this.#membersLeft < 0) throw tooMuch()
    if (this.#bytes[this.#at] !== quote) throw unexpected()
    this.#name = this.#text()
    this.#skip()
    if (this.#bytes[this.#at++] !== colon) throw unexpected()
  }

  #skip(): void {
    const bytes = this.#bytes
    for (;;) {
      const byte = bytes[this.#at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.#at++
    }
  }

  #text(): string {
    const bytes = this.#bytes
    const start = this.#at + 1
    let isAscii = true
    let isEscaped = false
    let at = start
    for (; ; at++) {
      const byte = bytes[at]
      if (byte === undefined || byte < 0x20) throw unexpected()
      if (byte === quote) break
      if (byte >= 0x80) isAscii = false
      else if (byte === backslash) {
        isEscaped = true
        at++
      }
    }
    this.#at = at + 1
    if (isEscaped) return JSON.parse(bytes.toString('utf8', start - 1, at + 1)) as string
    return bytes.toString(isAscii ? 'latin1' : 'utf8', start, at)
  }

  #plain(first: number | undefined): unknown {
    switch (first) {
      case 0x74:
        return this.#word('true', true)
      case 0x66:
        return this.#word('false', false)
      case 0x6e:
        return this.#word('null', null)
      case undefined:
      default:
        return this.#number()
    }
  }

  #word<T>(word: string, value: T): T {
    const end = this.#at + word.length
    if (this.#bytes.toString('latin1', this.#at, end) !== word) throw unexpected()
    this.#at = end
    return value
  }

  #number(): number {
    const bytes = this.#bytes
    const start = this.#at
    let at = start
    let whole = 0
    for (; ; at++) {
      const digit = (bytes[at] ?? 0) - 0x30
      if (digit < 0 || digit > 9) break
      whole = whole * 10 + digit
    }
    const isSimple = at > start && at - start <= simpleDigits && (bytes[start] !== 0x30 || at === start + 1)
    if (!isSimple || isOfNumber(bytes[at])) {
      while (isOfNumber(bytes[at])) at++
      const text = bytes.toString('latin1', start, at)
      if (!numberForm.test(text)) throw unexpected()
      whole = Number(text)
    }
    this.#at = at
    return whole
  }
}

const [quote, backslash, bracket, brace, colon, comma] = [0x22, 0x5c, 0x5b, 0x7b, 0x3a, 0x2c]

/** Whole numbers of so many digits are kept exactly. */
const simpleDigits = 15
const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
/** Digits, points, signs and exponents. */
const isOfNumber = (byte = 0) =>
  (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2d || byte === 0x2b || byte === 0x65 || byte === 0x45

const unexpected = () => new SyntaxError('This is no JSON.')
const tooMuch = () => new SyntaxError('This is more than is read.')
