/** An answer on its way through a fault: its pieces come in at their times, and what the fault makes of them goes out. */
import { textOf } from '../base/text-of.ts'
import type { Clock, Timer } from '../clock.ts'
import { EventSplitter } from '../base/event-splitter.ts'
import type { Frame, LiveBody, LiveReader, Plan } from '../types.ts'
import type { FaultContext } from './fault.ts'

/** What a fault can do with what goes out. */
export type Out = {
  readonly send: (data: Uint8Array | string) => void
  /** Nothing goes out for so long; what comes meanwhile goes out after it. */
  readonly wait: (ms: number) => void
  /** The answer ends here, as if it were whole. */
  readonly end: () => void
  /** The connection breaks here. */
  readonly cut: () => void
  /** Nothing goes out any more, and the connection stays. */
  readonly hang: () => void
}

export type Step = {
  /** One event with its blank line, of a stream of events; else bytes as they come. */
  readonly piece: (data: Buffer, out: Out) => void
  /** All has come. */
  readonly end?: (out: Out) => void
  /** The time has come that was asked for. */
  readonly due?: (out: Out) => void
}

/** The same answer, each piece passed through a step that is made for it. `dueMs` counts from the request's arrival. */
export function reshape(plan: Plan, context: FaultContext, make: () => Step, dueMs?: number): Plan {
  const { body } = plan
  const { source, atMs } = sourceOf(plan, context)
  const flow = new Flow(source, { context, dueMs, make, isWanted: plan.isRelayed === true, splits: isEvents(plan) })
  const usage = body.kind === 'live' ? body.usage : () => plan.usage
  const bytes = body.kind === 'whole' ? bufferOf(body.data).length : undefined
  return { ...plan, body: { kind: 'live', source: flow, usage, atMs, bytes } }
}

export const isEvents = ({ contentType, body }: Plan) =>
  body.kind !== 'whole' && /^text\/event-stream/i.test(contentType)

export const bufferOf = (data: string | Uint8Array): Buffer =>
  typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)

/** Lets go of an answer that nobody will see. What a service sends is read to its end, as it may be recorded. */
export function discard({ body, isRelayed }: Plan): void {
  if (body.kind === 'stream') body.frames[Symbol.iterator]().return?.()
  else if (body.kind === 'live' && isRelayed) body.source.start({ data() {}, end() {}, fail() {} })
  else if (body.kind === 'live') body.source.cancel()
}

function sourceOf({ body }: Plan, { clock, receivedAtMs }: FaultContext): { source: LiveBody; atMs: number } {
  if (body.kind === 'live') return { source: body.source, atMs: body.atMs ?? 0 }
  if (body.kind === 'whole') {
    const frames = [{ atMs: body.atMs, data: body.data }]
    return { source: new Frames(frames[Symbol.iterator](), { clock, receivedAtMs }), atMs: body.atMs }
  }
  const frames = new Frames(body.frames[Symbol.iterator](), { clock, receivedAtMs })
  return { source: frames, atMs: frames.firstAtMs }
}

type LastHeld = { readonly beforeLast: () => Promise<void> }

/** A plan's frames as a body that arrives. */
export class Frames implements LiveBody {
  readonly firstAtMs: number
  readonly #beforeLast: (() => Promise<void>) | undefined
  #isLastHeld = false
  #frame: IteratorResult<Frame>
  readonly #frames: Iterator<Frame>
  readonly #timer: Timer
  readonly #clock: Clock
  readonly #receivedAtMs: number
  #reader: LiveReader | undefined
  #isHeld = false

  /** The last frame waits for `beforeLast`. */
  constructor(
    frames: Iterator<Frame>,
    { clock, receivedAtMs, beforeLast }: Pick<FaultContext, 'clock' | 'receivedAtMs'> & Partial<LastHeld>,
  ) {
    this.#frames = frames
    this.#beforeLast = beforeLast
    this.#clock = clock
    this.#receivedAtMs = receivedAtMs
    this.#frame = frames.next()
    this.firstAtMs = this.#frame.done === true ? 0 : this.#frame.value.atMs
    this.#timer = clock.timer(() => this.#run())
  }

  start(reader: LiveReader): void {
    this.#reader = reader
    this.#run()
  }

  pause(): void {
    this.#isHeld = true
    this.#timer.cancel()
  }

  resume(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    this.#run()
  }

  cancel(): void {
    this.#timer.cancel()
    this.#reader = undefined
    this.#frames.return?.()
  }

