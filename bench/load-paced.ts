/** Reads many paced streams at once: counts their events, and measures the gaps between tokens. */
import { setTimeout as sleep } from 'node:timers/promises'
import { stayAwake } from './awake.ts'
import { paceTokenMs, pacedRequest } from './cases.ts'
import { openConnection, type Connection } from './connection.ts'
import { cpuMs, residentBytes } from './proc.ts'

export type PacedJob = {
  readonly port: number
  /** The server's process. */
  readonly pid: number
  readonly streams: number
  readonly tokens: number
}

export type PacedOutcome = {
  readonly events: number
  readonly expectedEvents: number
  /** From the first token of a stream to its last, over the gaps between them; the mean of all streams. */
  readonly meanGapMs: number
  /** How far a gap is from what was asked, by how many of a hundred gaps are nearer. */
  readonly p50ErrorMs: number | undefined
  readonly p99ErrorMs: number | undefined
  readonly maxErrorMs: number
  /** How much later than the first token plus all gaps the last one came, at the worst. */
  readonly maxDriftMs: number
  /** The maximum growth of the server's memory. */
  readonly grownBytes: number | undefined
  /** Processor time of the server. */
  readonly cpuMs: number | undefined
  /** The share of a core that the server used. */
  readonly cpuShare: number | undefined
}

/** Two come before the first token (the prompt's filter results, the role) and two after the last (finish, `[DONE]`). */
const eventsBefore = 2
const eventsAfter = 2
const newline = 10
const eventEnd = Buffer.from('\n\n')
const chunkEnd = '\r\n'.length
/** Streams start over so long, as they would in life. */
const startMs = 1_000
const binMs = 0.1
const bins = 100_000

type Stream = { events: number; isAfterNewline: boolean; firstAtMs: number; lastAtMs: number; isOver: boolean }

export async function runPaced({ port, pid, streams: count, tokens }: PacedJob): Promise<PacedOutcome> {
  const request = pacedRequest(tokens)
  const histogram = new Uint32Array(bins)
  let maxErrorMs = 0
  let problem: Error | undefined
  let over = 0

  const take = (stream: Stream, buffer: Buffer, bytes: number) => {
    const atMs = performance.now()
    // An event ends with two newlines; they may come in two pieces. No event holds one, nor do the heads two in a row.
    let at = 0
    if (stream.isAfterNewline && buffer[0] === newline) {
      onEvent(stream, atMs)
      at = 1
    }
    // Behind the end of a chunk there is nothing to be looked for: the buffer is long, and what is left in it is old.
    while (at === 0 || at < bytes - chunkEnd) {
      const found = buffer.indexOf(eventEnd, at)
      if (found < 0 || found + 1 >= bytes) break
      onEvent(stream, atMs)
      at = found + eventEnd.length
    }
    stream.isAfterNewline = at < bytes && buffer[bytes - 1] === newline
  }

  const onEvent = (stream: Stream, atMs: number) => {
    const token = stream.events++ - eventsBefore
    if (token < 0 || token >= tokens) return
    if (token === 0) stream.firstAtMs = atMs
    else {
      const errorMs = Math.abs(atMs - stream.lastAtMs - paceTokenMs)
      histogram[Math.min(bins - 1, Math.floor(errorMs / binMs))]!++
      if (errorMs > maxErrorMs) maxErrorMs = errorMs
    }
    stream.lastAtMs = atMs
  }

  const streams: Stream[] = []
  const open: Connection[] = []
  const openOne = async () => {
    const stream = { events: 0, isAfterNewline: false, firstAtMs: 0, lastAtMs: 0, isOver: false }
    streams.push(stream)
    const connection = await openConnection(port, {
      onBytes: (buffer, bytes) => take(stream, buffer, bytes),
      onAnswer: (status) => {
        if (status !== 200) problem ??= new Error(`A stream was answered with ${status}`)
        stream.isOver = true
        over++
      },
      onError: (error) => (problem ??= error),
    })
    open.push(connection)
  }

  const before = residentBytes(pid)
  let peak = before
  const sample = setInterval(() => {
    const resident = residentBytes(pid)
    if (resident !== undefined && resident > (peak ?? 0)) peak = resident
  }, 500)
  while (open.length < count) await Promise.all(Array.from({ length: Math.min(100, count - open.length) }, openOne))
  const sleepAgain = stayAwake()
  const cpuBeforeMs = cpuMs(pid)
  const startedAtMs = performance.now()
  for (let sent = 0; sent < count;) {
    const due = Math.min(count, Math.ceil(((performance.now() - startedAtMs) / startMs) * count))
    while (sent < due) open[sent++]!.send(request)
    await sleep(5)
  }
  // A server that cannot keep up ends late; one that never ends is not waited for.
  const giveUpAtMs = startedAtMs + 2 * (startMs + tokens * paceTokenMs) + 10_000
  while (over < count && problem === undefined && performance.now() < giveUpAtMs) await sleep(50)
  const tookMs = performance.now() - startedAtMs
  const cpuAfterMs = cpuMs(pid)
  clearInterval(sample)
  sleepAgain()
  for (const connection of open) connection.close()
  if (problem) throw problem

  const gaps = tokens - 1
  const means = streams.map(({ firstAtMs, lastAtMs }) => (lastAtMs - firstAtMs) / gaps)
  return {
    events: streams.reduce((sum, { events }) => sum + events, 0),
    expectedEvents: count * (tokens + eventsBefore + eventsAfter),
    meanGapMs: means.reduce((sum, mean) => sum + mean, 0) / count,
    p50ErrorMs: percentile(histogram, 0.5),
    p99ErrorMs: percentile(histogram, 0.99),
    maxErrorMs,
    maxDriftMs: Math.max(...means.map((mean) => Math.abs(mean - paceTokenMs) * gaps)),
    grownBytes: before === undefined || peak === undefined ? undefined : peak - before,
    cpuMs: cpuBeforeMs === undefined || cpuAfterMs === undefined ? undefined : cpuAfterMs - cpuBeforeMs,
    cpuShare: cpuBeforeMs === undefined || cpuAfterMs === undefined ? undefined : (cpuAfterMs - cpuBeforeMs) / tookMs,
  }
}

/** The upper edge of the bin. */
function percentile(histogram: Uint32Array, share: number): number | undefined {
  const total = histogram.reduce((sum, count) => sum + count, 0)
  let seen = 0
  for (const [bin, count] of histogram.entries()) {
    seen += count
    if (seen >= share * total) return (bin + 1) * binMs
  }
  return undefined
}
