/** Finds speech in sound as it arrives: it begins with a loud moment, and ends after a long enough silence. */
import { textOf } from '../../base/text-of.ts'
import type { Format } from './settings.ts'
import { hertzIn, levelsOf } from './sound.ts'

export type Detection = {
  readonly threshold: number
  readonly prefixMs: number
  readonly silenceMs: number
}

export type Heard = { readonly kind: 'started' | 'stopped'; readonly atMs: number }

const frameMs = 20
/** More than one, so that a click interrupts nobody. */
const minLoudFrames = 3
/** The loudness at a threshold of 1, as a share of full scale: speech has 0.05 to 0.2, a quiet room less than 0.01. */
const fullLoudness = 0.04

export class VoiceDetector {
  /** The sums of the incomplete frame. */
  #square = 0
  #sum = 0
  #count = 0
  #atMs = 0
  #loudFrames = 0
  #quietMs = 0
  #isSpeaking = false
  /** What was heard before that belongs to an earlier turn. */
  #sinceMs = 0

  get isSpeaking(): boolean {
    return this.#isSpeaking
  }

  /** The length of the sound since the session began, in whole frames. */
  get atMs(): number {
    return this.#atMs
  }

  reset(): void {
    this.#square = this.#sum = this.#count = 0
    this.#loudFrames = this.#quietMs = 0
    this.#isSpeaking = false
    this.#sinceMs = this.#atMs
  }

  /** Without `detection` only the time advances. A piece may end within a frame. */
  hear(bytes: Buffer, format: Format, detection: Detection | undefined): Heard[] {
    const heard: Heard[] = []
    const size = (hertzIn(format) * frameMs) / 1000
    const levels = levelsOf(bytes, format)
    let square = this.#square
    let sum = this.#sum
    let count = this.#count
    for (const level of levels) {
      square += level * level
      sum += level
      if (++count < size) continue
      this.#atMs += frameMs
      // An offset that a microphone adds is not heard.
      const loudness = Math.sqrt(Math.max(0, square / size - (sum / size) ** 2)) / 32_768
      const found = detection && this.#step(loudness, detection)
      if (found) heard.push(found)
      square = sum = count = 0
    }
    this.#square = square
    this.#sum = sum
    this.#count = count
    return heard
  }

  #step(loudness: number, { threshold, prefixMs, silenceMs }: Detection): Heard | undefined {
    if (loudness > threshold * fullLoudness) {
      this.#quietMs = 0
      this.#loudFrames++
      if (this.#isSpeaking || this.#loudFrames < minLoudFrames) return undefined
      this.#isSpeaking = true
      return { kind: 'started', atMs: Math.max(this.#sinceMs, this.#atMs - minLoudFrames * frameMs - prefixMs) }
    }
    this.#loudFrames = 0
    this.#quietMs += frameMs
    if (!this.#isSpeaking || this.#quietMs < silenceMs) return undefined
    this.#isSpeaking = false
    this.#sinceMs = this.#atMs
    return { kind: 'stopped', atMs: this.#atMs }
  }
}

/** The silence in milliseconds that ends a turn, by eagerness: guesses. */
const patienceMs: Readonly<Record<string, number>> = { high: 300, medium: 600, auto: 600, low: 1_200 }

/** The detection in a session's settings; `undefined` if it is off. */
export function detectionIn(given: Readonly<Record<string, unknown>> | null): Detection | undefined {
  if (given === null) return undefined
  const number = (name: string, usual: number) => (typeof given[name] === 'number' ? given[name] : usual)
  if (given['type'] === 'semantic_vad')
    return { threshold: 0.5, prefixMs: 300, silenceMs: patienceMs[textOf(given['eagerness'])] ?? 600 }
  return {
    threshold: number('threshold', 0.5),
    prefixMs: number('prefix_padding_ms', 300),
    silenceMs: number('silence_duration_ms', 200),
  }
}
