/**
 * What kind of character each byte of a text belongs to, as far as the tokenizers' splitting rules tell them apart. A
 * kind is one bit, so that a set of kinds is a mask. A byte of no text has none.
 */
export const kind = {
  /** `\p{Lu}\p{Lt}` */
  upper: 1,
  /** `\p{Ll}` */
  lower: 2,
  /** `\p{Lm}\p{Lo}` */
  uncased: 4,
  /** `\p{M}` */
  mark: 8,
  /** `\p{N}` */
  number: 16,
  /** `\s` without line feed and carriage return */
  blank: 32,
  /** Line feed and carriage return. */
  newline: 64,
  /** All others. */
  symbol: 128,
} as const

/** Indexed by code point, 0 where it is not known yet; memory is taken by the pages that are touched, 1.1 MB at most. */
const kinds = new Uint8Array(0x110000)
for (let code = 0; code < 128; code++) kinds[code] = asciiKind(code)

/**
 * Writes into `classes` the kind of the character that each of the first `length` bytes belongs to, and a 0 behind them.
 * The bytes must be well-formed UTF-8.
 */
export function classifyBytes(bytes: Uint8Array, length: number, classes: Uint8Array): void {
  let at = 0
  while (at < length) {
    const byte = bytes[at] as number
    if (byte < 0x80) {
      classes[at++] = kinds[byte] as number
      continue
    }
    const end = at + bytesOfCharacter(byte)
    let code = byte & (0xff >> (end - at + 1))
    for (let next = at + 1; next < end; next++) code = (code << 6) | ((bytes[next] as number) & 0x3f)
    let found = kinds[code] as number
    if (found === 0) found = kinds[code] = classify(code)
    while (at < end) classes[at++] = found
  }
  classes[length] = 0
}

/** How many bytes the character takes in UTF-8 that begins with the byte `lead`. */
export function bytesOfCharacter(lead: number): number {
  if (lead < 0x80) return 1
  if (lead < 0xe0) return 2
  return lead < 0xf0 ? 3 : 4
}

/**
 * Letters, marks and numbers that came with Unicode 17, first and last of each range. tiktoken 1.0.22 knows Unicode 16,
 * so to it they are symbols, as unassigned characters are; told apart from it by trying every code point.
 */
// prettier-ignore
const sinceUnicode17 = [
  [0x88f, 0x88f], [0xc5c, 0xc5c], [0xcdc, 0xcdc], [0x1acf, 0x1add], [0x1ae0, 0x1aeb], [0xa7ce, 0xa7cf],
  [0xa7d2, 0xa7d2], [0xa7d4, 0xa7d4], [0xa7f1, 0xa7f1], [0x10940, 0x10959], [0x10ec5, 0x10ec7], [0x10efa, 0x10efb],
  [0x11b60, 0x11b67], [0x11db0, 0x11ddb], [0x11de0, 0x11de9], [0x16ea0, 0x16eb8], [0x16ebb, 0x16ed3],
  [0x16ff2, 0x16ff6], [0x187f8, 0x187ff], [0x18d09, 0x18d1e], [0x18d80, 0x18df2], [0x1e6c0, 0x1e6de],
  [0x1e6e0, 0x1e6f5], [0x1e6fe, 0x1e6ff], [0x2b73a, 0x2b73f], [0x2cea2, 0x2cead], [0x323b0, 0x33479],
] as const

/** Without the properties below, whose patterns take a cold start's time to compile. */
export function asciiKind(code: number): number {
  if (code === 0x0a || code === 0x0d) return kind.newline
  if (code === 0x20 || (code >= 0x09 && code <= 0x0c)) return kind.blank
  if (code >= 0x61 && code <= 0x7a) return kind.lower
  if (code >= 0x41 && code <= 0x5a) return kind.upper
  return code >= 0x30 && code <= 0x39 ? kind.number : kind.symbol
}

function classify(code: number): number {
  if (sinceUnicode17.some(([first, last]) => first <= code && code <= last)) return kind.symbol
  const character = String.fromCodePoint(code)
  // Not `\s`: to JavaScript U+FEFF is a blank and U+0085 is none, to the tokenizers it is the other way round.
  if (/\p{White_Space}/u.test(character)) return kind.blank
  if (/\p{Ll}/u.test(character)) return kind.lower
  if (/[\p{Lu}\p{Lt}]/u.test(character)) return kind.upper
  if (/[\p{Lm}\p{Lo}]/u.test(character)) return kind.uncased
  if (/\p{M}/u.test(character)) return kind.mark
  return /\p{N}/u.test(character) ? kind.number : kind.symbol
}
