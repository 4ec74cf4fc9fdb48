import { shortWordLength } from './plain-pieces.ts'

const slotBits = 14
const slotCount = 2 ** slotBits
/** Room for the bytes of one piece: two 32-bit words for nearly all of them, four for long ones. */
const shortBytes = 8
const longBytes = 16

/** By the length of a piece, what of its first four bytes and of its second four belongs to it. */
const firstMasks = Int32Array.from({ length: shortBytes + 1 }, (_, length) => maskOf(length))
const secondMasks = Int32Array.from({ length: shortBytes + 1 }, (_, length) => maskOf(length - 4))

function maskOf(bytes: number): number {
  if (bytes <= 0) return 0
  return bytes < 4 ? (1 << (bytes * 8)) - 1 : -1
}

/**
 * Remembers how many tokens short pieces have. A piece has one slot, two where it is very short, and whoever comes later
 * takes it, so that the memory is fixed: 0.6 MB. Pieces are compared as words of four bytes, whatever is behind them
 * masked away.
 */
export class PieceCounts {
  /** Of a piece of up to eight bytes: its words, and its length and tokens together, so that it is found in one place. */
  private readonly short = new Int32Array(slotCount * 4)
  private readonly words = new Int32Array(slotCount * 4)
  private readonly lengths = new Uint8Array(slotCount)
  private readonly counts = new Uint8Array(slotCount)

  /**
   * Of the short word that begins at `start` its length times 256 and how many tokens it has, if that is remembered; 0
   * where there is no short word. To tell its end and to look for it in one go takes two thirds of the time.
   */
  findWord(bytes: Uint8Array, view: DataView, start: number): number {
    if (start + shortBytes > view.byteLength) return 0
    const first = view.getInt32(start, true)
    const second = view.getInt32(start + 4, true)
    const length = shortWordLength(bytes, start, first, second)
    if (length === 0) return 0
    const a = first & (firstMasks[length] as number)
    const b = second & (secondMasks[length] as number)
    return (length << 8) | this.tokensOf(a, b, length)
  }

  /** How many tokens the piece from `start` up to `end` has, or 0 where that is not remembered. */
  find(view: DataView, start: number, end: number): number {
    const length = end - start
    if (length > shortBytes) return this.findLong(view, start, length)
    if (start + shortBytes > view.byteLength) return 0
    const a = view.getInt32(start, true) & (firstMasks[length] as number)
    const b = view.getInt32(start + 4, true) & (secondMasks[length] as number)
    return this.tokensOf(a, b, length)
  }

  /** Remembers that the piece from `start` up to `end` has so many tokens, if it is a short one. */
  add(view: DataView, start: number, end: number, tokens: number): void {
    const length = end - start
    if (length > longBytes || start + longBytes > view.byteLength) return
    const a = wordAt(view, start, length)
    const b = wordAt(view, start + 4, length - 4)
    if (length <= shortBytes) {
      const at = shortSlotOf(a, b) * 4
      this.short.copyWithin(at + 4, at, at + 4)
      this.short[at] = a
      this.short[at + 1] = b
      this.short[at + 2] = (length << 8) | tokens
      return
    }
    const c = wordAt(view, start + 8, length - 8)
    const d = wordAt(view, start + 12, length - 12)
    const slot = slotOf(a, b, c, d)
    this.words.set([a, b, c, d], slot * 4)
    this.lengths[slot] = length
    this.counts[slot] = tokens
  }

  private tokensOf(a: number, b: number, length: number): number {
    const { short } = this
    const at = shortSlotOf(a, b) * 4
    const both = short[at + 2] as number
    if (short[at] === a && short[at + 1] === b && both >>> 8 === length) return both & 0xff
    const next = short[at + 6] as number
    return short[at + 4] === a && short[at + 5] === b && next >>> 8 === length ? next & 0xff : 0
  }

  private findLong(view: DataView, start: number, length: number): number {
    if (length > longBytes || start + longBytes > view.byteLength) return 0
    const a = wordAt(view, start, length)
    const b = wordAt(view, start + 4, length - 4)
    const c = wordAt(view, start + 8, length - 8)
    const d = wordAt(view, start + 12, length - 12)
    const slot = slotOf(a, b, c, d)
    const at = slot * 4
    const { words } = this
    if (
      this.lengths[slot] !== length ||
      words[at] !== a ||
      words[at + 1] !== b ||
      words[at + 2] !== c ||
      words[at + 3] !== d
    )
      return 0
    return this.counts[slot] ?? 0
  }
}

function shortSlotOf(a: number, b: number): number {
  const hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)
  // The highest bits of a product depend on all of the number.
  return (Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> (32 - slotBits)) & ~1
}

function slotOf(a: number, b: number, c: number, d: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f)
  hash ^= hash >>> 15
  return (hash ^ (hash >>> 7)) & (slotCount - 1)
}

/** Four bytes as a number, those from the piece's end on as nothing; `left` is how many of the piece are to come. */
function wordAt(view: DataView, at: number, left: number): number {
  return left <= 0 ? 0 : view.getInt32(at, true) & maskOf(left)
}
