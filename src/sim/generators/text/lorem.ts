/**
 * Text of exactly as many tokens as are asked for, without a tokenizer: words that are one token each, and punctuation
 * that the tokenizers never join to them. A text is a slice of one long ring of sentences, so that it costs the same
 * whatever its length.
 */
import { type Random, seededRandom } from '../../random.ts'
import { words } from './words.ts'

/** A text with its tokens. */
export type TokenText = {
  readonly count: number
  /** The text of token `index`. */
  at(index: number): string
  text(): string
  /** The text as JSON. */
  json(): string
  /** Known to be of ASCII that JSON needs no escapes for. */
  readonly isPlain: boolean
}

const ringTokens = 16_384

type Ring = {
  readonly tokens: readonly string[]
  readonly text: string
  /** Where each token starts in `text`; one more than there are tokens. */
  readonly offsets: Uint32Array
  /** The tokens that begin a sentence. */
  readonly starts: readonly number[]
}

let ring: Ring | undefined

/**
 * `count` tokens. What is whole ends with a full stop, as an answer does that ends of itself; what is not breaks off,
 * as an answer does that was cut by its limit.
 */
export function lorem(count: number, random: Random, isWhole: boolean): TokenText {
  if (count <= 0) return noText
  return new Lorem(count, random, isWhole, (ring ??= makeRing()))
}

export const noText: TokenText = { count: 0, at: () => '', text: () => '', json: () => '""', isPlain: true }

/** One object a text: a stream asks it for each of its tokens, and thousands of streams take turns. */
class Lorem implements TokenText {
  readonly isPlain = true
  readonly count: number
  private readonly ring: Ring
  private readonly first: number
  private readonly closing: string

  constructor(count: number, random: Random, isWhole: boolean, source: Ring) {
    this.count = count
    this.ring = source
    this.first = source.starts[random.below(source.starts.length)] ?? 0
    this.closing =
      isWhole && count > 1 && !isPunctuation(this.tokenAt(count - 2))
        ? '.'
        : closingWord(this.tokenAt(count - 1), isWhole, this.tokenAt(0))
  }

  at(index: number): string {
    if (index > 0 && index < this.count - 1) return this.tokenAt(index)
    return index === 0 ? this.tokenAt(0).slice(1) : this.closing
  }

  text(): string {
    const { count, ring: source, first, closing } = this
    if (count === 1) return this.tokenAt(0).slice(1)
    // All but the last token; the first one's leading space is left out.
    return slice(source.text, source.offsets, first, count - 1).slice(1) + closing
  }

  /** Words and punctuation need no escapes. */
  json(): string {
    return `"${this.text()}"`
  }

  private tokenAt(index: number): string {
    return this.ring.tokens[(this.first + index) % ringTokens] ?? ''
  }
}

/** The same as a string. */
export const loremText = (count: number, random: Random): string => lorem(count, random, true).text()

/** Behind a comma or a full stop there may be no further full stop: the two would be one token. */
const closingWord = (token: string, isWhole: boolean, word: string) =>
  isWhole && isPunctuation(token) ? word.toLowerCase() : token

const isPunctuation = (token: string) => token === '.' || token === ','

function slice(text: string, offsets: Uint32Array, first: number, count: number): string {
  let result = ''
  let start = first
  let left = count
  while (left > 0) {
    const taken = Math.min(left, ringTokens - start)
    result += text.slice(offsets[start], offsets[start + taken])
    left -= taken
    start = 0
  }
  return result
}

function makeRing(): Ring {
  const random = seededRandom(0x5eed)
  // Equal tokens are one string, so that the few different ones stay near at hand.
  const inner = words.map((word) => ` ${word}`)
  const capitals = words.map((word) => ` ${capital(word)}`)
  const tokens: string[] = []
  const starts: number[] = []
  while (tokens.length < ringTokens) {
    const left = ringTokens - tokens.length
    const drawn = 6 + random.below(12)
    // The last sentence takes all that is left, so that the ring closes with a full stop.
    const length = left - drawn < 6 ? left : drawn
    starts.push(tokens.length)
    for (let index = 0; index < length - 1; index++) {
      const previous = tokens.at(-1)
      const mayPause = index > 2 && index < length - 3 && previous !== ','
      if (mayPause && random.below(9) === 0) tokens.push(',')
      else tokens.push(wordIn(index === 0 ? capitals : inner, random))
    }
    tokens.push('.')
  }
  const offsets = new Uint32Array(ringTokens + 1)
  for (let index = 0; index < ringTokens; index++)
    offsets[index + 1] = (offsets[index] ?? 0) + (tokens[index]?.length ?? 0)
  return { tokens, text: tokens.join(''), offsets, starts }
}

const wordIn = (from: readonly string[], random: Random) => from[random.below(from.length)] ?? ' the'
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** A text of ready-made tokens. */
export function tokenText(tokens: readonly string[]): TokenText {
  let whole: string | undefined
  let json: string | undefined
  const text = () => (whole ??= tokens.join(''))
  return {
    count: tokens.length,
    at: (index) => tokens[index] ?? '',
    text,
    // Choices that say the same have it once.
    json: () => (json ??= JSON.stringify(text())),
    isPlain: false,
  }
}
