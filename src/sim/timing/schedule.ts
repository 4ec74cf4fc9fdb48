/** When each piece of an answer comes: the time to the first token, then one inter-token latency after another. */
import type { Random } from '../random.ts'
import type { Frame, Latency, Spread, StreamEvent } from '../types.ts'

/**
 * Milliseconds from the request's arrival to each unit in turn. A draw below zero shortens what follows, so the mean
 * stays exactly what was asked for; times never go back.
 */
class UnitTimes {
  private dueMs = 0
  /** When the last unit comes that was asked for. */
  protected latestMs = 0
  private spread: Spread
  private readonly unitMs: Spread
  private readonly random: Random

  constructor({ firstMs, unitMs }: Latency, random: Random) {
    this.spread = firstMs ?? unitMs
    this.unitMs = unitMs
    this.random = random
  }

  nextMs(): number {
    this.dueMs += draw(this.spread, this.random)
    this.spread = this.unitMs
    if (this.dueMs > this.latestMs) this.latestMs = this.dueMs
    return this.latestMs
  }
}

/** How long an answer of `units` takes that is sent whole: as long as its stream would. A part of a unit counts as that. */
export function wholeMs(latency: Latency, units: number, random: Random): number {
  if (isConstant(latency)) return constantMs(latency, units)
  const times = new UnitTimes(latency, random)
  let atMs = 0
  for (let unit = 1; unit <= units; unit++) atMs = times.nextMs()
  const part = units % 1
  return part === 0 ? atMs : atMs + Math.max(0, part * draw(latency.unitMs, random))
}

/** Gives each event its time. What carries no token comes with what went before it, the first ones with the first token. */
export const schedule = (events: Iterable<StreamEvent>, latency: Latency, random: Random): Iterable<Frame> =>
  new Schedule(events[Symbol.iterator](), latency, random)

/** By hand, and not a generator: each event of thousands of streams passes here. */
class Schedule extends UnitTimes implements Iterator<Frame, undefined>, Iterable<Frame> {
  private readonly events: Iterator<StreamEvent>
  private isFirst = true

  constructor(events: Iterator<StreamEvent>, latency: Latency, random: Random) {
    super(latency, random)
    this.events = events
    this.nextMs()
  }

  next(): IteratorResult<Frame, undefined> {
    const event = this.events.next()
    if (event.done === true) return { done: true, value: undefined }
    const { tokens, data, isAscii = false } = event.value
    for (let token = 0; token < tokens; token++) {
      if (this.isFirst) this.isFirst = false
      else this.nextMs()
    }
    return { done: false, value: { atMs: this.latestMs, data, isAscii } }
  }

  return(): IteratorResult<Frame, undefined> {
    this.events.return?.()
    return { done: true, value: undefined }
  }

  [Symbol.iterator](): this {
    return this
  }
}

const draw = ({ mean, stdDev }: Spread, random: Random) => (stdDev === 0 ? mean : mean + stdDev * random.normal())

const isConstant = ({ firstMs, unitMs }: Latency) => unitMs.stdDev === 0 && (firstMs?.stdDev ?? 0) === 0

const constantMs = ({ firstMs, unitMs }: Latency, units: number) =>
  firstMs === undefined || units === 0 ? units * unitMs.mean : firstMs.mean + (units - 1) * unitMs.mean
