/** What a way of counting limits is: in memory a class, in Redis the same in its script. A new one is a file beside this. */
import type { Limits } from '../charge.ts'
import type { SlidingWindow } from './sliding-window.ts'

export const minuteMs = 60_000
/** The service spreads a minute's requests over slices of this length. */
export const sliceMs = 10_000

/** How long tokens and requests each make a call wait: 0 where they let it pass. */
export type Waits = { readonly tokensMs: number; readonly requestsMs: number }

/** What is left after a decision; below zero where it is owed. */
export type Left = {
  readonly remainingTokens: number
  /** Milliseconds until all tokens are there again. */
  readonly resetTokensMs: number
  readonly remainingRequests: number
  readonly resetRequestsMs: number
}

/** What one deployment has used of late, as one strategy counts it. Times are whole milliseconds and never go down. */
export type Counts = {
  readonly waits: (ms: number, amount: number, limits: Limits) => Waits
  /** Counts a request that was admitted; its tokens are taken beside. */
  readonly admit: (ms: number, limits: Limits) => void
  /** `isChosen` where this is the strategy that decides at the moment. */
  readonly take: (ms: number, amount: number, isChosen: boolean) => void
  /** Counts what was refused, and gives the waits after that; absent where a refusal costs nothing. */
  readonly refuse?: (ms: number, limits: Limits) => Waits
  readonly left: (ms: number, limits: Limits) => Left
  /** Whether nothing would be lost with it. What has no part in this is empty when the minute's requests are. */
  readonly isIdle: (ms: number) => boolean
}

export type Strategy = {
  /** `minuteRequests` are those of the last minute, which all strategies share. */
  readonly counts: (minuteRequests: SlidingWindow) => Counts
  /**
   * The same in Lua, as a member of `strategies` with functions of these names; `refuse` and `lastsMs` may be absent.
   * What is to be remembered is a list of numbers that `keep` was given. See `script.ts` for what is at hand there.
   */
  readonly script: string
  /** Measures in a unit of its own: it is told of nothing that another strategy counts, and tells the others of nothing. */
  readonly isAlone?: true
}

/** However a strategy shapes bursts, no minute has more requests than the limit. */
export const minuteWaitMs = (minuteRequests: SlidingWindow, ms: number, { requests }: Limits): number =>
  minuteRequests.waitMs(ms, 1, requests)

/** Of the window that the limit is told of: a minute's, or a slice's. */
export const requestsLeft = (window: Window, ms: number, { requests, sliceRequests, periodMs }: Limits) => ({
  remainingRequests: Math.max(0, (periodMs < minuteMs ? sliceRequests : requests) - window.used(ms)),
  resetRequestsMs: window.clearsInMs(ms),
})

type Window = Pick<SlidingWindow, 'used' | 'clearsInMs'>
