/**
 * The splitting rules of the two encodings, each written out as a scanner. The patterns are those of
 * https://github.com/openai/tiktoken (tiktoken_ext/openai_public.py); as scanners they know all of Unicode as one does
 * and are linear in the length of the text, whatever it holds.
 */
import type { Encoding } from '../types.ts'
import { bytesOfCharacter, kind } from './character-class.ts'

/** A text as UTF-8, the kind of each byte's character, and a 0 behind both. */
export type Classified = {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly classes: Uint8Array
  readonly length: number
}

/** Where the piece ends that begins at `start`, which is before the text's end. */
export type Splitter = (text: Classified, start: number) => number

export const splitters: Readonly<Record<Encoding, Splitter>> = { cl100k_base: cl100kEnd, o200k_base: o200kEnd }

const letter = kind.upper | kind.lower | kind.uncased
/** `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]` */
const head = kind.upper | kind.uncased | kind.mark
/** `[\p{Ll}\p{Lm}\p{Lo}\p{M}]` */
const tail = kind.lower | kind.uncased | kind.mark
/** `[^\s\p{L}\p{N}]` */
const symbols = kind.symbol | kind.mark
const whiteSpace = kind.blank | kind.newline
/** `[^\r\n\p{L}\p{N}]` */
const prefix = kind.symbol | kind.mark | kind.blank

const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const apostrophe = 0x27
const slash = 0x2f

/**
 * (?i:'s|'t|'re|'ve|'m|'ll|'d) | [^\r\n\p{L}\p{N}]?\p{L}+ | \p{N}{1,3} | ?[^\s\p{L}\p{N}]+[\r\n]* | \s*[\r\n]+
 * | \s+(?!\S) | \s+
 */
function cl100kEnd(text: Classified, start: number): number {
  const { bytes, classes } = text
  if (bytes[start] === apostrophe) {
    const end = afterContraction(bytes, start)
    if (end > start) return end
  }
  const first = classes[start] as number
  let at = (first & prefix) === 0 ? start : start + bytesOfCharacter(bytes[start] as number)
  if (((classes[at] as number) & letter) !== 0) {
    do at++
    while (((classes[at] as number) & letter) !== 0)
    return at
  }
  if (first === kind.number) return afterNumber(text, start)
  at = afterSymbols(text, start)
  if (at === start) return afterWhiteSpace(text, start)
  while (bytes[at] === lineFeed || bytes[at] === carriageReturn) at++
  return at
}

/**
 * [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
 * | [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
 * | \p{N}{1,3} | ?[^\s\p{L}\p{N}]+[\r\n/]* | \s*[\r\n]+ | \s+(?!\S) | \s+
 */
function o200kEnd(text: Classified, start: number): number {
  const { bytes, classes } = text
  let at = afterCasedWord(text, start)
  if (at > start) return bytes[at] === apostrophe ? afterContraction(bytes, at) : at
  if (classes[start] === kind.number) return afterNumber(text, start)
  at = afterSymbols(text, start)
  if (at === start) return afterWhiteSpace(text, start)
  while (bytes[at] === lineFeed || bytes[at] === carriageReturn || bytes[at] === slash) at++
  return at
}

/** What the first two alternatives of o200k match without a contraction, told without going back; `start` if nothing. */
function afterCasedWord({ bytes, classes }: Classified, start: number): number {
  const first = classes[start] as number
  const afterFirst = start + bytesOfCharacter(bytes[start] as number)
  const wordStart = (first & prefix) === 0 ? start : afterFirst
  let at = wordStart
  // A head may end in characters that are heads and tails; the tail takes the last of them if nothing else does.
  let lastTailEnd = 0
  for (let next = classes[at] as number; (next & head) !== 0; next = classes[++at] as number)
    if ((next & tail) !== 0) lastTailEnd = at + 1
  if (classes[at] === kind.lower) {
    do at++
    while (((classes[at] as number) & tail) !== 0)
    return at
  }
  if (lastTailEnd > 0) return lastTailEnd
  // As a prefix it leads nowhere, but a mark is a tail by itself; only then comes the second alternative.
  if (first === kind.mark) return afterFirst
  return at > wordStart ? at : start
}

/** The end of what `(?i:'s|'t|'re|'ve|'m|'ll|'d)` matches at the apostrophe at `start`; `start` if nothing. */
function afterContraction(bytes: Uint8Array, start: number): number {
  const second = bytes[start + 1] as number
  // Ignoring case in Unicode makes U+017F, a long s, an s too.
  if (second === 0xc5) return bytes[start + 2] === 0xbf ? start + 3 : start
  switch (String.fromCharCode(second | 0x20)) {
    case 's':
    case 't':
    case 'm':
    case 'd':
      return start + 2
    case 'l':
      return ((bytes[start + 2] as number) | 0x20) === 0x6c ? start + 3 : start
    case 'r':
    case 'v':
      return ((bytes[start + 2] as number) | 0x20) === 0x65 ? start + 3 : start
    default:
      return start
  }
}

/** `\p{N}{1,3}`, where `start` is at a number. */
function afterNumber({ bytes, classes }: Classified, start: number): number {
  let at = start
  for (let digits = 0; digits < 3 && classes[at] === kind.number; digits++) at += bytesOfCharacter(bytes[at] as number)
  return at
}

/** ` ?[^\s\p{L}\p{N}]+`; `start` if nothing. */
function afterSymbols({ bytes, classes }: Classified, start: number): number {
  const symbolsStart = bytes[start] === space ? start + 1 : start
  let at = symbolsStart
  while (((classes[at] as number) & symbols) !== 0) at++
  return at > symbolsStart ? at : start
}

/** `\s*[\r\n]+|\s+(?!\S)|\s+`, where `start` is at white space. */
function afterWhiteSpace({ bytes, classes, length }: Classified, start: number): number {
  let at = start
  let lastNewlineEnd = 0
  let lastStart = start
  while (((classes[at] as number) & whiteSpace) !== 0) {
    lastStart = at
    at += bytesOfCharacter(bytes[at] as number)
    if (classes[lastStart] === kind.newline) lastNewlineEnd = at
  }
  if (lastNewlineEnd > 0) return lastNewlineEnd
  // The last blank before something else is left to the piece that follows, unless it is the only one.
  return at === length || lastStart === start ? at : lastStart
}
