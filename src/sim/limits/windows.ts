import type { LimitAlgorithm } from '../config/config.ts'
import type { LimitState } from '../types.ts'
import type { Limits } from './charge.ts'
import { FixedWindow } from './fixed-window.ts'
import { LeakyBucket } from './leaky-bucket.ts'
import { SlidingWindow } from './sliding-window.ts'

export const minuteMs = 60_000
/** The service spreads a minute's requests over slices of this length. */
export const sliceMs = 10_000
const slicesPerMinute = minuteMs / sliceMs

/** How long tokens and requests each make a call wait: 0 where they let it pass. */
export type Waits = { readonly tokensMs: number; readonly requestsMs: number }

/**
 * What one deployment has used of late, as each algorithm counts it. All of them are told of everything that is
 * admitted, so that another algorithm or another limit goes on from there.
 */
export class Windows {
  #lastMs = -Infinity
  readonly #sliding = { tokens: new SlidingWindow(minuteMs), requests: new SlidingWindow(sliceMs) }
  readonly #fixed = { tokens: new FixedWindow(minuteMs), requests: new FixedWindow(sliceMs) }
  readonly #leaky = { tokens: new LeakyBucket(), requests: new LeakyBucket() }
  readonly #minuteRequests = new SlidingWindow(minuteMs)

  /** The whole millisecond that counts for `atMs`: a call whose body took long may come after one that arrived later. */
  moment(atMs: number): number {
    this.#lastMs = Math.max(this.#lastMs, Math.floor(atMs))
    return this.#lastMs
  }

  waits(ms: number, tokens: number, limits: Limits, algorithm: LimitAlgorithm): Waits {
    if (algorithm === 'leaky') return this.#leakyWaits(ms, limits)
    const windows = algorithm === 'sliding' ? this.#sliding : this.#fixed
    return {
      tokensMs:
        limits.tokens === undefined
          ? 0
          : limits.tokens === 0
            ? minuteMs
            : windows.tokens.waitMs(ms, tokens, limits.tokens),
      requestsMs: Math.max(
        windows.requests.waitMs(ms, 1, Math.ceil(limits.requests / slicesPerMinute)),
        this.#minuteWaitMs(ms, limits),
      ),
    }
  }

  admit(ms: number, tokens: number, limits: Limits, algorithm: LimitAlgorithm): void {
    this.#limitBuckets(ms, limits)
    this.#sliding.requests.add(ms, 1)
    this.#fixed.requests.add(ms, 1)
    this.#minuteRequests.add(ms, 1)
    this.#leaky.requests.take(ms, 1)
    this.#leaky.requests.oweAtMostAMinute()
    this.take(ms, tokens, algorithm)
  }

  /** Takes tokens alone, whatever the limits are by now. */
  take(ms: number, tokens: number, algorithm: LimitAlgorithm): void {
    this.#sliding.tokens.add(ms, tokens)
    this.#fixed.tokens.add(ms, tokens)
    this.#leaky.tokens.take(ms, tokens)
    // The others let more pass in the long run than the bucket would: it must not owe hours when its turn comes.
    if (algorithm !== 'leaky') this.#leaky.tokens.oweAtMostAMinute()
  }

  /**
   * The leaky bucket counts what it refuses: recorded answers of the service show a deployment of one request per
   * minute with -1 remaining and 118 s to the reset, which is also the bound. Gives the waits after that.
   */
  refuse(ms: number, limits: Limits, before: Waits, algorithm: LimitAlgorithm): Waits {
    if (algorithm !== 'leaky') return before
    this.#leaky.requests.take(ms, 1)
    this.#leaky.requests.oweAtMostAMinute()
    return this.#leakyWaits(ms, limits)
  }

  state(ms: number, limits: Limits, algorithm: LimitAlgorithm): LimitState {
    const tokens = this.#tokensState(ms, limits.tokens, algorithm)
    const limitRequests = limits.requests
    if (algorithm === 'leaky') {
      const { requests } = this.#leaky
      const remainingRequests = requests.level(ms)
      return { ...tokens, limitRequests, remainingRequests, resetRequestsMs: requests.fillsInMs(ms) }
    }
    const remainingRequests = Math.max(0, limitRequests - this.#minuteRequests.used(ms))
    return { ...tokens, limitRequests, remainingRequests, resetRequestsMs: this.#minuteRequests.clearsInMs(ms) }
  }

  /** Whether nothing would be lost with it. The windows not named here are empty when these are. */
  isIdle(atMs: number): boolean {
    const ms = this.moment(atMs)
    return (
      this.#sliding.tokens.used(ms) === 0 &&
      this.#minuteRequests.used(ms) === 0 &&
      this.#leaky.tokens.isFull(ms) &&
      this.#leaky.requests.isFull(ms)
    )
  }

  #leakyWaits(ms: number, limits: Limits): Waits {
    this.#limitBuckets(ms, limits)
    return {
      tokensMs: limits.tokens === undefined ? 0 : this.#leaky.tokens.waitForAnyMs(ms),
      requestsMs: Math.max(this.#leaky.requests.waitForOneMs(ms), this.#minuteWaitMs(ms, limits)),
    }
  }

  #limitBuckets(ms: number, limits: Limits): void {
    if (limits.tokens !== undefined) this.#leaky.tokens.limitTo(ms, limits.tokens)
    this.#leaky.requests.limitTo(ms, limits.requests)
  }

  /** However an algorithm shapes bursts, no minute has more requests than the limit. */
  #minuteWaitMs(ms: number, limits: Limits): number {
    return this.#minuteRequests.waitMs(ms, 1, limits.requests)
  }

  #tokensState(ms: number, limitTokens: number | undefined, algorithm: LimitAlgorithm) {
    if (limitTokens === undefined) return { limitTokens, remainingTokens: 0, resetTokensMs: 0 }
    if (algorithm === 'leaky') {
      const { tokens } = this.#leaky
      return { limitTokens, remainingTokens: tokens.level(ms), resetTokensMs: tokens.fillsInMs(ms) }
    }
    const { tokens } = algorithm === 'sliding' ? this.#sliding : this.#fixed
    return { limitTokens, remainingTokens: limitTokens - tokens.used(ms), resetTokensMs: tokens.clearsInMs(ms) }
  }
}
