/** From a decision, wherever it was made, to what the pipeline is told. */
import type { Admission, LimitState } from '../types.ts'
import type { Waits } from './strategies/strategy.ts'

/** Timers of clients fire up to 4 ms early (.NET on Linux): who waits as told must be served. */
const earlyMs = 10

/** Where nothing is limited. */
export const unlimited: Admission = { ok: true, state: undefined, settle: () => undefined }

export function toRefusal({ tokensMs, requestsMs }: Waits, state: LimitState): Admission {
  return {
    ok: false,
    reason: requestsMs > tokensMs ? 'requests' : 'tokens',
    retryAfterMs: Math.max(tokensMs, requestsMs) + earlyMs,
    // What a slice refuses is not there, even if the minute has some left.
    state: requestsMs > 0 ? { ...state, remainingRequests: Math.min(0, state.remainingRequests) } : state,
  }
}
