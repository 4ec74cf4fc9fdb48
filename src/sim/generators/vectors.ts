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

/** A text, or the ids of its tokens. */
type Embedded = string | readonly number[]

/** Vectors of which each holds until the next one is asked for. */
export type Vectors = Iterable<Float32Array> & { readonly count: number; readonly size: number }

/**
 * Vectors of Euclidean length 1 (up to the rounding of 32-bit floats), made one by one in the same place. Each component
 * is the 32-bit float that is nearest to a number of nine decimals.
 */
export function embedEach(inputs: readonly Embedded[], { size, fullSize }: VectorLength): Vectors {
  return {
    count: inputs.length,
    size,
    *[Symbol.iterator]() {
      for (const input of inputs) {
        if (given.length !== size) given = new Float32Array(size)
        fill(given, input, fullSize)
        yield given
      }
    },
  }
}

function fill(vector: Float32Array, input: Embedded, fullSize: number): void {
  const words = emptySums(fullSize)
  square = 0
  const print = typeof input === 'string' ? addText(words, input) : addIds(words, input)
  if (values.length < vector.length) values = new Float64Array(vector.length)
  toUnitVector(vector, addNoise(words, vector.length, print))
}

const placesPerWord = 4
/** The noise's share of a vector's squared length. */
const noiseShare = 0.1
/** The noise of all vectors is cut from this many numbers, round and round. */
const poolLength = 2 ** 16

// Work spaces for all: nothing is kept in them from one vector to the next.
let sums = new Int32Array(0)
let values = new Float64Array(0)
let given = new Float32Array(0)
/** The squared length of the sums, as if no two words shared a place. */
let square = 0
const bytes = Buffer.alloc(32_768)
const fourBytes = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)

function emptySums(length: number): Int32Array {
  if (sums.length !== length) sums = new Int32Array(length)
  else sums.fill(0)
  return sums
}

const wordSeed = 0x811c9dc5 | 0
const idSeed = 0x5bd1e995
const prime = 0x01000193
const firstIdeograph = 0x2e80

/** Two hashes of a whole, independent of each other. */
type Print = readonly [number, number]

/** Adds all words of a text. */
function addText(words: Int32Array, text: string): Print {
  // No character takes more than three bytes for each of its UTF-16 units.
  if (text.length * 3 >= bytes.length) return addUnits(words, text)
  const length = bytes.write(text)
  // As many bytes as units: ASCII alone, as most texts are.
  return length === text.length ? addAscii(words, length) : addUnits(words, text)
}

/** Of each byte what it is in a word, in lower case; 0 for what parts words. */
const inWord = Uint8Array.from({ length: 128 }, (_, byte) => {
  const unit = String.fromCharCode(byte).toLowerCase().charCodeAt(0)
  return isWordUnit(unit) ? unit : 0
})

function addAscii(words: Int32Array, length: number): Print {
  let hash = wordSeed
  let start = 0
  bytes.fill(0, length, length + 4)
  for (let at = 0; at <= length; at++) {
    const unit = inWord[bytes[at] as number] as number
    if (unit !== 0) {
      hash = Math.imul(hash ^ unit, prime)
      continue
    }
    if (at > start) addWord(words, hash, wordWeight(at - start))
    hash = wordSeed
    start = at + 1
  }
  let first = wordSeed
  let second = length
  for (let at = 0; at < length / 4; at++) {
    const four = fourBytes[at] as number
    first = Math.imul(first ^ four ^ (first >>> 15), prime)
    second = Math.imul(second ^ four ^ (second >>> 15), 0x2c1b3c6d)
  }
  return [mix32(first), mix32(second)]
}

function addUnits(words: Int32Array, text: string): Print {
  const folded = text.toLowerCase()
  let hash = wordSeed
  let start = 0
  for (let at = 0; at <= folded.length; at++) {
    const unit = at < folded.length ? folded.charCodeAt(at) : 0
    const isOfWord = isWordUnit(unit)
    if (isOfWord && unit < firstIdeograph) {
      hash = Math.imul(hash ^ unit, prime)
      continue
    }
    if (at > start) addWord(words, hash, wordWeight(at - start))
    // An ideograph is a word by itself.
    if (isOfWord) addWord(words, wordSeed ^ unit, wholeWeight)
    hash = wordSeed
    start = at + 1
  }
  let first = wordSeed
  let second = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    first = Math.imul(first ^ unit, prime)
    second = Math.imul(second ^ unit ^ (second >>> 15), 0x2c1b3c6d)
  }
  return [mix32(first), mix32(second)]
}

