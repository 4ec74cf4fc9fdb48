/** How a client that plays an answer as it arrives hears it: with a gap whenever the next piece is late. */
export class Playback {
  /** When everything received so far will have been played. */
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
