/** Receives the sound of one session, finds speech in it, and makes items of it. */
import type { JsonObject } from '../../base/object.ts'
import { type Slices, turn as goOnLater } from '../../base/slices.ts'
import type { Timer } from '../../clock.ts'
import { textOf } from '../../base/text-of.ts'
import { loremText } from '../../generators/text/lorem.ts'
import type { AnyCall } from '../../operation.ts'
import type { SessionItem } from './item.ts'
import { tooLittleHeard } from './refusals.ts'
import type { RealtimeSettings } from './settings.ts'
import { soundIn, soundMsOf, wordMs } from './sound.ts'
import { transcriptEvents } from './transcript.ts'
import { detectionIn, VoiceDetector } from './voice-detection.ts'

/** Of a long sound, what is heard between two looks at the clock: whole samples. */
const pieceBytes = 16_384
const eventsAtOnce = 128

/** What `Hearing` needs of its session. */
export type Listener = {
  readonly settings: RealtimeSettings
  readonly tell: (event: JsonObject) => void
  readonly newId: (prefix: string) => string
  /** Also sends the event. */
  readonly add: (item: SessionItem) => void
  readonly lastId: () => string | null
  /** Called when the user begins to speak. */
  readonly interrupted: () => void
  /** Called when it is the model's turn. */
  readonly turn: () => void
}

export class Hearing {
  readonly #call: AnyCall
  readonly #listener: Listener
  readonly #voice = new VoiceDetector()
  readonly #idle: Timer
  #bufferedMs = 0
  #isOver = false
  #speech: { readonly id: string; readonly startMs: number } | undefined

  constructor(call: AnyCall, listener: Listener) {
    this.#call = call
    this.#listener = listener
    this.#idle = call.resource.clock.timer(() => this.#timedOut())
  }

  /** Throws an `ApiError` for invalid sound. */
  append(audio: string): void {
    this.#hear(soundIn(audio, this.#listener.settings.inputFormat))
  }

  /** The same for a long one. Rejects with `ClientGone` where the client has left. */
  async appendLong(audio: string, slices: Slices): Promise<void> {
    const bytes = soundIn(audio, this.#listener.settings.inputFormat)
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      slices.timed(() => this.#hear(bytes.subarray(at, at + pieceBytes)))
      if (slices.isOver()) await slices.turn()
    }
  }

  #hear(bytes: Buffer): void {
    const { settings, tell, newId, interrupted, turn } = this.#listener
    const format = settings.inputFormat
    this.#bufferedMs += soundMsOf(bytes.length, format)
    const { turnDetection } = settings
    const detection = detectionIn(turnDetection)
    for (const { kind, atMs } of this.#voice.hear(bytes, format, detection)) {
      if (kind === 'started') {
        const id = newId('item')
        this.#idle.cancel()
        this.#speech = { id, startMs: atMs }
        tell({ type: 'input_audio_buffer.speech_started', audio_start_ms: atMs, item_id: id })
        if (turnDetection?.['interrupt_response'] !== false) interrupted()
      } else {
        const { id, startMs } = this.#speech ?? { id: newId('item'), startMs: atMs }
        tell({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: atMs, item_id: id })
        this.#take(id, atMs - startMs)
        if (turnDetection?.['create_response'] !== false) turn()
      }
    }
    // Of silence only the part directly before speech is kept.
    if (detection && !this.#voice.isSpeaking) this.#bufferedMs = Math.min(this.#bufferedMs, detection.prefixMs)
  }

  /** Throws an `ApiError` if there is too little sound. */
  commit(): void {
    if (this.#bufferedMs < 100) throw tooLittleHeard(this.#bufferedMs)
    const id = this.#speech?.id ?? this.#listener.newId('item')
    this.#voice.reset()
    this.#take(id, this.#bufferedMs)
  }

  clear(): void {
    this.#bufferedMs = 0
    this.#speech = undefined
    this.#voice.reset()
    this.#listener.tell({ type: 'input_audio_buffer.cleared' })
  }

  /** To be called when the model begins to speak. */
  answering(): void {
    this.#idle.cancel()
  }

  /** To be called when the model has spoken; the client needs `soundMs` to play that. */
  answered(soundMs: number): void {
    const idleMs = this.#listener.settings.turnDetection?.['idle_timeout_ms']
    if (typeof idleMs === 'number') this.#idle.set(this.#call.resource.clock.now() + soundMs + idleMs)
  }

  stop(): void {
    this.#isOver = true
    this.#idle.cancel()
  }

  /** The user was silent for long, so it is the model's turn. */
  #timedOut(): void {
    if (this.#voice.isSpeaking) return
    const { tell, newId, turn } = this.#listener
    const id = newId('item')
    const endMs = this.#voice.atMs
    const startMs = Math.max(0, endMs - Math.round(this.#bufferedMs))
    tell({ type: 'input_audio_buffer.timeout_triggered', audio_start_ms: startMs, audio_end_ms: endMs, item_id: id })
    this.#take(id, endMs - startMs)
    turn()
  }

  #take(id: string, soundMs: number): void {
    const { settings, tell, add, lastId } = this.#listener
    const previous = lastId()
    this.#bufferedMs = 0
    this.#speech = undefined
    tell({ type: 'input_audio_buffer.committed', previous_item_id: previous, item_id: id })
    const part = { type: 'input_audio', transcript: null as string | null }
    const told = { id, type: 'message', status: 'completed', role: 'user', content: [part] }
    add({ id, soundMs, told })
    tell({ type: 'conversation.item.done', previous_item_id: previous, item: told })
    const { transcription, include } = settings
    if (!transcription) return
    const { random } = this.#call.resource
    const text = loremText(Math.max(1, Math.round(soundMs / wordMs)), random)
    part.transcript = text
    const asked = {
      text,
      soundMs,
      model: textOf(transcription['model']),
      prompt: textOf(transcription['prompt'] ?? ''),
    }
    const hasLogprobs = Array.isArray(include) && include.length > 0
    this.#write(id, transcriptEvents({ ...asked, hasLogprobs, random }))
  }

  /** Tells what was heard, of a long speech some of it at a time. */
  #write(id: string, events: ReturnType<typeof transcriptEvents>): void {
    for (let left = eventsAtOnce; left > 0; left--) {
      const next = events.next()
      if (next.done === true) return
      const { type, rest } = next.value
      this.#listener.tell({ type, item_id: id, content_index: 0, ...rest })
    }
    goOnLater(() => {
      if (!this.#isOver) this.#write(id, events)
    })
  }
}
