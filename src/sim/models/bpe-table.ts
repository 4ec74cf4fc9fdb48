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

/** A digest, the number of tokens and the number of slots. */
const headerBytes = 24

/** A rank that is none, behind all others. */
export const noRank = 0x7fffffff

/** Reads the table that `scripts/make-tables.mjs` made; the format is told there. Takes a few milliseconds. */
export function readBpeTable(encoding: Encoding): BpeTable {
  const file = readTable(encoding)
  const count = file.readUInt32LE(headerBytes - 8)
  const slotCount = file.readUInt32LE(headerBytes - 4)
  const lengthsAt = headerBytes + slotCount * 4
  // Views of plain arrays, not of a `Buffer`: a cold start reads them before anything is compiled for speed.
  const slots = new Int32Array(file.buffer, file.byteOffset + headerBytes, slotCount)
  const lengths = new Uint8Array(file.buffer, file.byteOffset + lengthsAt, count)
  const bytes = new Uint8Array(file.buffer, file.byteOffset + lengthsAt + count, file.length - lengthsAt - count)
  const offsets = new Uint32Array(count + 1)
  let longestBytes = 0
  for (let id = 0, end = 0; id < count; id++) {
    const length = lengths[id] as number
    if (length > longestBytes) longestBytes = length
    end += length
    offsets[id + 1] = end
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
  const name = `#tables/${encoding}.bpe`
  try {
    return readFileSync(createRequire(import.meta.url).resolve(name))
  } catch (cause) {
    throw new Error(`Cannot read the token table ${name}: run "node scripts/make-tables.mjs" to make it`, { cause })
  }
}
