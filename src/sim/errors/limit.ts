/** What is answered to who asks too often, or for too much. */
import { ApiError } from '../errors.ts'

/** What a 429 tells of the request that it refuses. */
export type RateLimitFacts = {
  readonly deployment: string
  readonly model: string
  readonly region: string
  readonly reason: 'tokens' | 'requests'
  readonly operation: string
  /** `v1`, or a dated version. */
  readonly apiVersion: string
  readonly retryAfterMs: number
}

/** As the service has it since about September 2025 (quoted by users, with the space after `"message":`). */
export function rateLimited(facts: RateLimitFacts): ApiError {
  const seconds = retryAfterSeconds(facts.retryAfterMs)
  const api =
    facts.apiVersion === 'v1' ? 'OpenAI Language Model Instance API' : `Azure OpenAI API version ${facts.apiVersion}`
  const message =
    `Your requests to ${facts.deployment} for ${facts.model} in ${facts.region} have exceeded the ` +
    `${facts.reason === 'tokens' ? 'token' : 'call'} rate limit for your current OpenAI S0 pricing tier. ` +
    `This request was for ${facts.operation} under ${api}. ` +
    `Please retry after ${seconds} second${seconds === 1 ? '' : 's'}. ` +
    'To increase your default rate limit, visit: https://aka.ms/oai/quotaincrease.'
  return new ApiError(429, 'limit', `{"error":{"code":"RateLimitReached","message": ${JSON.stringify(message)}}}`)
}

/** Whole seconds after which a wait is over, at least one. */
export const retryAfterSeconds = (retryAfterMs: number) => Math.max(1, Math.ceil(retryAfterMs / 1000))
