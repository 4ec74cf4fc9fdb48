/**
 * The only source of chance. A `Random` is handed to whoever needs one, so that a seeded run repeats and a test can
 * say what happens. None of this is fit for secrets.
 */
export type Random = {
  /** A whole number from 0 to 4,294,967,295. */
  uint32(): number
  /** From 0 up to, but not including, 1. */
  fraction(): number
  /** A whole number from 0 up to, but not including, `bound`. */
  below(bound: number): number
  /** Normally distributed with mean 0 and standard deviation 1. */
  normal(): number
}

export const seededRandom = (seed: number): Random => new Sfc32(seed)

/** sfc32 by Chris Doty-Humphrey (public domain): 128 bits of state, passes PractRand, a few nanoseconds a number. */
class Sfc32 implements Random {
  private a: number
  private b: number
  private c = 0x9e3779b9 | 0
  private counter = 1
  private spare: number | undefined

  constructor(seed: number) {
    this.a = seed | 0
    this.b = (seed / 4_294_967_296) | 0
    // Seeds that are near each other give unrelated numbers only after some rounds.
    for (let round = 0; round < 12; round++) this.uint32()
  }

  uint32(): number {
    const { a, b, c, counter } = this
    const sum = (((a + b) | 0) + counter) | 0
    this.counter = (counter + 1) | 0
    this.a = b ^ (b >>> 9)
    this.b = (c + (c << 3)) | 0
    this.c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  fraction(): number {
    return this.uint32() / 4_294_967_296
  }

  below(bound: number): number {
    return Math.floor(this.fraction() * bound)
  }

  normal(): number {
    const { spare } = this
    if (spare !== undefined) {
      this.spare = undefined
      return spare
    }
    // Marsaglia's polar method makes two at a time.
    for (;;) {
      const x = 2 * this.fraction() - 1
      const y = 2 * this.fraction() - 1
      const square = x * x + y * y
      if (square === 0 || square >= 1) continue
      const scale = Math.sqrt((-2 * Math.log(square)) / square)
      this.spare = y * scale
      return x * scale
    }
  }
}

/** A 32-bit FNV-1a hash of bytes, mixed with `seed`; for choosing, not for keeping apart. */
export function hash32(bytes: Uint8Array, seed = 0): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  // By its index a byte is read three times as fast as by an iterator, and whole bodies are hashed.
  for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return mix32(hash)
}

/**
 * Another, of whole bodies, of which nobody asks for a sum that stays the same: sixteen bytes at a time, in four sums side
 * by side, as none of them has to wait for another.
 */
export function hashWords32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = bytes.length - 15
  let [one, two, three, four] = [1, 2, 3, 4]
  let at = 0
  for (; at < end; at += 16) {
    one = stirred(one, view.getInt32(at, true))
    two = stirred(two, view.getInt32(at + 4, true))
    three = stirred(three, view.getInt32(at + 8, true))
    four = stirred(four, view.getInt32(at + 12, true))
  }
  let hash = mix32(one ^ mix32(two ^ mix32(three ^ mix32(four))))
  for (; at < bytes.length; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), prime)
  return mix32(hash)
}

const prime = 0x01000193
const stirred = (sum: number, word: number) => Math.imul(sum ^ word, prime) ^ (sum >>> 15)

/** As `hash32`, of a text's UTF-16 units, from `start` up to `end`. */
export function hashText32(text: string, start = 0, end = text.length): number {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return mix32(hash)
}

/** Spreads a 32-bit number over all its bits (MurmurHash3's finaliser by Austin Appleby, public domain). */
export function mix32(value: number): number {
  let mixed = value ^ (value >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const hexadecimal = '0123456789abcdef'

/** `length` random letters and digits. */
export const base62Text = (random: Random, length: number) => text(random, length, base62)
/** `length` random hexadecimal digits, lower case. */
export const hexText = (random: Random, length: number) => text(random, length, hexadecimal)

/** So many characters are drawn at a time: 62 to the fifth power is less than there are 32-bit numbers. */
const charactersADraw = 5

function text(random: Random, length: number, alphabet: string): string {
  const bytes = length <= scratch.length ? scratch : Buffer.alloc(length)
  const size = alphabet.length
  const draws = size * size * size * size * size
  let at = 0
  while (at < length) {
    let drawn = random.below(draws) | 0
    for (const end = Math.min(length, at + charactersADraw); at < end; at++) {
      const rest = (drawn / size) | 0
      bytes[at] = alphabet.charCodeAt(drawn - rest * size)
      drawn = rest
    }
  }
  return bytes.toString('latin1', 0, length)
}

/** Texts are put together here: as strings they would be made of a piece for each character. */
const scratch = Buffer.allocUnsafeSlow(64)

/** The two hexadecimal digits of each byte, the first one's code in the lower half. */
const hexBytes = Uint16Array.from({ length: 256 }, (_, byte) => {
  const digits = byte.toString(16).padStart(2, '0')
  return digits.charCodeAt(0) | (digits.charCodeAt(1) << 8)
})

const uuidBytes = Buffer.from('00000000-0000-0000-0000-000000000000')
const uuidView = new DataView(uuidBytes.buffer, uuidBytes.byteOffset, uuidBytes.length)
const putByte = (at: number, byte: number) => uuidView.setUint16(at, hexBytes[byte & 0xff] as number, true)

/** Puts two groups of two bytes, the highest first, at the places where the groups begin. */
function putWord(first: number, second: number, word: number): void {
  putByte(first, word >>> 24)
  putByte(first + 2, word >>> 16)
  putByte(second, word >>> 8)
  putByte(second + 2, word)
}

/** A random (version 4) UUID, as the service's request ids are. */
export function uuid(random: Random): string {
  const a = random.uint32()
  // The version and the variant have their places among the random bits.
  const b = (random.uint32() & 0xffff0fff) | 0x4000
  const c = (random.uint32() & 0x3fffffff) | 0x80000000
  const d = random.uint32()
  putWord(0, 4, a)
  putWord(9, 14, b)
  putWord(19, 24, c)
  putWord(28, 32, d)
  return uuidBytes.toString('latin1')
}
