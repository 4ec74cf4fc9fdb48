/** Finds speech in sound as it comes: loud for a moment it begins, quiet for long enough it ends. */

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
  #left: number[] = []
  #atMs = 0
  #loudFrames = 0
  #quietMs = 0
  #isSpeaking = false

  get isSpeaking(): boolean {
    return this.#isSpeaking
  }

  /** How much was heard since the session began. */
  get atMs(): number {
    return this.#atMs
  }

  reset(): void {
    this.#left = []
    this.#loudFrames = this.#quietMs = 0
    this.#isSpeaking = false
  }

  /** Samples from -1 to 1. Without a detection only the time goes on. */
  hear(samples: readonly number[] | Float32Array, hertz: number, detection: Detection | undefined): Heard[] {
    const heard: Heard[] = []
    const size = (hertz * frameMs) / 1000
    const all = this.#left.length > 0 ? [...this.#left, ...samples] : samples
    let at = 0
    for (; at + size <= all.length; at += size) {
      let square = 0
      for (let sample = at; sample < at + size; sample++) square += (all[sample] as number) ** 2
      this.#atMs += frameMs
      const found = detection && this.#step(Math.sqrt(square / size), detection)
      if (found) heard.push(found)
    }
    this.#left = [...all.slice(at)]
    return heard
  }

  #step(loudness: number, { threshold, prefixMs, silenceMs }: Detection): Heard | undefined {
    if (loudness > threshold * fullLoudness) {
      this.#quietMs = 0
      this.#loudFrames++
      if (this.#isSpeaking || this.#loudFrames < minLoudFrames) return undefined
      this.#isSpeaking = true
      return { kind: 'started', atMs: Math.max(0, this.#atMs - minLoudFrames * frameMs - prefixMs) }
    }
    this.#loudFrames = 0
    this.#quietMs += frameMs
    if (!this.#isSpeaking || this.#quietMs < silenceMs) return undefined
    this.#isSpeaking = false
    return { kind: 'stopped', atMs: this.#atMs }
  }
}
