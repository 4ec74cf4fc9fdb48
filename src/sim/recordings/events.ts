/** Streams as events, whatever pieces they came in. */
import { decodedText } from './body.ts'
import type { RecordedEvent } from './interaction.ts'

/**
 * One element an event of a stream of server-sent events, with the time of the piece that completed it; what is no
 * such stream stays in the pieces that it came in. Times are rounded to a tenth of a millisecond, none of it lost.
 */
export function toEvents(pieces: readonly RecordedEvent[], contentType: string | undefined): readonly RecordedEvent[] {
  const isEventStream = /^\s*text\/event-stream/i.test(contentType ?? '')
  const events = isEventStream ? reframe(pieces) : pieces
  return withRoundTimes(events).map(({ afterMs, data }) => ({ afterMs, data: asText(data) }))
}

export const bytesOf = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? Buffer.from(data) : data)

function reframe(pieces: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const chunks = pieces.map(({ data }) => bytesOf(data))
  const bytes = Buffer.concat(chunks)
  const events: RecordedEvent[] = []
  let piece = -1
  let pieceEnd = 0
  let atMs = 0
  let lastMs = 0
  for (let start = 0; start < bytes.length;) {
    const end = endOfEvent(bytes, start)
    while (pieceEnd < end && piece < pieces.length - 1) {
      piece++
      pieceEnd += chunks[piece]?.length ?? 0
      atMs += pieces[piece]?.afterMs ?? 0
    }
    events.push({ afterMs: atMs - lastMs, data: bytes.subarray(start, end) })
    lastMs = atMs
    start = end
  }
  return events
}

/** One past the blank line that ends the event at `start`, or the end of all. */
function endOfEvent(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(lineFeed, start); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
    if (bytes[at + 1] === lineFeed) return at + 2
    if (bytes[at + 1] === carriageReturn && bytes[at + 2] === lineFeed) return at + 3
  }
  return bytes.length
}

function withRoundTimes(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  let exactMs = 0
  let roundMs = 0
  return events.map(({ afterMs, data }) => {
    exactMs += afterMs
    const gapMs = Math.max(0, Math.round((exactMs - roundMs) * 10) / 10)
    roundMs += gapMs
    return { afterMs: gapMs, data }
  })
}

const asText = (data: string | Uint8Array) =>
  typeof data === 'string' ? data : (decodedText(data) ?? Uint8Array.from(data))

const lineFeed = 0x0a
const carriageReturn = 0x0d
