/**
 * Counts and makes tokens exactly as OpenAI's tiktoken does when special tokens are no more than text. Linear in the
 * length of a text but for a piece without any break, which takes n log n.
 */
import { isSliced, step, through } from '../base/slices.ts'
import type { Encoding } from '../types.ts'
import { noRank, rankOf, readBpeTable, type BpeTable } from './bpe-table.ts'
import { classifyBytes } from './character-class.ts'
import { mergeInSteps, mergePiece } from './merge.ts'
import { PieceCounts } from './piece-counts.ts'
import { plainEnd } from './plain-pieces.ts'
import { splitters, type Classified, type Splitter } from './split.ts'
import { TextCounts } from './text-counts.ts'

/** How many tokens `text` has. */
export function countTokens(text: string, encoding: Encoding): number {
  if (!isSliced()) return countAtOnce(text, encoding)
  if (text.length < longCharacters) return step(() => countAtOnce(text, encoding))
  return through(() => countInSteps(text, tokenizerOf(encoding)))
}

/** The same, left and gone on with where it yields. */
export function* countTokensInSteps(text: string, encoding: Encoding): Generator<undefined, number> {
  return text.length < longCharacters ? countAtOnce(text, encoding) : yield* countInSteps(text, tokenizerOf(encoding))
}

/** A shorter text is counted in a step. */
const longCharacters = 4_096

function countAtOnce(text: string, encoding: Encoding): number {
  const tokenizer = tokenizerOf(encoding)
  const { texts } = tokenizer
  if (!texts.takes(text)) return countEncoded(encode(text), tokenizer)
  const known = texts.find(text)
  if (known !== undefined) return known
  const encoded = encode(text)
  const tokens = countEncoded(encoded, tokenizer)
  if (texts.isWorthKeeping()) texts.add(copyOf(encoded, encoded.length === text.length), tokens)
  return tokens
}

/** The ids of the tokens of `text`. */
export function encodeTokens(text: string, encoding: Encoding): number[] {
  const classified = classify(text)
  return idsIn(classified, tokenizerOf(encoding), 0, classified.length)
}

/** From a place where a piece begins on, up to one that is not before `until`. */
function idsIn(text: Classified, { table, split }: Tokenizer, from: number, until: number): number[] {
  const { bytes } = text
  const ids: number[] = []
  for (let start = from, end: number; start < until; start = end) {
    end = split(text, start)
    const id = rankOf(table, bytes, start, end)
    if (id !== noRank) {
      ids.push(id)
      continue
    }
    const { starts, count } = mergePiece(table, bytes, start, end)
    for (let part = 0; part < count; part++)
      ids.push(rankOf(table, bytes, starts[part] as number, starts[part + 1] as number))
  }
  return ids
}

/**
 * `text` cut into one piece a token. A token that ends within a character leaves the character to the piece whose token
 * completes it, so that a piece may be empty.
 */
export function tokenTexts(text: string, encoding: Encoding): string[] {
  if (isSliced() && text.length >= longCharacters) return through(() => textsInSteps(text, tokenizerOf(encoding)))
  const cutting: Cutting = { text, at: 0, pendingBytes: 0, pieces: [] }
  for (const id of encodeTokens(text, encoding)) cut(cutting, id, tokenizerOf(encoding))
  return cutting.pieces
}

type Cutting = {
  readonly text: string
  at: number
  /** Bytes of the tokens so far that belong to no piece. */
  pendingBytes: number
  readonly pieces: string[]
}

function cut(cutting: Cutting, id: number, { table: { offsets } }: Tokenizer): void {
  const { text } = cutting
  const start = cutting.at
  let at = start
  let pendingBytes = cutting.pendingBytes + (offsets[id + 1] as number) - (offsets[id] as number)
  while (at < text.length) {
    // A lone surrogate counts as U+FFFD, which takes three bytes, too.
    const code = text.codePointAt(at) as number
    const bytes = utf8Bytes(code)
    if (bytes > pendingBytes) break
    pendingBytes -= bytes
    at += code > 0xffff ? 2 : 1
  }
  cutting.at = at
  cutting.pendingBytes = pendingBytes
  cutting.pieces.push(text.slice(start, at))
}

function* textsInSteps(text: string, tokenizer: Tokenizer): Generator<undefined, string[]> {
  const { table, split } = tokenizer
  // What is kept for all is another's by the next step.
  const room = newRoom(Buffer.byteLength(text) + 1)
  const encoded = { ...room, length: encoder.encodeInto(text, room.bytes).written }
  yield
  classifyBytes(encoded.bytes, encoded.length, encoded.classes)
  const cutting: Cutting = { text, at: 0, pendingBytes: 0, pieces: [] }
  for (let start = 0; start < encoded.length;) {
    yield
    const end = split(encoded, start)
    if (end - start > longPieceBytes) {
      const { starts, count } = yield* mergeInSteps(table, encoded.bytes, start, end)
      for (let part = 0; part < count; part++)
        cut(cutting, rankOf(table, encoded.bytes, starts[part] as number, starts[part + 1] as number), tokenizer)
      start = end
      continue
    }
    // No further than the next piece that is to be merged in steps.
    const stepEnd = Math.min(encoded.length, start + stepBytes)
    while (start < stepEnd) {
      const next = split(encoded, start)
      if (next - start > longPieceBytes) break
      for (const id of idsIn(encoded, tokenizer, start, next)) cut(cutting, id, tokenizer)
      start = next
    }
  }
  return cutting.pieces
}

