/** Sends a plan: each frame at its time, no faster than the client reads, and no longer than it listens. */
import { type Clock, type Timer, until } from '../clock.ts'
import type { Frame, Plan, SimRequest, SimResponse, Sink, StreamBody, Usage } from '../types.ts'
import { noUsage } from '../base/no-usage.ts'

export type Sending = {
  readonly clock: Clock
  readonly receivedAtMs: number
  readonly request: Pick<SimRequest, 'signal' | 'onGone'>
  readonly headers: (bytes: number | undefined) => Readonly<Record<string, string>>
  /**
   * Called once, when all was sent (true), or when the client left before that or the plan broke (false). Of a live
   * plan, also with what is known by then alone; of a stream that was left, with how many tokens had been sent.
   */
  readonly onEnd: (isWhole: boolean, live?: LiveEnd, sentTokens?: number) => void
  /** Told of a plan that throws: the client sees its stream end. */
  readonly report: (error: unknown) => void
}

export type LiveEnd = {
  readonly usage: Usage
  /** Why whoever sends it broke it off; absent where the client left. */
  readonly brokenBy: Error | undefined
}

/** Gives the answer when its first byte is due: until then it can still become another one. */
export function send(plan: Plan, sending: Sending): SimResponse | Promise<SimResponse> {
  const { status, body } = plan
  const { headers, onEnd } = sending
  if (body.kind === 'whole') {
    const { atMs, data } = body
    const bytes = body.bytes ?? (typeof data === 'string' ? Buffer.byteLength(data) : data.length)
    const whole = (isThere: boolean): SimResponse => {
      onEnd(isThere)
      const answer = { status, headers: headers(bytes), body: data }
      return plan.isReset ? { ...answer, isReset: true } : answer
    }
    return atMs <= 0 ? whole(true) : isThereAt(atMs, sending).then(whole)
  }
  if (body.kind === 'live') {
    const { atMs = 0, bytes, source } = body
    const live = (isThere: boolean): SimResponse => {
      const head = { status, headers: headers(bytes) }
      if (isThere) return { ...head, body: liveBody(body, sending) }
      source.cancel()
      onEnd(false)
      return head
    }
    return atMs <= 0 ? live(true) : isThereAt(atMs, sending).then(live)
  }
  const frames = body.frames[Symbol.iterator]()
  const first = frames.next()
  const begin = (isThere: boolean): SimResponse => {
    const head = { status, headers: headers(undefined) }
    if (isThere) return { ...head, body: (sink) => new Paced(first, frames, sending).start(sink) }
    frames.return?.()
    onEnd(false)
    return head
  }
  const firstAtMs = first.done === true ? 0 : first.value.atMs
  return firstAtMs <= 0 ? begin(true) : isThereAt(firstAtMs, sending).then(begin)
}

/** Waits until `atMs` after the request came, or until its client has gone; false then. */
async function isThereAt(atMs: number, { clock, receivedAtMs, request }: Sending): Promise<boolean> {
  const dueMs = receivedAtMs + atMs
  if (!request.onGone) {
    const { signal } = request
    await until(clock, dueMs, signal)
    return signal?.aborted !== true
  }
  return new Promise((resolve) => {
    const timer = clock.timer(() => {
      forget?.()
      resolve(true)
    })
    timer.set(dueMs)
    const forget = request.onGone?.(() => {
      timer.cancel()
      resolve(false)
    })
  })
}

/** The most that goes out in one write, so that a slow reader is noticed soon. */
const writeCharacters = 65_536

/** The longest that one stream keeps the thread while its client keeps up. */
const sliceMs = 5

/** Of shorter gaps nobody sees whether they are kept: what of them is due comes in one. */
const seenGapMs = 8
/** A stream that is later than this has a core that can do no more: what is due goes out together. */
const maxLateMs = 100
/** How much of a gap is kept while a stream catches up. */
const keptShare = 0.75

/**
 * When the frame that is due at `nextMs` goes out after one that was due at `atMs` and goes out at `nowMs`. A stream that
 * was held up, by a collection of garbage or by more to do than its core can, would send two or more at once to be in
 * time again, and its client would see no gap after one that was too long; it catches up gap by gap.
 */
function sendAtMs(atMs: number, nextMs: number, nowMs: number): number {
  const gapMs = nextMs - atMs
  if (gapMs < seenGapMs || nowMs - nextMs > maxLateMs) return nextMs
  return Math.max(nextMs, nowMs + keptShare * gapMs)
}

