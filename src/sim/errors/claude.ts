/** Errors as Claude's own API says them, and what becomes of the service's others below its paths. */
import { ApiError } from '../errors.ts'
import type { Worded } from '../operation.ts'
import { base62Text, hashText32, seededRandom } from '../random.ts'

/** Whatever a body or a header has wrong. */
export const claudeInvalid = (message: string) =>
  new ApiError({ status: 400, origin: 'gateway', type: 'invalid_request_error', code: null, message })

/** The id by which Claude's API knows the request that the gateway knows by another. */
export function claudeRequestId(requestId: string): string {
  return `req_011C${base62Text(seededRandom(hashText32(requestId)), 20)}`
}

/**
 * In the shape of Claude's API, with the request's id. What the resource's gateway refuses before Claude is asked stays
 * as the gateway says it: a wrong key, and a model that has another API (both quoted by users of Foundry, 2025-2026).
 */
export function wordClaudeError(error: ApiError, { requestId }: { readonly requestId: string }): Worded | undefined {
  const { status, origin, code, message } = error
  if (origin === 'access' || origin === 'route' || code === 'api_not_supported') return undefined
  const type = types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
  return {
    status,
    body: JSON.stringify({ type: 'error', error: { type, message }, request_id: claudeRequestId(requestId) }),
  }
}

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}
