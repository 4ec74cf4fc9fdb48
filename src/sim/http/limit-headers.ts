/** Where a deployment's limits stand, and how long to wait where they are reached. */
import type { Config } from '../config/config.ts'
import { retryAfterSeconds, utilizationHeader } from '../errors/limit.ts'
import type { AnyCall } from '../operation.ts'
import type { Admission, LimitState } from '../types.ts'
import { headerText } from './header-text.ts'

export type Refusal = Extract<Admission, { ok: false }>

type Headers = Record<string, string>
type About = { readonly config: Pick<Config, 'azure' | 'provisioned'>; readonly call: AnyCall | undefined }

/**
 * The classic front end tells its resets in milliseconds, the new one in whole seconds, rounded down (recorded March and
 * June 2026). A deployment that owes requests is being penalised (recorded August 2026).
 */
export function addLimits(headers: Headers, state: LimitState, { config: { azure, provisioned }, call }: About): void {
  if (state.utilization !== undefined) {
    if (provisioned.utilizationHeader) headers[utilizationHeader] = `${state.utilization}%`
    return
  }
  const { limitRequests, limitTokens, remainingRequests } = state
  const isNew = azure.frontEnd === 'new'
  const unitMs = isNew ? 1000 : 1
  headers['x-ratelimit-abusepenalty-active'] = remainingRequests < 0 ? 'True' : 'False'
  if (isNew && call?.deployment) headers['x-ratelimit-key'] = headerText(call.deployment.name)
  if (limitRequests !== undefined) {
    headers['x-ratelimit-limit-requests'] = String(limitRequests)
    headers['x-ratelimit-remaining-requests'] = String(remainingRequests)
    headers['x-ratelimit-renewalperiod-requests'] = String((state.requestsPeriodMs ?? 60_000) / 1000)
    headers['x-ratelimit-reset-requests'] = String(Math.floor(state.resetRequestsMs / unitMs))
  }
  if (limitTokens !== undefined) {
    headers['x-ratelimit-limit-tokens'] = String(limitTokens)
    headers['x-ratelimit-remaining-tokens'] = String(Math.floor(state.remainingTokens))
    headers['x-ratelimit-renewalperiod-tokens'] = '60'
    headers['x-ratelimit-reset-tokens'] = String(Math.floor(state.resetTokensMs / unitMs))
  }
}

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
