/** Every response header, by name, in one place. */
import { retryAfterSeconds } from '../errors/limit.ts'
import type { ApiError } from '../errors.ts'
import type { Admission, AnyCall, LimitState, Plan } from '../types.ts'

type Headers = Record<string, string>

const strictTransportSecurity = 'max-age=31536000; includeSubDomains; preload'

/** What every answer of the resource itself bears; `about` is what was known when it was made. */
export type About = {
  readonly requestId: string
  readonly region: string
  readonly call: AnyCall | undefined
  readonly state: LimitState | undefined
  /** As the client sent it: the service gives it back. */
  readonly clientRequestId: string | null
}

export function answerHeaders(plan: Plan, about: About, modelRequestId: string, bytes: number | undefined): Headers {
  if (plan.isRelayed) return relayedHeaders(plan, about, bytes)
  const headers: Headers =
    bytes === undefined
      ? { 'Content-Type': plan.contentType }
      : { 'Content-Length': String(bytes), 'Content-Type': plan.contentType }
  headers['Strict-Transport-Security'] = strictTransportSecurity
  headers['apim-request-id'] = about.requestId
  headers['x-content-type-options'] = 'nosniff'
  headers['x-ms-region'] = about.region
  headers['x-request-id'] = modelRequestId
  const deployment = about.call?.deployment
  if (deployment) {
    headers['x-accel-buffering'] = 'no'
    headers['x-ms-deployment-name'] = headerText(deployment.name)
    headers['x-ms-rai-invoked'] = 'true'
  }
  if (about.clientRequestId !== null) headers['x-ms-client-request-id'] = about.clientRequestId
  if (about.state) addLimits(headers, about.state)
  for (const name in plan.headers) headers[name] = plan.headers[name] ?? ''
  return headers
}

/** A real service's, with our limits in place of its own where we have any. */
function relayedHeaders(plan: Plan, { state }: About, bytes: number | undefined): Headers {
  const headers: Headers = {}
  // A status without a body has no length either.
  if (bytes !== undefined && plan.status !== 204 && plan.status !== 304) headers['Content-Length'] = String(bytes)
  if (plan.contentType !== '') headers['Content-Type'] = plan.contentType
  for (const name in plan.headers) {
    const isTheirLimit = state !== undefined && /^x-ratelimit-/i.test(name)
    if (!isTheirLimit) headers[name] = plan.headers[name] ?? ''
  }
  if (state) addLimits(headers, state)
  return headers
}

export function errorHeaders(error: ApiError, about: About, refusal: Refusal | undefined): Headers {
  const headers: Headers = {
    'Content-Length': String(Buffer.byteLength(error.body)),
    'Content-Type': 'application/json',
  }
  headers['apim-request-id'] = about.requestId
  // A wrong key is refused before anything else is known (recorded March 2026).
  if (error.origin === 'access') return headers
  headers['Strict-Transport-Security'] = strictTransportSecurity
  headers['x-content-type-options'] = 'nosniff'
  if (error.origin === 'gateway' && error.status === 404) return headers
  headers['x-ms-region'] = about.region
  if (refusal) {
    headers['Retry-After'] = String(retryAfterSeconds(refusal.retryAfterMs))
    headers['retry-after-ms'] = String(Math.ceil(refusal.retryAfterMs))
    headers['x-ratelimit-type'] = refusal.reason === 'tokens' ? 'Tokens' : 'Requests'
    headers['policy-id'] = `DeploymentRatelimit-${refusal.reason === 'tokens' ? 'Token' : 'Call'}`
  }
  if (error.origin === 'model') {
    headers['ms-azureml-model-error-reason'] = 'model_error'
    headers['ms-azureml-model-error-statuscode'] = String(error.status)
  }
  const state = refusal?.state ?? about.state
  if (state) addLimits(headers, state)
  return headers
}

export type Refusal = Extract<Admission, { ok: false }>

function addLimits(headers: Headers, state: LimitState): void {
  if (state.limitRequests !== undefined) {
    headers['x-ratelimit-limit-requests'] = String(state.limitRequests)
    headers['x-ratelimit-remaining-requests'] = String(state.remainingRequests)
    headers['x-ratelimit-renewalperiod-requests'] = '60'
    headers['x-ratelimit-reset-requests'] = String(Math.ceil(state.resetRequestsMs / 1000))
  }
  if (state.limitTokens !== undefined) {
    headers['x-ratelimit-limit-tokens'] = String(state.limitTokens)
    headers['x-ratelimit-remaining-tokens'] = String(Math.floor(state.remainingTokens))
    headers['x-ratelimit-renewalperiod-tokens'] = '60'
    headers['x-ratelimit-reset-tokens'] = String(Math.ceil(state.resetTokensMs / 1000))
  }
}

/** A deployment's name comes from the path and may hold what no header may. */
const headerText = (text: string) => (/^[\x21-\x7e]*$/.test(text) ? text : encodeURIComponent(text))
