/** A stream as the default content filter lets it go: tokens are gathered, looked at, and sent together. */
import { OwnItems } from '../base/own-items.ts'
import type { Random } from '../random.ts'
import type { Frame, Latency, StreamEvent } from '../types.ts'
import { gathered } from './measured-2026.ts'
import { draw } from './spread.ts'
import { UnitTimes } from './unit-times.ts'

export type Gathering = {
  /** How many tokens the stream has. */
  readonly tokens: number
  /** Thought before the text: nobody looks at them. */
  readonly hiddenTokens: number
  readonly latency: Latency
  /** The check is so many times as long, as all latencies are. */
  readonly factor: number
}

/** Gives each event the time at which its burst goes out. */
export const inBursts = (events: Iterable<StreamEvent>, about: Gathering, random: Random): Iterable<Frame> =>
  new Bursts(events, about, random)

/** Itself the frame of each event in turn, as `Schedule` is. */
class Bursts extends OwnItems<Frame> implements Frame {
  atMs: number
  tokensBefore = 0
  private seen = 0
  /** The last token of the present burst, and of which the time is known. */
  private burstEnd: number
  private timedTokens = 1
  private readonly events: Iterator<StreamEvent>
  private event: StreamEvent | undefined
  private readonly about: Gathering
  private readonly source: Random
  private readonly times: UnitTimes

  constructor(events: Iterable<StreamEvent>, about: Gathering, random: Random) {
    super()
    this.times = new UnitTimes(about.latency, random)
    this.times.nextMs()
    this.atMs = about.latency.headMs ?? this.times.latestMs
    this.burstEnd = about.hiddenTokens
    this.events = events[Symbol.iterator]()
    this.about = about
    this.source = random
  }

  protected advance(): Frame | undefined {
    const next = this.events.next()
    if (next.done === true) return undefined
    if (this.event !== undefined) this.tokensBefore += this.event.tokens
    this.event = next.value
    this.seen += next.value.tokens
    if (next.value.tokens > 0) {
      if (this.seen > this.burstEnd) this.fill()
      else if (this.seen <= this.about.hiddenTokens) this.atMs = Math.max(this.atMs, this.timeOf(this.seen))
    }
    return this
  }

  /** Goes on to the burst in which the token is that was seen last. */
  private fill(): void {
    const { tokens, factor } = this.about
    while (this.seen > this.burstEnd) {
      const more = gathered.minTokens + this.source.below(gathered.maxTokens - gathered.minTokens + 1)
      // Where a stream has more tokens than it was said to have, they are gathered alike.
      this.burstEnd = this.burstEnd < tokens ? Math.min(tokens, this.burstEnd + more) : this.burstEnd + more
    }
    const checkMs = factor === 0 ? 0 : Math.max(0, draw(gathered.checkMs, this.source)) * factor
    this.atMs = Math.max(this.atMs, this.timeOf(this.burstEnd) + checkMs)
  }

  private timeOf(token: number): number {
    for (; this.timedTokens < token; this.timedTokens++) this.times.nextMs()
    return this.times.latestMs
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
