/** When each piece of an answer comes: the time to the first token, then one inter-token latency after another. */
import { OwnItems } from '../base/own-items.ts'
import type { Random } from '../random.ts'
import type { Frame, Latency, StreamEvent } from '../types.ts'
import { draw } from './spread.ts'
import { UnitTimes } from './unit-times.ts'

/** How long an answer of `units` takes that is sent whole: as long as its stream would. A part of a unit counts as that. */
export function wholeMs(latency: Latency, units: number, random: Random): number {
  if (isConstant(latency)) return constantMs(latency, units)
  const times = new UnitTimes(latency, random)
  let atMs = 0
  for (let unit = 1; unit <= units; unit++) atMs = times.nextMs()
  const part = units % 1
  return part === 0 ? atMs : atMs + Math.max(0, part * draw(latency.unitMs, random))
}

/** Gives each event its time. What carries no token comes with what went before it, the first ones with the head. */
export const schedule = (events: Iterable<StreamEvent>, latency: Latency, random: Random): Iterable<Frame> =>
  new Schedule(events, latency, random)

/** Itself the frame of each event in turn, which is over with the next. */
class Schedule extends OwnItems<Frame> implements Frame {
  private readonly events: Iterator<StreamEvent>
  private readonly times: UnitTimes
  private event: StreamEvent | undefined
  private isFirst = true
  /** When what comes before the first token does. */
  private readonly headMs: number
  tokensBefore = 0

  constructor(events: Iterable<StreamEvent>, latency: Latency, random: Random) {
    super()
    this.times = new UnitTimes(latency, random)
    this.times.nextMs()
    this.headMs = latency.headMs ?? this.times.latestMs
    this.events = events[Symbol.iterator]()
  }

  protected advance(): Frame | undefined {
    const next = this.events.next()
    if (next.done === true) return undefined
    if (this.event !== undefined) this.tokensBefore += this.event.tokens
    this.event = next.value
    for (let { tokens } = next.value; tokens > 0; tokens--) {
      if (this.isFirst) this.isFirst = false
      else this.times.nextMs()
    }
    return this
  }

  get atMs(): number {
    return this.isFirst ? this.headMs : this.times.latestMs
  }

  get data(): string {
    return this.event?.data ?? ''
  }

  get isAscii(): boolean {
    return this.event?.isAscii === true
  }

  protected override close(): void {
    this.events.return?.()
  }
}

const isConstant = ({ firstMs, unitMs }: Latency) => unitMs.stdDev === 0 && (firstMs?.stdDev ?? 0) === 0

const constantMs = ({ firstMs, unitMs }: Latency, units: number) =>
  firstMs === undefined || units === 0 ? units * unitMs.mean : firstMs.mean + (units - 1) * unitMs.mean
