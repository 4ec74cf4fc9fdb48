/** Where a deployment's limits stand, and how long to wait where they are reached. */
import type { Config } from '../config/config.ts'
import { retryAfterSeconds, utilizationHeader } from '../errors/limit.ts'
import type { AnyCall } from '../operation.ts'
import type { Admission, LimitState } from '../types.ts'
import { headerText } from './header-text.ts'

/** By a limit, or by a rule that says so. */
export type Refusal = Extract<Admission, { ok: false }> & { readonly isOfRule?: true }

type Headers = Record<string, string>
type About = { readonly config: Pick<Config, 'azure' | 'limits' | 'provisioned'>; readonly call: AnyCall | undefined }

/** As it was before the call that it was told of. */
export const beforeCall = (state: LimitState): LimitState => ({
  ...state,
  remainingRequests: state.remainingRequests + 1,
  remainingTokens: state.remainingTokens + (state.takenTokens ?? 0),
})

/**
 * The time in which what is used comes back: its share of the period (recorded of every answer that told it, March to
 * August 2026). Where a count begins anew each minute, until then.
 */
const resetOf = ({ isFixed, limit, left, periodMs, resetMs }: Count) =>
  isFixed || limit === 0 ? resetMs : Math.max(0, ((limit - left) * periodMs) / limit)

type Count = {
  readonly isFixed: boolean
  readonly limit: number
  readonly left: number
  readonly periodMs: number
  readonly resetMs: number
}

/**
 * The classic front end tells its resets in milliseconds, the new one in whole seconds, rounded down (recorded March and
 * June 2026). A deployment that owes requests is being penalised (recorded August 2026).
 */
export function addLimits(headers: Headers, state: LimitState, { config, call }: About): void {
  const { azure, limits, provisioned } = config
  if (state.utilization !== undefined) {
    // No more can be in use than is deployed: what stands above it waits to be drained, as `retry-after-ms` tells.
    if (provisioned.utilizationHeader) headers[utilizationHeader] = `${Math.min(100, state.utilization)}%`
    return
  }
  const { limitRequests, limitTokens, remainingRequests } = state
  const isNew = azure.frontEnd === 'new'
  const unitMs = isNew ? 1000 : 1
  const isFixed = (call?.deployment?.limits ?? limits).algorithm === 'fixed'
  headers['x-ratelimit-abusepenalty-active'] = remainingRequests < 0 ? 'True' : 'False'
  if (isNew && call?.deployment) headers['x-ratelimit-key'] = headerText(call.deployment.name)
  if (limitRequests !== undefined) {
    headers['x-ratelimit-limit-requests'] = String(limitRequests)
    headers['x-ratelimit-remaining-requests'] = String(remainingRequests)
    headers['x-ratelimit-renewalperiod-requests'] = String((state.requestsPeriodMs ?? 60_000) / 1000)
    const { requestsPeriodMs: periodMs = 60_000, resetRequestsMs: resetMs } = state
    const ms = resetOf({ isFixed, limit: limitRequests, left: remainingRequests, periodMs, resetMs })
    headers['x-ratelimit-reset-requests'] = String(Math.floor(ms / unitMs))
  }
  if (limitTokens !== undefined) {
    headers['x-ratelimit-limit-tokens'] = String(limitTokens)
    headers['x-ratelimit-remaining-tokens'] = String(Math.floor(state.remainingTokens))
    headers['x-ratelimit-renewalperiod-tokens'] = '60'
    const { remainingTokens: left, resetTokensMs: resetMs } = state
    const ms = resetOf({ isFixed, limit: limitTokens, left, periodMs: 60_000, resetMs })
    headers['x-ratelimit-reset-tokens'] = String(Math.floor(ms / unitMs))
  }
}

const firstWithName = '2022-12-01'
const lastWithName = '2024-03-01-preview'

/**
 * Of a 429. The new front end's were recorded in August 2026; of the classic one's users told, and there all times are
 * in seconds. The wait is the true one: the service itself was seen to send `retry-after-ms: 0`.
 */
export function addRefusal(headers: Headers, { reason, retryAfterMs, state }: Refusal, about: About): void {
  if (state.utilization !== undefined) {
    headers['retry-after'] = String(retryAfterSeconds(retryAfterMs))
    headers['retry-after-ms'] = String(Math.ceil(retryAfterMs))
    addLimits(headers, state, about)
    return
  }
  const isTokens = reason === 'tokens'
  if (about.config.azure.rateLimitError === 'since2023') {
    // One reset alone, which is the wait (recorded March and December 2024).
    headers['Retry-After'] = String(retryAfterSeconds(retryAfterMs))
    headers['policy-id'] = `DeploymentRatelimit-${isTokens ? 'Token' : 'Call'}`
    headers[`x-ratelimit-reset-${isTokens ? 'tokens' : 'requests'}`] = String(retryAfterSeconds(retryAfterMs))
    // Told in March 2024, and in December not any more.
    const { call } = about
    if (call && call.apiVersion >= firstWithName && call.apiVersion <= lastWithName)
      headers['apim-operation-name'] = call.match.operation.name
    return
  }
  if (about.config.azure.frontEnd === 'classic') {
    headers['Retry-After'] = String(retryAfterSeconds(retryAfterMs))
    headers['policy-id'] = `DeploymentRatelimit-${isTokens ? 'Token' : 'Call'}`
    headers['x-ratelimit-reset-requests'] = String(Math.ceil(state.resetRequestsMs / 1000))
    headers['x-ratelimit-reset-tokens'] = String(Math.ceil(state.resetTokensMs / 1000))
    return
  }
  headers['retry-after'] = String(retryAfterSeconds(retryAfterMs))
  headers['retry-after-ms'] = String(Math.ceil(retryAfterMs))
  headers['x-ratelimit-type'] = isTokens ? 'Tokens' : 'Requests'
  addLimits(headers, state, about)
}
