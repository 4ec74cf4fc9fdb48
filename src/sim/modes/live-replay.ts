/** A recorded session: the server's frames at their times, each after what the client had said before it. */
import type { Clock, Timer } from '../clock.ts'
import { objectIn } from '../base/object.ts'
import { textOf } from '../base/text-of.ts'
import type { Log } from '../base/log.ts'
import { type LiveFrame, frameOf } from '../recordings/frames.ts'
import type { RecordedEvent } from '../recordings/interaction.ts'
import type { LiveSession, LiveSocket, OpenSession } from '../types.ts'

type Options = {
  readonly clock: Clock
  readonly log: Log
  /** How many times as fast as recorded; 0 leaves all waits out. */
  readonly speed: number
  readonly name: string | undefined
}

export const replayedSession =
  (events: readonly RecordedEvent[], options: Options): OpenSession =>
  (socket) =>
    new Replayed(
      socket,
      events.map(frameOf).filter((frame) => frame !== undefined),
      options,
    )

/** Of what a client sends ahead. */
const maxWaiting = 10_000
const sound = 'input_audio_buffer.append'

class Replayed implements LiveSession {
  readonly #socket: LiveSocket
  readonly #frames: readonly LiveFrame[]
  readonly #options: Options
  readonly #timer: Timer
  #at = 0
  /** Since when the next frame's time counts. */
  #sinceMs: number
  /** What the client has said, and the recording has not come to yet. */
  readonly #said: { readonly type: string; characters: number }[] = []
  #isOver = false

  constructor(socket: LiveSocket, frames: readonly LiveFrame[], options: Options) {
    this.#socket = socket
    this.#frames = frames
    this.#options = options
    this.#timer = options.clock.timer(() => this.#run())
    this.#sinceMs = options.clock.now()
    this.#run()
  }

  message(text: string): void {
    if (this.#isOver || this.#said.length >= maxWaiting) return
    const [type, characters] = [typeIn(text), text.length]
    const last = this.#said.at(-1)
    // Of sound it matters how much there is, and not in how many pieces.
    if (type === sound && last?.type === sound) last.characters += characters
    else this.#said.push({ type, characters })
    this.#run()
  }

  closed(): void {
    this.#isOver = true
    this.#timer.cancel()
  }

  #run(): void {
    const { clock, speed } = this.#options
    while (!this.#isOver) {
      const frame = this.#frames[this.#at]
      if (!frame) {
        this.#miss()
        return
      }
      if (frame.by === 'client') {
        if (!this.#isSaid(frame.text)) return
        this.#sinceMs = clock.now()
      } else {
        const dueMs = this.#sinceMs + (speed > 0 ? frame.afterMs / speed : 0)
        if (dueMs > clock.now()) {
          this.#timer.set(dueMs)
          return
        }
        this.#sinceMs = dueMs
        if (frame.by === 'server') this.#socket.send(frame.text)
        else this.#close(frame.text)
      }
      this.#at++
    }
  }

  /** Whether the client has said what was said then. */
  #isSaid(text: string): boolean {
    const type = typeIn(text)
    for (;;) {
      const [next] = this.#said
      if (!next) return false
      if (next.type === type) {
        if (type === sound && next.characters > text.length) next.characters -= text.length
        else this.#said.shift()
        return true
      }
      // More sound than then is passed over, and less is enough once something else is said.
      if (next.type === sound) this.#said.shift()
      else if (type === sound) return true
      else this.#refuse(next.type, type)
    }
  }

  /** What is said after the end. */
  #miss(): void {
    for (const { type } of this.#said) if (type !== sound) this.#refuse(type, undefined)
    this.#said.length = 0
  }

  #refuse(type: string, wanted: string | undefined): void {
    this.#said.shift()
    const { name = 'the recording', log } = this.#options
    const message = `${name} has ${wanted === undefined ? 'nothing' : `'${wanted}'`} next, and not '${type.slice(0, 100)}'.`
    log.warn(`A replayed session went another way: ${message}`)
    const error = { type: 'invalid_request_error', code: 'recording_mismatch', message, param: null, event_id: null }
    this.#socket.send(JSON.stringify({ type: 'error', error }))
  }

  #close(text: string): void {
    const { code = 1000, reason = '' } = objectIn(text) ?? {}
    this.#isOver = true
    if (typeof code === 'number' && code !== 1006 && code !== 1005) this.#socket.close(code, textOf(reason))
    else this.#socket.cut()
  }
}

const typeIn = (text: string): string => textOf(objectIn(text)?.['type'] ?? '')
