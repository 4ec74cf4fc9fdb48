/** Sends a plan: each frame at its time, no faster than the client reads, and no longer than it listens. */
import { type Clock, type Timer, until } from '../clock.ts'
import type { Frame, Plan, SimResponse, Sink, StreamBody, Usage } from '../types.ts'

export type Sending = {
  readonly clock: Clock
  readonly receivedAtMs: number
  readonly signal: () => AbortSignal | undefined
  readonly headers: (bytes: number | undefined) => Readonly<Record<string, string>>
  /**
   * Called once, when all was sent (true), or when the client left before that or the plan broke (false). Of a live
   * plan, also with what is known by then alone.
   */
  readonly onEnd: (isWhole: boolean, live?: LiveEnd) => void
  /** Told of a plan that throws: the client sees its stream end. */
  readonly report: (error: unknown) => void
}

export type LiveEnd = {
  readonly usage: Usage
  /** It was the service that broke the answer off, and not the client that left. */
  readonly isBroken: boolean
}

/** Resolves when the first byte is due: until then an answer can still become another one. */
export async function send(plan: Plan, sending: Sending): Promise<SimResponse> {
  const { clock, receivedAtMs, signal, headers, onEnd } = sending
  if (plan.body.kind === 'whole') {
    const { atMs, data } = plan.body
    if (atMs > 0) await until(clock, receivedAtMs + atMs, signal())
    onEnd(atMs === 0 || signal()?.aborted !== true)
    return {
      status: plan.status,
      headers: headers(typeof data === 'string' ? Buffer.byteLength(data) : data.length),
      body: data,
    }
  }
  if (plan.body.kind === 'live')
    return { status: plan.status, headers: headers(undefined), body: liveBody(plan.body, sending) }
  const frames = plan.body.frames[Symbol.iterator]()
  const first = frames.next()
  const firstAtMs = first.done === true ? 0 : first.value.atMs
  if (firstAtMs > 0) await until(clock, receivedAtMs + firstAtMs, signal())
  const head = { status: plan.status, headers: headers(undefined) }
  if (firstAtMs === 0 || signal()?.aborted !== true) return { ...head, body: pacedBody(first, frames, sending) }
  frames.return?.()
  onEnd(false)
  return head
}

/** The most that goes out in one write, so that a slow reader is noticed soon. */
const writeCharacters = 65_536

function pacedBody(first: IteratorResult<Frame>, frames: Iterator<Frame>, sending: Sending): StreamBody {
  const { clock, receivedAtMs, onEnd, report } = sending
  return (sink) => {
    let next = first
    let isOver = false

    const finish = (isWhole: boolean) => {
      if (isOver) return
      isOver = true
      timer.cancel()
      onEnd(isWhole)
    }

    /** Writes all that is due. False when the client has to catch up first. */
    const writeDue = (out: Sink): boolean => {
      const elapsedMs = clock.now() - receivedAtMs
      let due = ''
      while (next.done !== true && next.value.atMs <= elapsedMs) {
        const { data } = next.value
        next = frames.next()
        if (typeof data === 'string') {
          due += data
          if (due.length < writeCharacters) continue
        } else {
          if (due !== '') out.write(due)
          due = ''
          if (out.write(data)) continue
          return false
        }
        const hasRoom = out.write(due)
        due = ''
        if (!hasRoom) return false
      }
      return due === '' || out.write(due)
    }

    const turn = () => {
      if (isOver) return
      try {
        const hasRoom = writeDue(sink)
        if (next.done === true) {
          sink.end()
          finish(true)
        } else if (hasRoom) timer.set(receivedAtMs + next.value.atMs)
        else sink.onDrain(turn)
      } catch (error) {
        report(error)
        finish(false)
        sink.end()
      }
    }

    const timer: Timer = clock.timer(turn)
    sink.onClose(() => {
      if (isOver) return
      finish(false)
      frames.return?.()
    })
    turn()
  }
}

type LivePlan = Extract<Plan['body'], { kind: 'live' }>

/** As it arrives: whoever sends is held up while the client does not keep up, and stopped when it leaves. */
function liveBody({ source, usage }: LivePlan, { onEnd }: Sending): StreamBody {
  return (sink) => {
    let isOver = false
    const finish = (isWhole: boolean, isBroken: boolean) => {
      isOver = true
      onEnd(isWhole, { usage: usage() ?? { promptTokens: 0, completionTokens: 0 }, isBroken })
    }
    sink.onClose(() => {
      if (isOver) return
      source.cancel()
      finish(false, false)
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
        finish(true, false)
      },
      fail(_reason, isTold) {
        if (isOver) return
        if (!isTold && sink.cut) sink.cut()
        else sink.end()
        finish(false, true)
      },
    })
  }
}