  #run(): void {
    try {
      while (this.#reader && !this.#isHeld && !this.#isLastHeld) {
        const frame = this.#frame
        if (frame.done === true) {
          const reader = this.#reader
          this.#reader = undefined
          reader.end()
          return
        }
        const dueMs = this.#receivedAtMs + frame.value.atMs
        if (dueMs > this.#clock.now()) {
          this.#timer.set(dueMs)
          return
        }
        const bytes = bufferOf(frame.value.data)
        this.#frame = this.#frames.next()
        if (this.#frame.done === true && this.#beforeLast) {
          void this.#last(bytes, this.#beforeLast)
          return
        }
        this.#reader.data(bytes)
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  async #last(bytes: Uint8Array, before: () => Promise<void>): Promise<void> {
    this.#isLastHeld = true
    try {
      await before()
      this.#isLastHeld = false
      this.#reader?.data(bytes)
      this.#run()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#reader?.fail(error instanceof Error ? error : new Error(textOf(error)))
    this.#reader = undefined
  }
}

type Action = Uint8Array | number | 'end' | 'cut' | 'hang'

type Options = {
  readonly context: FaultContext
  readonly dueMs: number | undefined
  readonly make: () => Step
  /** What comes is read to its end, whatever becomes of the client. */
  readonly isWanted: boolean
  readonly splits: boolean
}

/** What may wait to go out before what comes in is held up. */
const maxWaiting = 256

class Flow implements LiveBody {
  readonly #source: LiveBody
  readonly #options: Options
  #actions: Action[] = []
  /** Of the actions, the next. */
  #next = 0
  readonly #timer: Timer
  readonly #due: Timer
  #reader: LiveReader | undefined
  #isWaiting = false
  #waitedUntilMs: number | undefined
  #isHeld = false
  #isSourceHeld = false
  #isOver = false

  constructor(source: LiveBody, options: Options) {
    this.#source = source
    this.#options = options
    const { clock } = options.context
    this.#timer = clock.timer(() => {
      this.#isWaiting = false
      this.#run()
    })
    this.#due = clock.timer(() => this.#step?.due?.(this.#out))
  }

  #step: Step | undefined

  readonly #out: Out = {
    send: (data) => this.#add(bufferOf(data)),
    wait: (ms) => this.#add(ms),
    end: () => this.#add('end'),
    cut: () => this.#add('cut'),
    hang: () => this.#add('hang'),
  }

  start(reader: LiveReader): void {
    this.#reader = reader
    const { make, dueMs, splits, context } = this.#options
    const step = (this.#step = make())
    const splitter = splits ? new EventSplitter() : undefined
    if (dueMs !== undefined) this.#due.set(context.receivedAtMs + dueMs)
    const pass = (bytes: Uint8Array) => {
      if (!this.#isOver) step.piece(bufferOf(bytes), this.#out)
    }
    this.#source.start({
      data: (bytes) => {
        if (splitter) for (const event of splitter.push(bytes)) pass(event)
        else pass(bytes)
      },
      end: () => {
        const rest = splitter?.rest()
        if (rest) pass(rest)
        if (!this.#isOver) step.end?.(this.#out)
        this.#add('end')
      },
      fail: (reason, isTold) => {
        if (this.#isOver) return
        this.#finish()
        this.#reader?.fail(reason, isTold)
      },
    })
  }

  pause(): void {
    this.#isHeld = true
  }

  resume(): void {
    this.#isHeld = false
    this.#run()
  }

  cancel(): void {
    this.#finish()
    this.#source.cancel()
  }

  #add(action: Action): void {
    if (this.#isOver) return
    this.#actions.push(action)
    this.#run()
    if (this.#actions.length - this.#next > maxWaiting && !this.#isSourceHeld && !this.#options.isWanted) {
      this.#isSourceHeld = true
      this.#source.pause()
    }
  }

  #run(): void {
    const reader = this.#reader
    while (reader && !this.#isOver && !this.#isWaiting && !this.#isHeld) {
      const action = this.#actions[this.#next]
      if (action === undefined) {
        this.#waitedUntilMs = undefined
        break
      }
      this.#next++
      if (typeof action === 'number') this.#wait(action)
      else if (typeof action !== 'string') reader.data(action)
      else if (action === 'hang') this.#isWaiting = true
      else {
        this.#finish()
        if (action === 'end') reader.end()
        else reader.fail(new Error('The connection is broken off on purpose.'))
        if (!this.#options.isWanted) this.#source.cancel()
      }
    }
    if (this.#next === this.#actions.length) {
      this.#actions = []
      this.#next = 0
    }
    if (!this.#isSourceHeld || this.#actions.length - this.#next > maxWaiting / 2) return
    this.#isSourceHeld = false
    this.#source.resume()
  }

  /** Waits that follow each other are kept on the whole, however late a timer is. */
  #wait(ms: number): void {
    const nowMs = this.#options.context.clock.now()
    const untilMs = (this.#waitedUntilMs ?? nowMs) + ms
    this.#waitedUntilMs = untilMs
    if (untilMs <= nowMs) return
    this.#isWaiting = true
    this.#timer.set(untilMs)
  }

  #finish(): void {
    this.#isOver = true
    this.#timer.cancel()
    this.#due.cancel()
    this.#actions = []
    this.#next = 0
  }
}
