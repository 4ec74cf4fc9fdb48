/**
 * Sounds that cost next to nothing: a quiet tone, whose period is made once for each format and repeated. All are mono
 * and of 24,000 samples a second, as the service's speech is.
 */
export type Sound = {
  /** As it comes, in pieces of about a second. */
  readonly pieces: Iterable<SoundPiece>
  /** How long it plays: what was asked for, up to the end of its last frame. */
  readonly seconds: number
}

/** `endSeconds` is how far the sound has come with this piece. */
export type SoundPiece = { readonly bytes: Uint8Array; readonly endSeconds: number }

/** A sound of that length; `hertz` is about how high, as far as the format lets choose. */
export type SoundFormat = (seconds: number, hertz: number) => Sound

export const samplesPerSecond = 24_000

/** Of a tone at its loudest, where 1 is as loud as can be. */
export const loudness = 0.1

/**
 * A sound of equal frames: `cycle` holds some of them, of which the first follows the last, and is itself long enough
 * for a piece.
 */
export function framedSound(seconds: number, { cycle, framesPerCycle, samplesPerFrame }: FrameCycle): Sound {
  const frames = Math.max(1, Math.ceil((seconds * samplesPerSecond) / samplesPerFrame))
  const bytesPerFrame = cycle.length / framesPerCycle
  const secondsOf = (count: number) => (count * samplesPerFrame) / samplesPerSecond
  function* pieces(): Generator<SoundPiece> {
    for (let done = 0; done < frames; done += framesPerCycle) {
      const taken = Math.min(framesPerCycle, frames - done)
      yield { bytes: cycle.subarray(0, taken * bytesPerFrame), endSeconds: secondsOf(done + taken) }
    }
  }
  return { pieces: pieces(), seconds: secondsOf(frames) }
}

export type FrameCycle = {
  readonly cycle: Buffer
  readonly framesPerCycle: number
  readonly samplesPerFrame: number
}

/** Makes what `make` makes once for each number. There are as many as voices. */
export function oncePer<T>(make: (key: number) => T): (key: number) => T {
  const made = new Map<number, T>()
  return (key) => {
    let known = made.get(key)
    if (known === undefined) made.set(key, (known = make(key)))
    return known
  }
}

/**
 * Signs of the one line of a spectrum that sounds like a tone, frame by frame: between two frames of a lapped transform
 * the tone of line `line` moves on by an odd number of quarter turns.
 */
export const lineSigns = (line: number, frames: number): readonly (1 | -1)[] =>
  Array.from({ length: frames }, (_, frame) => (Math.cos(Math.PI * (0.25 + frame * (line + 0.5))) < 0 ? -1 : 1))
