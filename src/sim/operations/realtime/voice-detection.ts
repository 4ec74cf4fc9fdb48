/** Finds speech in sound as it comes: loud for a moment it begins, quiet for long enough it ends. */
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
/** Of a click nobody is interrupted. */
const minLoudFrames = 3
/** The loudness, of a sine's 1, that a threshold of 1 stands for: speech is at 0.05 to 0.2, a quiet room below 0.01. */
const fullLoudness = 0.04

export class VoiceDetector {
  /** Of the frame that is not whole yet. */
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

  /** How much was heard since the session began, in whole frames. */
  get atMs(): number {
    return this.#atMs
  }

  reset(): void {
    this.#square = this.#sum = this.#count = 0
    this.#loudFrames = this.#quietMs = 0
    this.#isSpeaking = false
    this.#sinceMs = this.#atMs
  }

  /** Without a detection only the time goes on. Frames need not come whole. */
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

/** How long it has to be quiet, in milliseconds, until whoever speaks is taken to have ended: guesses. */
const patienceMs: Readonly<Record<string, number>> = { high: 300, medium: 600, auto: 600, low: 1_200 }

/** As the settings of a session say it; undefined where nothing is detected. */
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
