/**
 * Embeddings without a model: unit vectors that depend on nothing but their text.
 *
 * A vector is the sum of two parts. Each word of the text adds plus or minus its weight at a few places of its own,
 * so that texts are as near to each other as the words they share; and the text as a whole adds a little noise of its
 * own, so that no two texts, not even anagrams, have the same vector.
 */
import { mix32, seededRandom } from '../random.ts'

/** How long a vector is, and how long it would be if the request had not asked for less. */
export type VectorLength = { readonly size: number; readonly fullSize: number }

/**
 * A text, or the ids of its tokens, as a vector of Euclidean length 1 (up to the rounding of 32-bit floats). Each
 * component is the 32-bit float that is nearest to a number of nine decimals.
 */
export function embed(input: string | readonly number[], { size, fullSize }: VectorLength): Float32Array {
  const sums = emptySums(fullSize)
  const square = typeof input === 'string' ? addText(sums, input) : addIds(sums, input)
  const print = typeof input === 'string' ? textPrint(input) : idsPrint(input)
  const total = addNoise(sums, size, noiseScale(square, fullSize), print)
  return toUnitVector(sums, size, total)
}

const placesPerWord = 8
/** The noise's share of a vector's squared length. */
const noiseShare = 0.1
/** The noise of all vectors is cut from this many numbers, round and round. */
const poolLength = 2 ** 18

let scratch = new Float64Array(0)

/** One work space for all: nothing is kept in it from one vector to the next. */
function emptySums(length: number): Float64Array {
  if (scratch.length !== length) scratch = new Float64Array(length)
  else scratch.fill(0)
  return scratch
}

const wordSeed = 0x811c9dc5 | 0
const idSeed = 0x5bd1e995
const firstIdeograph = 0x2e80

/** Adds all words, and returns the squared length of their sum. */
function addText(sums: Float64Array, text: string): number {
  const folded = text.toLowerCase()
  let square = 0
  let wordHash = wordSeed
  let wordStart = 0
  for (let at = 0; at <= folded.length; at++) {
    const unit = at < folded.length ? folded.charCodeAt(at) : 0
    const isOfWord = isWordUnit(unit)
    if (isOfWord && unit < firstIdeograph) {
      wordHash = Math.imul(wordHash ^ unit, 0x01000193)
      continue
    }
    if (at > wordStart) square += addWord(sums, wordHash, wordWeight(at - wordStart))
    // An ideograph is a word by itself.
    if (isOfWord) square += addWord(sums, wordSeed ^ unit, 1)
    wordHash = wordSeed
    wordStart = at + 1
  }
  return square
}

function addIds(sums: Float64Array, ids: readonly number[]): number {
  let square = 0
  for (const id of ids) square += addWord(sums, id ^ idSeed, 1)
  return square
}

/** Digits, letters, and whatever is beyond Latin-1's signs. */
const isWordUnit = (unit: number) =>
  (unit >= 97 && unit <= 122) ||
  (unit >= 48 && unit <= 57) ||
  (unit >= 0xc0 && unit !== 0xd7 && unit !== 0xf7 && !isSign(unit))

/** General punctuation (dashes, quotes, spaces) and that of Chinese, Japanese and Korean. */
const isSign = (unit: number) => (unit >= 0x2000 && unit <= 0x206f) || (unit >= 0x3000 && unit <= 0x303f)

/** `a`, `of` and `the` say little of what a text is about. */
const wordWeight = (characters: number) => (characters >= 5 ? 1 : characters * characters * 0.04)

/** Returns by how much the squared length of the sums grows. */
function addWord(sums: Float64Array, hash: number, weight: number): number {
  const length = sums.length
  let state = mix32(hash) | 1
  let growth = 0
  for (let place = 0; place < placesPerWord; place++) {
    // Marsaglia's xorshift (2003): a place and a sign a step.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    const share = (state >>> 1) * 2 ** -31
    // More at the start than at the end, so that a shortened vector still says what the text is about.
    const at = (share * share * length) | 0
    const change = (state & 1) === 0 ? weight : -weight
    const before = sums[at] ?? 0
    sums[at] = before + change
    growth += change * (before + before + change)
  }
  return growth
}

/** Two hashes of a whole, independent of each other. */
type Print = readonly [number, number]

function textPrint(text: string): Print {
  let first = wordSeed
  let second = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    first = Math.imul(first ^ unit, 0x01000193)
    second = Math.imul(second ^ unit ^ (second >>> 15), 0x2c1b3c6d)
  }
  return [mix32(first), mix32(second)]
}

function idsPrint(ids: readonly number[]): Print {
  let first = idSeed
  let second = ids.length
  for (const id of ids) {
    first = Math.imul(first ^ id, 0x01000193)
    second = Math.imul(second ^ id ^ (second >>> 15), 0x2c1b3c6d)
  }
  return [mix32(first), mix32(second)]
}

/** The pool's numbers have variance 1/3, so three cuts together have 1, and noise is as long as the root of its size. */
const noiseScale = (square: number, length: number) =>
  square > 0 ? Math.sqrt((square * noiseShare) / ((1 - noiseShare) * length)) : 1

/** Adds the noise that `print` chooses to the first `size` sums, and returns the squared length of these. */
function addNoise(sums: Float64Array, size: number, scale: number, [first, second]: Print): number {
  const noise = noisePool()
  const mask = poolLength - 1
  const a = first & mask
  const b = second & mask
  const c = ((first >>> 18) | ((second >>> 18) << 14)) & mask
  let total = 0
  for (let at = 0; at < size; at++) {
    const cuts = (noise[(a + at) & mask] ?? 0) + (noise[(b + at) & mask] ?? 0) + (noise[(c + at) & mask] ?? 0)
    const value = (sums[at] ?? 0) + scale * cuts
    sums[at] = value
    total += value * value
  }
  return total
}

/** `total` is the squared length of the first `size` sums. */
function toUnitVector(sums: Float64Array, size: number, total: number): Float32Array {
  const factor = 1e9 / Math.sqrt(total)
  const vector = new Float32Array(size)
  for (let at = 0; at < size; at++) vector[at] = Math.floor((sums[at] ?? 0) * factor + 0.5) * 1e-9
  return vector
}

let pool: Float32Array | undefined

/** Made when the first vector needs it: a megabyte and a few milliseconds. */
function noisePool(): Float32Array {
  if (pool) return pool
  const random = seededRandom(0x76656374)
  pool = new Float32Array(poolLength)
  for (let at = 0; at < poolLength; at++) pool[at] = 2 * random.fraction() - 1
  return pool
}
