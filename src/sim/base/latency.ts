/** How long answers take: durations that vary, the tables that they are drawn from, and what is told of them. */
import type { LogNormal } from './log-normal.ts'

/** A mean with its standard deviation. */
export type Spread = {
  readonly mean: number
  readonly stdDev: number
  /** How it varies, where not normally. */
  readonly logNormal?: LogNormal | undefined
}

/** How long an answer takes. The unit is the operation's: a token, a request, a megabyte, or a second of speech. */
export type Latency = {
  /** Milliseconds to the first token; where it is absent the first token takes as long as any other. */
  readonly firstMs?: Spread | undefined
  /** Milliseconds per unit. */
  readonly unitMs: Spread
  /** When the head of a stream goes out, where that is before the first token. */
  readonly headMs?: number
  /** Where both are drawn for each request, by its model. */
  readonly profile?: ProfileUse | undefined
}

/** A table of how long models take. */
export const profileNames = ['measured-2026'] as const
export type ProfileName = (typeof profileNames)[number]

/** A profile, and what is not as it says. */
export type ProfileUse = {
  readonly name: ProfileName
  readonly firstMs?: Spread | undefined
  readonly unitMs?: Spread | undefined
  readonly factor?: number | undefined
}

/** So many times as long as without any load, and what a call waited before. */
export type LoadFactors = { readonly gateway: number; readonly interToken: number; readonly queuedMs: number }

/** The service's own clock, as `latency_checkpoint` tells it, in whole milliseconds. */
export type Checkpoint = {
  readonly engineTbtMs: number
  readonly engineTtftMs: number
  readonly engineTtltMs: number
  readonly preInferenceMs: number
  readonly serviceTbtMs: number
  readonly serviceTtftMs: number
  readonly serviceTtltMs: number
  readonly userVisibleTtftMs: number
}

/** How a deployment slows down as it is used. */
export type UnderLoad = {
  readonly interToken?: number | undefined
  readonly timeToFirstToken?: number | undefined
  readonly queue?: number | undefined
  readonly refusal?: '429' | '503' | undefined
}

/** What else a deployment works on when a call comes: a share of what it can, and how long the call had to wait. */
export type Load = {
  readonly share: number
  readonly queuedMs: number
  /** All of the answer takes so many times as long. */
  readonly factor?: number | undefined
}
