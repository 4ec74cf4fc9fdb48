/** From a decision, wherever it was made, to what the pipeline is told. */
import type { Admission, LimitState, Usage } from '../types.ts'
import type { Waits } from './strategies/strategy.ts'

/** What was decided on a call, and how its deployment stands after that. */
export type Decision = { readonly isAdmitted: boolean; readonly waits: Waits; readonly state: LimitState }

/** Timers of clients fire up to 4 ms early (.NET on Linux): who waits as told must be served. */
const earlyMs = 10

/** Where nothing is limited. */
export const unlimited: Admission = { ok: true, state: undefined, settle: () => undefined }

export function toAdmission({ isAdmitted, waits, state }: Decision, settle: (usage: Usage) => void): Admission {
  if (isAdmitted) return { ok: true, state, settle }
  const { tokensMs, requestsMs } = waits
  return {
    ok: false,
    reason: requestsMs > tokensMs ? 'requests' : 'tokens',
    retryAfterMs: Math.max(tokensMs, requestsMs) + earlyMs,
    // What a slice refuses is not there, even if the minute has some left.
    state: requestsMs > 0 ? { ...state, remainingRequests: Math.min(0, state.remainingRequests) } : state,
  }
}