function addIds(words: Int32Array, ids: readonly number[]): Print {
  let first = idSeed
  let second = ids.length
  for (const id of ids) {
    addWord(words, id ^ idSeed, wholeWeight)
    first = Math.imul(first ^ id, prime)
    second = Math.imul(second ^ id ^ (second >>> 15), 0x2c1b3c6d)
  }
  return [mix32(first), mix32(second)]
}

/** Digits, letters, and whatever is beyond Latin-1's signs. */
function isWordUnit(unit: number): boolean {
  return (
    (unit >= 97 && unit <= 122) ||
    (unit >= 48 && unit <= 57) ||
    (unit >= 0xc0 && unit !== 0xd7 && unit !== 0xf7 && !isSign(unit))
  )
}

/** General punctuation (dashes, quotes, spaces) and that of Chinese, Japanese and Korean. */
const isSign = (unit: number) => (unit >= 0x2000 && unit <= 0x206f) || (unit >= 0x3000 && unit <= 0x303f)

/** `a`, `of` and `the` say little of what a text is about. */
const wordWeight = (characters: number) => (characters >= 5 ? wholeWeight : characters * characters)
const wholeWeight = 25

/** A word's places and their signs are its own. */
function addWord(words: Int32Array, hash: number, weight: number): void {
  square += placesPerWord * weight * weight
  let state = mix32(hash) | 1
  for (let place = 0; place < placesPerWord; place += 2) {
    // Marsaglia's xorshift (2003): two places and two signs a step.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    addAt(words, state >>> 16, weight)
    addAt(words, state & 0xffff, weight)
  }
}

/** More at the start than at the end, so that a shortened vector still says what the text is about. */
function addAt(words: Int32Array, share: number, weight: number): void {
  const at = Math.imul(Math.imul(share, share) >>> 16, words.length) >>> 16
  // A product and not a branch, which nothing could foretell.
  words[at] = (words[at] as number) + Math.imul(weight, 1 - ((share & 1) << 1))
}

/** Writes the first `size` sums with the noise that `print` chooses into the values, and returns their squared length. */
function addNoise(words: Int32Array, size: number, [first, second]: Print): number {
  // The pool's numbers have variance 1/3, so three cuts together have 1, and noise is as long as the root of its size.
  const scale = square > 0 ? Math.sqrt((square * noiseShare) / ((1 - noiseShare) * words.length)) : 1
  const noise = noisePool(size)
  const mask = poolLength - 1
  const [a, b, c] = [first & mask, second & mask, first >>> 16]
  const noisy = values
  let total = 0
  for (let at = 0; at < size; at++) {
    const cuts = (noise[a + at] as number) + (noise[b + at] as number) + (noise[c + at] as number)
    const value = (words[at] as number) + scale * cuts
    noisy[at] = value
    total += value * value
  }
  return total
}

/** `total` is the squared length of as many values as the vector is long. */
function toUnitVector(vector: Float32Array, total: number): void {
  const factor = 1e9 / Math.sqrt(total)
  const noisy = values
  for (let at = 0; at < vector.length; at++) vector[at] = Math.floor((noisy[at] as number) * factor + 0.5) * 1e-9
}

let pool = new Float32Array(0)

/** Made when the first vector needs it, and again for a longer one; its start follows on its end, for cuts of `size`. */
function noisePool(size: number): Float32Array {
  if (pool.length >= poolLength + size) return pool
  const random = seededRandom(0x76656375)
  pool = new Float32Array(poolLength + size)
  for (let at = 0; at < poolLength; at++) pool[at] = 2 * random.fraction() - 1
  for (let at = poolLength; at < pool.length; at++) pool[at] = pool[at % poolLength] as number
  return pool
}
