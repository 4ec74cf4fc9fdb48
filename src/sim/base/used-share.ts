/** How much of its limits a deployment uses, in percent. */
import type { LimitState } from '../types.ts'

/** Of provisioned throughput, of tokens, or where those are not limited of requests. */
export function usedShare({ utilization, limitTokens, remainingTokens, limitRequests, remainingRequests }: LimitState) {
  if (utilization !== undefined) return utilization
  return limitTokens === undefined ? shareOf(limitRequests, remainingRequests) : shareOf(limitTokens, remainingTokens)
}

/** Of the limit that is nearest to its end. */
export function maxUsedShare(state: LimitState): number {
  return Math.max(usedShare(state), shareOf(state.limitRequests, state.remainingRequests))
}

function shareOf(limit: number | undefined, left: number): number {
  if (limit === undefined) return 0
  return limit === 0 ? 100 : 100 * (1 - left / limit)
}
