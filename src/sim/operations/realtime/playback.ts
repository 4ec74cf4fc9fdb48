/** What a listener hears who plays an answer as it comes: sound after sound, and silence where the next is late. */
export class Playback {
  /** When all that has come will have been played. */
  #endsAtMs: number | undefined
  gaps = 0
  gapMs = 0

  came(soundMs: number, nowMs: number): void {
    const lateMs = this.#endsAtMs === undefined ? 0 : nowMs - this.#endsAtMs
    if (lateMs > 0) {
      this.gaps++
      this.gapMs += lateMs
    }
    this.#endsAtMs = (lateMs > 0 ? nowMs : (this.#endsAtMs ?? nowMs)) + soundMs
  }
}
