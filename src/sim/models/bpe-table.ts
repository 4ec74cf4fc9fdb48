import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Encoding } from '../types.ts'

/**
 * All tokens of an encoding, to be found by their bytes. A token's id is also its rank: of two pairs the one with the
 * lower id is merged first.
 */
export type BpeTable = {
  /** The bytes of all tokens, one after the other; token `id` is from `offsets[id]` up to `offsets[id + 1]`. */
  readonly bytes: Uint8Array
  readonly offsets: Uint32Array
  /**
   * A hash table with open addressing: an id plus one in the low bits, the high bits of its hash in the others, so that
   * most that differ are told apart without a look at their bytes. 0 where it is empty.
   */
  readonly slots: Int32Array
  readonly longestBytes: number
}

/** The part of a slot that is an id plus one. The rest is of the hash, whose low bits choose the slot. */
const idMask = 0x3ffff

/** A digest and the number of tokens. */
const headerBytes = 20

/** A rank that is none, behind all others. */
export const noRank = 0x7fffffff

/** Reads the table that `scripts/make-tables.mjs` made; the format is told there. Takes about 10 ms. */
export function readBpeTable(encoding: Encoding): BpeTable {
  const file = readTable(encoding)
  const count = file.readUInt32LE(headerBytes - 4)
  if (count >= idMask) throw new RangeError(`The token table of ${encoding} has ${count} tokens, too many for a slot`)
  // Views of plain arrays, not of a `Buffer`: a cold start reads them before anything is compiled for speed.
  const lengths = new Uint8Array(file.buffer, file.byteOffset + headerBytes, count)
  const bytes = new Uint8Array(file.buffer, file.byteOffset + headerBytes + count, file.length - headerBytes - count)
  const offsets = new Uint32Array(count + 1)
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(count * 1.5)))
  const mask = slots.length - 1
  let longestBytes = 0
  for (let id = 0, start = 0; id < count; id++) {
    const length = lengths[id] as number
    const end = start + length
    if (length > longestBytes) longestBytes = length
    offsets[id + 1] = end
    const hash = hashBytes(bytes, start, end)
    let slot = hash & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = (hash & ~idMask) | (id + 1)
    start = end
  }
  return { bytes, offsets, slots, longestBytes }
}

/** The id of the token that has the bytes from `start` up to `end`, or `noRank`. */
export function rankOf(table: BpeTable, bytes: Uint8Array, start: number, end: number): number {
  const { slots, offsets, bytes: tokenBytes, longestBytes } = table
  const length = end - start
  if (length > longestBytes) return noRank
  const hash = hashBytes(bytes, start, end)
  const mask = slots.length - 1
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const found = slots[slot] as number
    if (found === 0) return noRank
    if (((found ^ hash) & ~idMask) !== 0) continue
    const id = (found & idMask) - 1
    const tokenStart = offsets[id] as number
    if ((offsets[id + 1] as number) - tokenStart !== length) continue
    let same = 0
    while (same < length && tokenBytes[tokenStart + same] === bytes[start + same]) same++
    if (same === length) return id
  }
}

/** FNV-1a with its high bits folded into the low ones, which choose the slot. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  return hash ^ (hash >>> 15)
}

function readTable(encoding: Encoding): Buffer {
  const name = `#tables/${encoding}.bin`
  try {
    return readFileSync(createRequire(import.meta.url).resolve(name))
  } catch (cause) {
    throw new Error(`Cannot read the token table ${name}: run "node scripts/make-tables.mjs" to make it`, { cause })
  }
}
