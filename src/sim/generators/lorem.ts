/**
 * Text of exactly as many tokens as are asked for, without a tokenizer: words that are one token each, and punctuation
 * that the tokenizers never join to them. A text is a slice of one long ring of sentences, so that it costs the same
 * whatever its length.
 */
import { type Random, seededRandom } from '../random.ts'
import { words } from './words.ts'

/** A text with its tokens. */
export type TokenText = {
  readonly count: number
  /** The text of token `index`. */
  readonly at: (index: number) => string
  readonly text: () => string
  /** The text as JSON. */
  readonly json: () => string
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
  if (count <= 0) return { count: 0, at: () => '', text: () => '', json: () => '""' }
  const { tokens, text, offsets, starts } = (ring ??= makeRing())
  const first = starts[random.below(starts.length)] ?? 0
  const tokenAt = (index: number) => tokens[(first + index) % ringTokens] ?? ''
  const last = isWhole && count > 1 && !isPunctuation(tokenAt(count - 2)) ? '.' : undefined
  const closing = last ?? closingWord(tokenAt(count - 1), isWhole, tokenAt(0))
  const whole = () => {
    if (count === 1) return tokenAt(0).slice(1)
    // All but the last token; the first one's leading space is left out.
    return slice(text, offsets, first, count - 1).slice(1) + closing
  }
  return {
    count,
    at: (index) => {
      if (index === count - 1) return count === 1 ? tokenAt(0).slice(1) : closing
      return index === 0 ? tokenAt(0).slice(1) : tokenAt(index)
    },
    text: whole,
    // Words and punctuation need no escapes.
    json: () => `"${whole()}"`,
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
      else tokens.push(` ${index === 0 ? capital(word(random)) : word(random)}`)
    }
    tokens.push('.')
  }
  const offsets = new Uint32Array(ringTokens + 1)
  for (let index = 0; index < ringTokens; index++)
    offsets[index + 1] = (offsets[index] ?? 0) + (tokens[index]?.length ?? 0)
  return { tokens, text: tokens.join(''), offsets, starts }
}

const word = (random: Random) => words[random.below(words.length)] ?? 'the'
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** A text of ready-made tokens. */
export const textOf = (tokens: readonly string[]): TokenText => ({
  count: tokens.length,
  at: (index) => tokens[index] ?? '',
  text: () => tokens.join(''),
  json: () => JSON.stringify(tokens.join('')),
})
