/**
 * The body of an embeddings answer, laid out as the service does (recorded February 2024): indented by two spaces, one
 * number a line, and a closing newline. Written by hand: `JSON.stringify` takes over a hundred microseconds for the
 * numbers of one vector.
 */

import { through } from '../../base/slices.ts'
import type { Vectors } from '../../generators/vectors.ts'
import type { Whole } from '../../operation.ts'

export type EmbeddingList = {
  readonly vectors: Vectors
  readonly model: string
  readonly promptTokens: number
}

/** As the request wants its vectors: in one piece, or where there are many, piece by piece as its client reads them. */
export function embeddingAnswer(list: EmbeddingList, format: 'float' | 'base64'): Whole {
  const contentType = 'application/json'
  const { count, size } = list.vectors
  const piecesOf = format === 'base64' ? base64Pieces : floatPieces
  if (count * size > maxNumbersAtOnce) return { contentType, pieces: piecesOf(list) }
  const { data, bytes } = through<Listed>(() => (format === 'base64' ? base64List(list) : floatList(list)))
  return { contentType, data, bytes }
}

/** An answer of five megabytes. */
const maxNumbersAtOnce = 250_000

type Listed = { readonly data: string | Uint8Array; readonly bytes: number }

/** Each vector as the base64 of its little-endian 32-bit floats. It is put together once, when it is sent. */
function* base64List(list: EmbeddingList): Generator<undefined, Listed> {
  let data = ''
  let last = ''
  let index = 0
  for (const text of base64Pieces(list)) {
    data += last = text
    if (index++ % vectorsAStep === 0) yield
  }
  // Only the end, which names the model, may have more bytes than characters.
  return { data, bytes: data.length - last.length + Buffer.byteLength(last) }
}

function* base64Pieces({ vectors, ...rest }: EmbeddingList): Generator<string> {
  let index = 0
  for (const vector of vectors) yield `${itemStart(index++)}"${base64(vector)}"${itemTail}`
  yield `${index === 0 ? head : ''}${tail(rest)}`
}

/** Each vector as an array of numbers with at most nine decimals, which read back give the same 32-bit floats. */
function* floatList({ vectors, ...rest }: EmbeddingList): Generator<undefined, Listed> {
  const end = tail(rest)
  const { count, size } = vectors
  const bytes = Buffer.allocUnsafe(count * (size * maxNumberBytes + maxItemBytes) + head.length + end.length)
  let at = 0
  let index = 0
  for (const vector of vectors) {
    at = writeItem(bytes, at, index, vector)
    if (index++ % vectorsAStep === 0) yield
  }
  at += bytes.write(end, at, 'latin1')
  return { data: bytes.subarray(0, at), bytes: at }
}

function* floatPieces({ vectors, ...rest }: EmbeddingList): Generator<string> {
  const neededBytes = vectors.size * maxNumberBytes + maxItemBytes + head.length
  let index = 0
  for (const vector of vectors) {
    if (piece.length < neededBytes) piece = Buffer.allocUnsafe(neededBytes)
    yield piece.toString('latin1', 0, writeItem(piece, 0, index++, vector))
  }
  yield tail(rest)
}

/** Work space for all: nothing is kept in it from one piece to the next. */
let piece = Buffer.alloc(0)

function writeItem(bytes: Buffer, from: number, index: number, vector: Float32Array): number {
  let at = from + bytes.write(`${itemStart(index)}[`, from, 'latin1')
  at = writeNumbers(bytes, at, vector)
  return at + bytes.write(`\n      ]${itemTail}`, at, 'latin1')
}

/** A vector takes about 0.2 ms. */
const vectorsAStep = 8

const head = '{\n  "object": "list",\n  "data": [\n'
const itemHead = (index: number) => `    {\n      "object": "embedding",\n      "index": ${index},\n      "embedding": `
const itemStart = (index: number) => `${index === 0 ? head : ',\n'}${itemHead(index)}`
const itemTail = '\n    }'
const tail = ({ model, promptTokens }: Omit<EmbeddingList, 'vectors'>) =>
  `\n  ],\n  "model": ${JSON.stringify(model)},\n  "usage": {\n    "prompt_tokens": ${promptTokens},\n    "total_tokens": ${promptTokens}\n  }\n}\n`

const base64 = (vector: Float32Array) =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')

/** A newline, eight spaces, a sign, `0.` and nine digits, a comma. */
const maxNumberBytes = 22
const maxItemBytes = 128

const newline = 10
const space = 32
const comma = 44
const minus = 45
const point = 46
const zero = 48

/** The three digits of each number below a thousand, one after another from the lowest byte on. */
const digits = Uint32Array.from({ length: 1000 }, (_, number) => {
  const [hundreds, tens, ones] = [Math.floor(number / 100), Math.floor(number / 10) % 10, number % 10]
  return (zero + hundreds) | ((zero + tens) << 8) | ((zero + ones) << 16)
})

function writeNumbers(bytes: Uint8Array, from: number, vector: Float32Array): number {
  let at = from
  for (let index = 0; index < vector.length; index++) {
    bytes[at++] = newline
    for (const end = at + 8; at < end; at++) bytes[at] = space
    let billionths = Math.floor((vector[index] ?? 0) * 1e9 + 0.5) | 0
    if (billionths < 0) {
      bytes[at++] = minus
      billionths = -billionths
    }
    at = writeFraction(bytes, at, billionths)
    bytes[at++] = comma
  }
  // No comma follows the last.
  return vector.length === 0 ? at : at - 1
}

/** `billionths` is a whole number up to a billion, which is how much a component of a unit vector may have. */
function writeFraction(bytes: Uint8Array, from: number, billionths: number): number {
  let at = from
  bytes[at++] = billionths < 1e9 ? zero : zero + 1
  bytes[at++] = point
  const rest = billionths < 1e9 ? billionths : 0
  const millionths = (rest / 1000) | 0
  const thousandths = (millionths / 1000) | 0
  at = writeDigits(bytes, at, thousandths)
  at = writeDigits(bytes, at, millionths - thousandths * 1000)
  at = writeDigits(bytes, at, rest - millionths * 1000)
  while (bytes[at - 1] === zero && bytes[at - 2] !== point) at--
  return at
}

function writeDigits(bytes: Uint8Array, at: number, number: number): number {
  const three = digits[number] ?? 0
  bytes[at] = three
  bytes[at + 1] = three >>> 8
  bytes[at + 2] = three >>> 16
  return at + 3
}
