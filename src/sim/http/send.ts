/** Sends a plan: each frame at its time, no faster than the client reads, and no longer than it listens. */
import { type Clock, type Timer, until } from '../clock.ts'
import type { Frame, Plan, SimResponse, Sink, StreamBody } from '../types.ts'

export type Sending = {
  readonly clock: Clock
  readonly receivedAtMs: number
  readonly signal: AbortSignal | undefined
  readonly headers: (bytes: number | undefined) => Readonly<Record<string, string>>
  /** Called once, when all was sent (true), or when the client left before that or the plan broke (false). */
  readonly onEnd: (isWhole: boolean) => void
  /** Told of a plan that throws: the client sees its stream end. */
  readonly report: (error: unknown) => void
}

/** Resolves when the first byte is due: until then an answer can still become another one. */
export async function send(plan: Plan, sending: Sending): Promise<SimResponse> {
  const { clock, receivedAtMs, signal, headers, onEnd } = sending
  if (plan.body.kind === 'whole') {
    const { atMs, data } = plan.body
    if (atMs > 0) await until(clock, receivedAtMs + atMs, signal)
    onEnd(signal?.aborted !== true)
    return {
      status: plan.status,
      headers: headers(typeof data === 'string' ? Buffer.byteLength(data) : data.length),
      body: data,
    }
  }
  if (plan.body.kind === 'live') throw new Error('A live plan is sent by the mode that makes it')
  const frames = plan.body.frames[Symbol.iterator]()
  const first = frames.next()
  const firstAtMs = first.done === true ? 0 : first.value.atMs
  if (firstAtMs > 0) await until(clock, receivedAtMs + firstAtMs, signal)
  const head = { status: plan.status, headers: headers(undefined) }
  if (signal?.aborted !== true) return { ...head, body: pacedBody(first, frames, sending) }
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
