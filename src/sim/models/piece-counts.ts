const slotCount = 16_384
/** Room for the bytes of one piece: four 32-bit words. */
const slotBytes = 16

/**
 * Remembers how many tokens short pieces have. A piece has one slot, and whoever comes later takes it, so that the
 * memory is fixed: 0.4 MB. Pieces are compared as words of four bytes, whatever is behind them masked away.
 */
export class PieceCounts {
  private readonly words = new Int32Array(slotCount * 4)
  private readonly lengths = new Uint8Array(slotCount)
  private readonly counts = new Uint8Array(slotCount)

  /** How many tokens the piece from `start` up to `end` has, or 0 where that is not remembered. */
  find(view: DataView, start: number, end: number): number {
    const length = end - start
    if (length > slotBytes || start + slotBytes > view.byteLength) return 0
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

  /** Remembers that the piece from `start` up to `end` has so many tokens, if it is a short one. */
  add(view: DataView, start: number, end: number, tokens: number): void {
    const length = end - start
    if (length > slotBytes || start + slotBytes > view.byteLength) return
    const a = wordAt(view, start, length)
    const b = wordAt(view, start + 4, length - 4)
    const c = wordAt(view, start + 8, length - 8)
    const d = wordAt(view, start + 12, length - 12)
    const slot = slotOf(a, b, c, d)
    this.words.set([a, b, c, d], slot * 4)
    this.lengths[slot] = length
    this.counts[slot] = tokens
  }
}

function slotOf(a: number, b: number, c: number, d: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f)
  hash ^= hash >>> 15
  return (hash ^ (hash >>> 7)) & (slotCount - 1)
}

/** Four bytes as a number, those from the piece's end on as nothing; `left` is how many of the piece are to come. */
function wordAt(view: DataView, at: number, left: number): number {
  if (left <= 0) return 0
  const word = view.getInt32(at, true)
  return left < 4 ? word & ((1 << (left * 8)) - 1) : word
}
