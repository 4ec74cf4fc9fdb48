import { noRank, rankOf, type BpeTable } from './bpe-table.ts'

/** The tokens of one piece: token `i` is from `starts[i]` up to `starts[i + 1]`, for `i` below `count`. */
export type Parts = { starts: Int32Array; count: number }

/** Up to this many bytes looking at every pair again is faster than keeping the pairs in order. */
const shortBytes = 64
/** Room that is kept from one piece to the next, 28 bytes a byte of text; a longer piece gets room of its own. */
const keptBytes = 16_384

const short = { starts: new Int32Array(shortBytes + 1), ranks: new Int32Array(shortBytes + 1) }
let kept: Room | undefined

/**
 * Byte pair encoding of the piece from `start` up to `end`: of all neighbours that together are a token, those with the
 * lowest rank are joined, the leftmost first, until none are left. What is returned holds until the next call.
 */
export function mergePiece(table: BpeTable, bytes: Uint8Array, start: number, end: number): Parts {
  if (end - start <= shortBytes) return mergeShort(table, bytes, start, end)
  const merging = mergeLong(table, bytes, { start, end, room: roomFor(end - start) })
  for (;;) {
    const next = merging.next()
    if (next.done === true) return next.value
  }
}

/** The same of a long piece, left from time to time. What is returned is the caller's own. */
export const mergeInSteps = (table: BpeTable, bytes: Uint8Array, start: number, end: number) =>
  mergeLong(table, bytes, { start, end, room: newRoom(end - start) })

/** So many candidates are looked at between two places where it may be left: a millisecond or two. */
const stepCandidates = 4_096

/** So many parts are laid out in one step. */
const stepParts = 32_768

type LongPiece = { readonly start: number; readonly end: number; readonly room: Room }

const parts: Parts = { starts: short.starts, count: 0 }

function mergeShort(table: BpeTable, bytes: Uint8Array, start: number, end: number): Parts {
  const { starts, ranks } = short
  let count = end - start
  for (let part = 0; part < count; part++) {
    starts[part] = start + part
    // Two bytes at a time here; the last part has no neighbour.
    ranks[part] = part + 1 < count ? rankOf(table, bytes, start + part, start + part + 2) : noRank
  }
  starts[count] = end
  for (;;) {
    let lowest = noRank
    let at = 0
    for (let part = 0; part < count; part++) {
      const rank = ranks[part] as number
      if (rank < lowest) {
        lowest = rank
        at = part
      }
    }
    if (lowest === noRank) break
    count--
    for (let part = at + 1; part <= count; part++) {
      starts[part] = starts[part + 1] as number
      ranks[part] = ranks[part + 1] as number
    }
    ranks[at] = at + 1 < count ? rankOf(table, bytes, starts[at] as number, starts[at + 2] as number) : noRank
    if (at > 0) ranks[at - 1] = rankOf(table, bytes, starts[at - 1] as number, starts[at + 1] as number)
  }
  parts.starts = starts
  parts.count = count
  return parts
}

/** Parts are named by the place of their first byte, counted from the piece's start. */
type Room = {
  /** Where the part after it begins. */
  readonly next: Int32Array
  readonly previous: Int32Array
  /** The rank of the part joined with the one after it. */
  readonly ranks: Int32Array
  /** Candidates, the least first: rank times 2^32 plus the part. Each join takes one out and adds two at most. */
  readonly heap: Float64Array
  readonly starts: Int32Array
}

const rankStep = 2 ** 32

function* mergeLong(table: BpeTable, bytes: Uint8Array, piece: LongPiece): Generator<undefined, Parts> {
  const { start, end, room } = piece
  const length = end - start
  const { next, previous, ranks, heap } = room
  const rank = (part: number) => {
    const second = next[part] as number
    const found = second < length ? rankOf(table, bytes, start + part, start + (next[second] as number)) : noRank
    ranks[part] = found
    return found
  }
  let heapSize = 0
  for (let part = 0; part <= length; part++) {
    if (part % stepParts === stepParts - 1) yield
    next[part] = part + 1
    previous[part] = part - 1
  }
  for (let part = 0; part < length; part++) {
    if (part % stepCandidates === stepCandidates - 1) yield
    const found = rank(part)
    if (found !== noRank) heap[heapSize++] = found * rankStep + part
  }
  for (let at = (heapSize >> 1) - 1; at >= 0; at--) {
    if (at % stepCandidates === stepCandidates - 1) yield
    sink(heap, heapSize, at, heap[at] as number)
  }
  for (let looked = 1; heapSize > 0; looked++) {
    if (looked % stepCandidates === 0) yield
    const min = heap[0] as number
    const part = min >>> 0
    // A candidate whose parts have been joined with others since is passed over.
    if (ranks[part] !== (min - part) / rankStep) {
      heapSize--
      if (heapSize > 0) sink(heap, heapSize, 0, heap[heapSize] as number)
      continue
    }
    const joined = next[part] as number
    const after = next[joined] as number
    ranks[joined] = noRank
    next[part] = after
    previous[after] = part
    const found = rank(part)
    if (found !== noRank) sink(heap, heapSize, 0, found * rankStep + part)
    else {
      heapSize--
      if (heapSize > 0) sink(heap, heapSize, 0, heap[heapSize] as number)
    }
    if (part === 0) continue
    const before = previous[part] as number
    const foundBefore = rank(before)
    if (foundBefore !== noRank) rise(heap, heapSize++, foundBefore * rankStep + before)
  }
  let count = 0
  for (let part = 0; part < length; part = next[part] as number) {
    if (count % stepParts === stepParts - 1) yield
    room.starts[count++] = start + part
  }
  room.starts[count] = end
  return { starts: room.starts, count }
}

function roomFor(length: number): Room {
  if (length > keptBytes) return newRoom(length)
  kept ??= newRoom(keptBytes)
  return kept
}

function newRoom(length: number): Room {
  return {
    next: new Int32Array(length + 1),
    previous: new Int32Array(length + 1),
    ranks: new Int32Array(length + 1),
    heap: new Float64Array(2 * length),
    starts: new Int32Array(length + 1),
  }
}

/** Puts `value` at the place `at` or below, where it belongs. */
function sink(heap: Float64Array, size: number, at: number, value: number): void {
  for (;;) {
    let child = 2 * at + 1
    if (child >= size) break
    if (child + 1 < size && (heap[child + 1] as number) < (heap[child] as number)) child++
    const min = heap[child] as number
    if (value <= min) break
    heap[at] = min
    at = child
  }
  heap[at] = value
}

/** Puts `value` at the place `at` or above, where it belongs. */
function rise(heap: Float64Array, at: number, value: number): void {
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = heap[parent] as number
    if (value >= above) break
    heap[at] = above
    at = parent
  }
  heap[at] = value
}
