/** What a mark is given and says. */
import type { Config } from '../config/config.ts'
import type { RetriedCall } from './calls.ts'
import type { Sighting } from './sighting.ts'

export type Level = 'pass' | 'warn' | 'fail' | 'unknown'

export type Mark = {
  readonly name: string
  readonly level: Level
  /** How often it was seen, of how many. */
  readonly count: number
  readonly of: number
  readonly share: number
  /** What was measured, where that is no share. */
  readonly value?: number
  readonly threshold?: number
  /** How many calls or attempts were not judged, as it is not clear what belongs together. */
  readonly ambiguous?: number
  /** Ids of the requests of the worst one. */
  readonly example?: readonly string[]
  /** What was seen, or why nothing is known. */
  readonly why: string
  /** What to change. */
  readonly advice: string
}

export type Evidence = {
  readonly sightings: readonly Sighting[]
  /** Those that are clear. */
  readonly calls: readonly RetriedCall[]
  readonly ambiguous: number
  readonly warn: Config['verdict']['warn']
  readonly fail: Config['verdict']['fail']
  /** Deployments of the same model, by name. */
  readonly deployments: readonly { readonly name: string; readonly model: string; readonly isProvisioned: boolean }[]
}

export type MarkJudge = (evidence: Evidence) => Mark

/** A share needs so many calls to mean anything. */
export const minCalls = 20

type Said = Omit<Mark, 'share' | 'level'> & { readonly level: Level }

export function mark(said: Said): Mark {
  const share = said.of === 0 ? 0 : said.count / said.of
  const { name, level, count, of, ...rest } = said
  return { name, level, count, of, share: Math.round(share * 10_000) / 10_000, ...rest }
}

/** Nothing is known of it. */
export const unknown = (name: string, why: string, advice: string): Mark =>
  mark({ name, level: 'unknown', count: 0, of: 0, why, advice })

export const tooFew = (name: string, found: number, what: string, advice: string): Mark =>
  unknown(name, `There were ${found} ${what}; ${minCalls} are needed to say.`, advice)

export function levelOf(value: number, warn: number | undefined, fail: number | undefined): Level {
  if (fail !== undefined && value > fail) return 'fail'
  return warn !== undefined && value > warn ? 'warn' : 'pass'
}

export const idsOf = (sightings: readonly (Sighting | undefined)[]): readonly string[] =>
  sightings.flatMap((seen) => (seen ? [seen.id] : []))

export const rounded = (value: number): number => Math.round(value * 100) / 100

/** Each attempt with the next of the same call. */
export const pairsOf = (calls: readonly RetriedCall[]) =>
  calls.flatMap(({ attempts }) =>
    attempts.slice(1).map((next, at) => {
      const last = attempts[at] as Sighting
      return { last, next, gapMs: next.atMs - last.endedAtMs }
    }),
  )
