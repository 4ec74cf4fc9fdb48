/**
 * The pieces that most text is made of, told from their bytes alone: a word of ASCII letters with the space before it,
 * digits, a mark of punctuation before a space, ends of lines. Both encodings cut them alike, and `split.ts`, which
 * knows the rules in full, gives the same for them; here they take a third of the time.
 */

const upper = 1
const lower = 2
const digit = 4
const symbol = 8
const newline = 16
const space = 32
/** What the first byte of a character beyond ASCII may be joined to. */
const beyond = 64
/** An apostrophe may begin a contraction, which is part of a word or not by the encoding's rules. */
const apostrophe = 128

const kinds = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++) kinds[byte] = kindOf(byte)

function kindOf(byte: number): number {
  const character = String.fromCharCode(byte)
  if (byte >= 0x80) return beyond
  if (character === "'") return apostrophe
  if (character === ' ') return space
  if (/[A-Z]/.test(character)) return upper
  if (/[a-z]/.test(character)) return lower
  if (/[0-9]/.test(character)) return digit
  if (/[\n\r]/.test(character)) return newline
  // Other blanks are rare, and nothing here begins with one or ends before one.
  return /\s/.test(character) ? beyond : symbol
}

const neverEndsWord = upper | lower | beyond | apostrophe
const mayFollowLine = upper | lower | digit | symbol

/** Where the piece ends that begins at `start`; 0 where it is none of those. Behind the `length` bytes there is a 0. */
export function plainEnd(bytes: Uint8Array, length: number, start: number): number {
  let at = start
  let found = kinds[bytes[at] as number] as number
  if (found === space) {
    found = kinds[bytes[++at] as number] as number
    // The last of some blanks goes with what follows, unless that is a number.
    if (found === digit) return at
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
    const most = start + 3
    while (at < most && found === digit) found = kinds[bytes[++at] as number] as number
    return found === beyond ? 0 : at
  }
  while (found === newline) found = kinds[bytes[++at] as number] as number
  return (found & mayFollowLine) === 0 ? 0 : at
}