/** Reads the tables of `encoding` if that was not done yet, so that the first request need not wait for it. */
export function loadEncoding(encoding: Encoding): void {
  tokenizerOf(encoding)
}

type Tokenizer = {
  readonly table: BpeTable
  readonly split: Splitter
  readonly pieces: PieceCounts
  readonly texts: TextCounts
}

const tokenizers: Partial<Record<Encoding, Tokenizer>> = {}

function tokenizerOf(encoding: Encoding): Tokenizer {
  return (tokenizers[encoding] ??= {
    table: readBpeTable(encoding),
    split: splitters[encoding],
    pieces: new PieceCounts(),
    texts: new TextCounts(),
  })
}

type Counting = { at: number; tokens: number; isClassified: boolean }

function countEncoded(text: Classified, tokenizer: Tokenizer): number {
  const counting: Counting = { at: 0, tokens: 0, isClassified: false }
  countUpTo(text, tokenizer, counting, { until: text.length })
  return counting.tokens
}

/** A step of about a millisecond. */
const stepBytes = 16_384
/** A longer piece is merged in steps of its own. */
const longPieceBytes = 4_096

function* countInSteps(text: string, tokenizer: Tokenizer): Generator<undefined, number> {
  // What is kept for all is another's by the next step.
  const room = newRoom(Buffer.byteLength(text) + 1)
  const encoded = { ...room, length: encoder.encodeInto(text, room.bytes).written }
  const counting: Counting = { at: 0, tokens: 0, isClassified: false }
  while (counting.at < encoded.length) {
    yield
    const until = Math.min(encoded.length, counting.at + stepBytes)
    const longEnd = countUpTo(encoded, tokenizer, counting, { until, maxPiece: longPieceBytes })
    if (longEnd === undefined) continue
    counting.tokens += (yield* mergeInSteps(tokenizer.table, encoded.bytes, counting.at, longEnd)).count
    counting.at = longEnd
  }
  return counting.tokens
}

/** Counts until `until`, or before a piece longer than `maxPiece`, whose end it tells. */
function countUpTo(
  text: Classified,
  { table, split, pieces }: Tokenizer,
  counting: Counting,
  { until, maxPiece = Infinity }: { readonly until: number; readonly maxPiece?: number },
): number | undefined {
  const { bytes, view, length } = text
  let { tokens, isClassified } = counting
  let start = counting.at
  let longEnd: number | undefined
  for (let end: number; start < until; start = end) {
    const word = pieces.findWord(bytes, view, start)
    if ((word & 0xff) !== 0) {
      tokens += word & 0xff
      end = start + (word >>> 8)
      continue
    }
    end = plainEnd(bytes, length, start)
    if (end === 0) {
      if (!isClassified) classifyBytes(bytes, length, text.classes)
      isClassified = true
      end = split(text, start)
    }
    // Each byte is a token by itself.
    const known = end === start + 1 ? 1 : pieces.find(view, start, end)
    if (known !== 0) {
      tokens += known
      continue
    }
    if (end - start > maxPiece) {
      longEnd = end
      break
    }
    const counted = rankOf(table, bytes, start, end) !== noRank ? 1 : mergePiece(table, bytes, start, end).count
    pieces.add(view, start, end, counted)
    tokens += counted
  }
  counting.at = start
  counting.tokens = tokens
  counting.isClassified = isClassified
  return longEnd
}

/** Room that is kept from one text to the next, 0.4 MB with its kinds; a longer text gets room of its own. */
const keptBytes = 196_608
const encoder = new TextEncoder()
let kept: Classified | undefined

function classify(text: string): Classified {
  const encoded = encode(text)
  classifyBytes(encoded.bytes, encoded.length, encoded.classes)
  return encoded
}

/** What is returned holds until the next call. The kinds of its characters are still to be found out. */
function encode(text: string): Classified {
  const { bytes, view, classes } = roomFor(text)
  const length = encoder.encodeInto(text, bytes).written
  bytes[length] = 0
  return { bytes, view, classes, length }
}

function roomFor(text: string): Classified {
  // No character takes more than three bytes for each of its UTF-16 units.
  if (text.length * 3 >= keptBytes) return newRoom(Buffer.byteLength(text) + 1)
  kept ??= newRoom(keptBytes)
  return kept
}

function newRoom(size: number): Classified {
  const bytes = new Uint8Array(size)
  return { bytes, view: new DataView(bytes.buffer), classes: new Uint8Array(size), length: 0 }
}

/** The text again, as a string that shares nothing with another. A lone surrogate has become U+FFFD, as it counts. */
function copyOf({ bytes, length }: Classified, isAscii: boolean): string {
  return Buffer.from(bytes.buffer, 0, length).toString(isAscii ? 'latin1' : 'utf8')
}

/** How many bytes a code point takes in UTF-8. */
function utf8Bytes(code: number): number {
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  return code < 0x10000 ? 3 : 4
}
