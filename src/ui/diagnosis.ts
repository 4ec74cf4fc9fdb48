/** In one sentence a deployment: what limits it, if anything does. */
import type { LiveSecond } from '../sim/metrics/live.ts'
import { amount } from './format.ts'
import { rowsOf, sumOf } from './seconds.ts'

export type Limits = { readonly tokensPerMinute?: number | undefined; readonly requestsPerMinute?: number | undefined }

export type Diagnosis = { readonly level: 'ok' | 'limited' | 'failing'; readonly text: string }

/** `minute` is what happened in the last sixty seconds. */
export function diagnose(deployment: string, minute: readonly LiveSecond[], limits: Limits): Diagnosis | undefined {
  const sums = sumOf(rowsOf(minute, deployment))
  if (sums.requests === 0) return undefined
  if (sums.limited > 0) {
    const isTokens = sums.limitedByTokens >= sums.limitedByRequests
    const limit = isTokens ? limits.tokensPerMinute : limits.requestsPerMinute
    const what = isTokens ? 'tokens per minute' : 'requests per minute'
    const isDerived = limit === undefined && !isTokens && limits.tokensPerMinute !== undefined
    const ofLimit = limit === undefined ? '' : ` (${amount(limit)})`
    const why = isDerived ? ', which is derived from the tokens per minute' : ''
    const text = `${deployment}: ${amount(sums.limited)} of ${amount(sums.requests)} requests in the last minute got a 429. The cause is the limit of ${what}${ofLimit}${why}.`
    return { level: 'limited', text }
  }
  if (sums.failed > 0)
    return {
      level: 'failing',
      text: `${deployment}: ${amount(sums.failed)} of ${amount(sums.requests)} requests in the last minute failed with a 5xx.`,
    }
  return {
    level: 'ok',
    text: `${deployment}: ${amount(sums.requests)} requests in the last minute, none of them limited.`,
  }
}
