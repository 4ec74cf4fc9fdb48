/**
 * Background responses. Nothing runs: the times at which a response begins and ends are drawn when it is created, and its status
 * follows from the clock. Its stream is made again, with the same events, for each reader.
 */
import type { Pace } from '../../operation.ts'
import { type Random, seededRandom } from '../../random.ts'
import { schedule, wholeMs } from '../../timing/schedule.ts'
import { draw } from '../../timing/spread.ts'
import type { Frame } from '../../types.ts'
import type { Door } from './doors.ts'
import type { ResponseView } from './envelope.ts'
import { type Background, finalStatus, type ResponseRecord } from './record.ts'
import { responseEvents } from './stream.ts'

export function startBackground(startedAtMs: number, units: number, pace: Pace, random: Random): Background {
  const queueMs = Math.max(0, draw(pace.config.responses.queueTimeMs, random))
  const seed = random.uint32()
  const endMs = queueMs + wholeMs(pace.latency, units, seededRandom(seed))
  return { startedAtMs, queueMs, endMs, latency: pace.latency, seed, cancelledAtMs: undefined }
}

/** The status of a response at that time. */
export function viewAt(record: ResponseRecord, nowMs: number): ResponseView {
  const { background, completedAtSeconds } = record
  if (!background) return { status: finalStatus(record), completedAtSeconds }
  const { startedAtMs, queueMs, endMs, cancelledAtMs } = background
  if (cancelledAtMs !== undefined) return { status: 'cancelled', completedAtSeconds: null }
  const elapsedMs = nowMs - startedAtMs
  if (elapsedMs < queueMs) return { status: 'queued', completedAtSeconds: null }
  if (elapsedMs < endMs) return { status: 'in_progress', completedAtSeconds: null }
  const status = finalStatus(record)
  const seconds = Math.floor((startedAtMs + endMs) / 1000)
  return { status, completedAtSeconds: status === 'completed' ? seconds : null }
}

export type StreamReading = {
  /** Times of frames count from here. */
  readonly fromMs: number
  /** The number of the last event that the reader has. */
  readonly startingAfter: number
  readonly door: Door
  readonly isReplay?: boolean
}

/** The stream of a response in the background: what has passed at once, the rest as it comes. */
export function* backgroundFrames(
  record: ResponseRecord,
  { fromMs, startingAfter, door, isReplay = false }: StreamReading,
): Generator<Frame> {
  const { background } = record
  if (!background) return
  const { startedAtMs, queueMs, endMs, latency, seed } = background
  const events = responseEvents(record, {
    // No background stream was padded (recorded January and February 2026).
    pad: undefined,
    door,
    isReplay,
    nowSeconds: () => Math.floor((startedAtMs + endMs) / 1000),
  })
  let number = 0
  for (const { atMs, data } of schedule(events, latency, seededRandom(seed))) {
    // The events of creation and queueing come at once, the third one before the first token.
    const sinceStartMs = number < 2 ? 0 : number === 2 ? queueMs : queueMs + atMs
    if (background.cancelledAtMs !== undefined && startedAtMs + sinceStartMs > background.cancelledAtMs) return
    if (number++ > startingAfter) yield { atMs: Math.max(0, startedAtMs + sinceStartMs - fromMs), data }
  }
}
