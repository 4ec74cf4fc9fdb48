/**
 * The pieces that most text is made of, told from their bytes alone: a word of ASCII letters with the space before it,
 * digits, a mark of punctuation before a space, ends of lines. Both encodings cut them alike, and `split.ts`, which
 * knows the rules in full, gives the same for them; here they take a third of the time.
 */

import { asciiKind, kind } from './character-class.ts'

const { upper, lower, number: digit, symbol, newline, blank: space } = kind
/** What the first byte of a character beyond ASCII may be joined to: of those no byte here is told apart. */
const beyond = kind.uncased
/** An apostrophe may begin a contraction, which is part of a word or not by the encoding's rules. */
const apostrophe = kind.mark

const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return beyond
  if (byte === 0x27) return apostrophe
  const found = asciiKind(byte)
  // Other blanks are rare, and nothing here begins with one or ends before one.
  return found === space && byte !== 0x20 ? beyond : found
})

const neverEndsWord = upper | lower | beyond | apostrophe
const mayFollowLine = upper | lower | digit | symbol

/** Where the piece ends that begins at `start`; 0 where it is none of those. Behind the `length` bytes there is a 0. */
export function plainEnd(bytes: Uint8Array, length: number, start: number): number {
  let at = start
  let found = kinds[bytes[at] as number] as number
  if (found === space) {
    found = kinds[bytes[++at] as number] as number
    // The last of some blanks goes with what follows, unless that is a number.
    if (found === digit || at === length) return at
    if ((found & (upper | lower)) === 0) return 0
  }
  if ((found & (upper | lower)) !== 0) {
    while (found === upper) found = kinds[bytes[++at] as number] as number
    while (found === lower) found = kinds[bytes[++at] as number] as number
    return (found & neverEndsWord) === 0 ? at : 0
  }
  if (found === symbol) {
    at++
    return bytes[at] === 0x20 || at === length ? at : 0
  }
  if (found === digit) {
    const max = start + 3
    while (at < max && found === digit) found = kinds[bytes[++at] as number] as number
    return found === beyond ? 0 : at
  }
  while (found === newline) found = kinds[bytes[++at] as number] as number
  return (found & mayFollowLine) === 0 ? 0 : at
}

/**
 * The length of a word of up to seven small letters, with the space before it where there is one: the most frequent
 * piece of all; 0 where it is none. `first` and `second` are the eight bytes from `start` on. Four bytes are looked at in
 * one step, as the length of a word cannot be guessed, and each wrong guess of the processor costs as much as a word.
 */
export function shortWordLength(bytes: Uint8Array, start: number, first: number, second: number): number {
  const lead = first & 0xff
  if (lead !== 0x20 && (lead < 0x61 || lead > 0x7a)) return 0
  // A space before the word counts as a letter of it.
  const inFirst = lettersIn((first & ~0xff) | 0x61)
  const length = inFirst + (lettersIn(second) & -(inFirst >>> 2))
  const isWord = length < 8 && (length > 1 || lead !== 0x20)
  return isWord && ((kinds[bytes[start + length] as number] as number) & neverEndsWord) === 0 ? length : 0
}

/** How many of the word's bytes, from the lowest on, are small letters: 0 to 4, told without a branch. */
function lettersIn(word: number): number {
  // The highest bit of each byte that is none; what it says of bytes behind the first of them may be wrong.
  const others = ~((word + 0x1f1f1f1f) & ~(word + 0x05050505) & ~word) & (0x80808080 | 0)
  const below = ~others & (others - 1)
  return (32 - Math.clz32(below)) >>> 3
}
