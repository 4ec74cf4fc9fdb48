/**
 * What drawing JSON may cost a whole request, whatever it asks for: a schema of a few lines can want more than any
 * machine has. Everything that goes through a list, a text or a schema pays for what it goes through.
 */
import type { ParsedPattern } from './pattern-parse.ts'

export type Work = {
  /** What is left, in steps of about 0.1 µs: one key, one member of a list, or so. */
  steps: number
  /** That may still be written. */
  characters: number
  /** Expressions that were read, by their source. */
  readonly patterns: Map<string, ParsedPattern | undefined>
  /** How often what may be left out is there (0 to 1). */
  readonly optionalShare: number
}

export const newWork = (optionalShare = usualOptionalShare): Work => ({
  steps: maxSteps,
  characters: maxCharacters,
  patterns: new Map(),
  optionalShare,
})

const usualOptionalShare = 0.9

/** Some 20 ms. */
const maxSteps = 160_000
/** As many are counted in tokens in 10 ms or so. */
const maxCharacters = 120_000

export const isSpent = ({ steps, characters }: Work): boolean => steps <= 0 || characters <= 0

/** Looking at one schema. */
export const visitSteps = 10
/** So many characters that are written or compared are one step. */
const charactersAStep = 10

/** A text without a break takes longer to be counted in tokens than one of words. */
export const payUnbroken = (work: Work, characters: number): void => {
  pay(work, characters * (characters > 100 ? 6 : 1))
}

/** For a text that was written. */
export function pay(work: Work, characters: number): void {
  work.characters -= characters
  work.steps -= 1 + characters / charactersAStep
}

/** Draws one answer of `count`: no more text than `tokenLimit` can use, and no more than leaves the others theirs. */
export function drawShare<T>(work: Work, { tokenLimit, count }: Share, draw: () => T): T {
  const fair = Math.max(maxCharacters / count, fairCharacters)
  const kept = Math.max(0, work.characters - Math.min(fair, tokenLimit * charactersPerToken + someCharacters))
  work.characters -= kept
  const drawn = draw()
  work.characters += kept
  return drawn
}

export type Share = { readonly tokenLimit: number; readonly count: number }

const fairCharacters = 8_000
/** Far more than most tokens have. */
const charactersPerToken = 16
const someCharacters = 256