/** A stream on its way. One object each, and no more of its request than its end needs: there are thousands at once. */
class Paced {
  /** The next to be sent; none behind the last. */
  private frame: Frame | undefined
  /** When that one goes out, counted from the request: when it is due, or a little later. */
  private nextAtMs: number
  private readonly frames: Iterator<Frame>
  private readonly sending: Sending
  private readonly receivedAtMs: number
  private readonly timer: Timer
  private sink: Sink | undefined

  constructor(first: IteratorResult<Frame>, frames: Iterator<Frame>, sending: Sending) {
    this.frame = first.done === true ? undefined : first.value
    this.nextAtMs = this.frame?.atMs ?? 0
    this.frames = frames
    this.sending = sending
    this.receivedAtMs = sending.receivedAtMs
    this.timer = sending.clock.timer(sendDue, this)
  }

  start(sink: Sink): void {
    this.sink = sink
    sink.onClose(() => {
      if (!this.sink) return
      this.finish(false)
      this.frames.return?.()
    })
    this.sendDue(this.sending.clock.now())
  }

  private finish(isWhole: boolean): void {
    if (!this.sink) return
    this.sink = undefined
    this.timer.cancel()
    this.sending.onEnd(isWhole, undefined, isWhole ? undefined : this.frame?.tokensBefore)
  }

  sendDue(nowMs: number): void {
    const { sink } = this
    if (!sink) return
    try {
      const hasRoom = this.writeDue(sink, nowMs)
      if (this.frame === undefined) {
        sink.end()
        this.finish(true)
      } else if (hasRoom) {
        const dueMs = this.receivedAtMs + this.nextAtMs
        // What is left of what was due goes out in the next turn.
        this.timer.set(dueMs > nowMs ? dueMs : this.sending.clock.now())
      } else sink.onDrain(() => this.sendDue(this.sending.clock.now()))
    } catch (error) {
      this.sending.report(error)
      this.finish(false)
      sink.end()
    }
  }

  /** Where much is due at once, others have a turn before the rest. */
  private isLong(beganAtMs: number): boolean {
    return this.sending.clock.now() - this.receivedAtMs - beganAtMs > sliceMs
  }

  /** Writes what is due now. False when the client has to catch up first. */
  private writeDue(sink: Sink, nowMs: number): boolean {
    const elapsedMs = nowMs - this.receivedAtMs
    let due = ''
    let isAscii = true
    // Added up as the timer is set, so that parts of a millisecond make no timer come before its time.
    while (this.frame !== undefined && this.receivedAtMs + this.nextAtMs <= nowMs) {
      const { atMs, data } = this.frame
      isAscii &&= this.frame.isAscii === true
      const next = this.frames.next()
      if (next.done === true) this.frame = undefined
      else {
        this.frame = next.value
        this.nextAtMs = sendAtMs(atMs, next.value.atMs, elapsedMs)
      }
      if (typeof data === 'string') {
        due += data
        if (due.length < writeCharacters) continue
      } else {
        if (due !== '') sink.write(due)
        due = ''
        if (!sink.write(data)) return false
        if (this.isLong(elapsedMs)) return true
        continue
      }
      const hasRoom = sink.write(due, isAscii)
      due = ''
      isAscii = true
      if (!hasRoom) return false
      if (this.isLong(elapsedMs)) return true
    }
    return due === '' || sink.write(due, isAscii)
  }
}

const sendDue = (paced: Paced, nowMs: number) => paced.sendDue(nowMs)

type LivePlan = Extract<Plan['body'], { kind: 'live' }>

/** As it arrives: whoever sends is held up while the client does not keep up, and stopped when it leaves. */
function liveBody({ source, usage }: LivePlan, { onEnd }: Sending): StreamBody {
  return (sink) => {
    let isOver = false
    const finish = (isWhole: boolean, brokenBy?: Error) => {
      isOver = true
      onEnd(isWhole, { usage: usage() ?? noUsage, brokenBy })
    }
    sink.onClose(() => {
      if (isOver) return
      source.cancel()
      finish(false)
    })
    source.start({
      data(bytes) {
        if (isOver || sink.write(bytes)) return
        source.pause()
        sink.onDrain(() => source.resume())
      },
      end() {
        if (isOver) return
        sink.end()
        finish(true)
      },
      fail(reason, isTold) {
        if (isOver) return
        if (!isTold && sink.cut) sink.cut()
        else sink.end()
        finish(false, reason)
      },
    })
  }
}

/** For an answer that nobody will get: a stream must be told, or it would never count as ended. */
export function dropAnswer({ body }: SimResponse): void {
  if (typeof body === 'function') body(goneSink)
}

/** Takes everything, sends nothing, and says at once that the client has gone. */
const goneSink: Sink = {
  write: () => true,
  onDrain: queueMicrotask,
  end() {
    // There is nobody to tell.
  },
  onClose: queueMicrotask,
}
