import { hashBytes } from './bpe-table.ts'

const slotCount = 16_384
/** Room for the bytes of one piece. */
const slotBytes = 32

/**
 * Remembers how many tokens short pieces have. A piece has one slot, and whoever comes later takes it, so that the
 * memory is fixed: 0.6 MB.
 */
export class PieceCounts {
  private readonly bytes = new Uint8Array(slotCount * slotBytes)
  private readonly hashes = new Int32Array(slotCount)
  private readonly lengths = new Uint8Array(slotCount)
  private readonly counts = new Uint8Array(slotCount)

  /** How many tokens the piece from `start` up to `end` has, or 0 where that is not remembered. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    if (length > slotBytes) return 0
    const hash = hashBytes(bytes, start, end)
    const slot = hash & (slotCount - 1)
    if (this.hashes[slot] !== hash || this.lengths[slot] !== length) return 0
    const slotStart = slot * slotBytes
    for (let at = 0; at < length; at++) if (this.bytes[slotStart + at] !== bytes[start + at]) return 0
    return this.counts[slot] as number
  }

  /** Remembers that the piece from `start` up to `end` has so many tokens, if it is a short one. */
  add(bytes: Uint8Array, start: number, end: number, tokens: number): void {
    const length = end - start
    if (length > slotBytes) return
    const hash = hashBytes(bytes, start, end)
    const slot = hash & (slotCount - 1)
    const slotStart = slot * slotBytes
    for (let at = 0; at < length; at++) this.bytes[slotStart + at] = bytes[start + at] as number
    this.hashes[slot] = hash
    this.lengths[slot] = length
    this.counts[slot] = tokens
  }
}
