/**
 * Pictures that cost next to nothing. Each is a pattern of 256 levels, of which there are a few for each size, under a
 * palette of its own, so that only the palette is made anew.
 */
import { type Random, seededRandom } from '../../random.ts'

export type Size = { readonly width: number; readonly height: number }

export type Picture = Size & {
  readonly pattern: number
  /** Red, green and blue of each level, one after another. It closes in a circle: the last level is next to the first. */
  readonly palette: Uint8Array
}

const levels = 256
/** Colours between which a palette runs. */
const anchors = 4

/** The same seed makes the same picture; pictures of another size have the same colours. */
export function picture(seed: number, { width, height }: Size): Picture {
  const random = seededRandom(seed)
  const pattern = random.below(patterns.length)
  const colours = Array.from({ length: anchors }, () => drawColour(random))
  const palette = new Uint8Array(levels * 3)
  for (let level = 0; level < levels; level++) {
    const place = (level * anchors) / levels
    const from = colours[Math.floor(place)] ?? black
    const to = colours[(Math.floor(place) + 1) % anchors] ?? black
    for (let part = 0; part < 3; part++)
      palette[level * 3 + part] = Math.round(mixed(from[part] ?? 0, to[part] ?? 0, place % 1))
  }
  return { width, height, pattern, palette }
}

/** As it looks when `done` of it (0 to 1) is made: out of grey, its colours come. */
export function unfinished(whole: Picture, done: number): Picture {
  return { ...whole, palette: whole.palette.map((colour) => Math.round(mixed(grey, colour, done))) }
}

/**
 * How the level changes along a row and down a column; the level at a place is the sum of both, of which the lowest
 * eight bits count. That a level is a sum is what lets encoders make a row from the one before.
 */
export function levelsAlong({ width, height, pattern }: Picture): {
  readonly row: Uint8Array
  readonly column: Uint8Array
} {
  const [across, down] = patterns[pattern] ?? [even, even]
  const along = (length: number, level: (place: number) => number) =>
    Uint8Array.from({ length }, (_, at) => Math.round(level(at / length) * levels))
  return { row: along(width, across), column: along(height, down) }
}

type Course = (place: number) => number
const even: Course = (place) => place
const wave: Course = (place) => (1 - Math.cos(2 * Math.PI * place)) / 2
const hill: Course = (place) => 2 * (place - 0.5) ** 2
const ridge: Course = (place) => Math.abs(place - 0.5)

/** From 0 to 1 along a row, and down a column. */
const patterns: readonly (readonly [Course, Course])[] = [
  [even, even],
  [even, hill],
  [hill, hill],
  [ridge, ridge],
  [wave, even],
  [wave, (place) => wave(2 * place) / 2],
]

type Colour = readonly [red: number, green: number, blue: number]
const black: Colour = [0, 0, 0]
const grey = 128

const drawColour = (random: Random): Colour => [random.below(levels), random.below(levels), random.below(levels)]
const mixed = (from: number, to: number, share: number) => from + (to - from) * share
