/** Splits the sound of continuous sessions into turns, each with a made-up text. */
import { loremText } from '../../generators/text/lorem.ts'
import type { Random } from '../../random.ts'
import type { Format } from './settings.ts'
import { soundIn, soundMsOf, wordMs } from './sound.ts'
import { detectionIn, VoiceDetector } from './voice-detection.ts'

/** What is heard between two looks at the clock: whole samples. */
const pieceBytes = 16_384

type Heard = { readonly isInterrupting: boolean; readonly said: readonly HeardTurn[] }

export type HeardTurn = { readonly text: string; readonly startMs: number; readonly endMs: number }

const detection = detectionIn({ type: 'semantic_vad' })

export class Turns {
  readonly #voice = new VoiceDetector()
  readonly #format: Format
  readonly #random: Random
  #heardMs = 0
  #startMs = 0

  constructor(format: Format, random: Random) {
    this.#format = format
    this.#random = random
  }

  /** The length of the sound so far. */
  get heardMs(): number {
    return this.#heardMs
  }

  /** Piece by piece. Throws an `ApiError` for invalid sound. If `isMuted`, it counts as silence. */
  *hear(audio: string, isMuted: boolean): Generator<Heard, undefined> {
    const bytes = soundIn(audio, this.#format)
    this.#heardMs += soundMsOf(bytes.length, this.#format)
    for (let at = 0; at < bytes.length; at += pieceBytes) yield this.#hear(bytes.subarray(at, at + pieceBytes), isMuted)
  }

  #hear(bytes: Buffer, isMuted: boolean): Heard {
    const quiet = isMuted ? Buffer.alloc(bytes.length, this.#format === 'pcm' ? 0 : 0xff) : bytes
    const said: HeardTurn[] = []
    let isInterrupting = false
    for (const { kind, atMs } of this.#voice.hear(quiet, this.#format, detection)) {
      if (kind === 'started') {
        this.#startMs = atMs
        isInterrupting = true
      } else said.push(this.#said(atMs))
    }
    return { isInterrupting, said }
  }

  #said(endMs: number): HeardTurn {
    const words = Math.max(1, Math.round((endMs - this.#startMs) / wordMs))
    return { text: loremText(words, this.#random), startMs: this.#startMs, endMs }
  }
}
