/** Errors as Claude's own API says them, and what becomes of the service's others below its paths. */
import { ApiError } from '../errors.ts'
import { base62Text, hashText32, seededRandom } from '../random.ts'

/** Whatever a body or a header has wrong. */
export const claudeInvalid = (message: string) => new ApiError(400, 'gateway', bodyOf('invalid_request_error', message))

/** The id by which Claude's API knows the request that the gateway knows by another. */
export function claudeRequestId(requestId: string): string {
  return `req_011C${base62Text(seededRandom(hashText32(requestId)), 20)}`
}

/**
 * In the shape of Claude's API, with the request's id. What the resource's gateway refuses before Claude is asked stays
 * as the gateway says it: a wrong key, and a model that has another API (both quoted by users of Foundry, 2025-2026).
 */
export function toClaudeError(error: ApiError, _: unknown, requestId: string): ApiError {
  const { status, origin, body } = error
  if (origin === 'access' || origin === 'route' || body.includes('"api_not_supported"')) return error
  const type = types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
  const known = bodyOf(type, messageOf(body))
  return new ApiError(status, origin, `${known.slice(0, -1)},"request_id":"${claudeRequestId(requestId)}"}`)
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

const bodyOf = (type: string, message: string) => JSON.stringify({ type: 'error', error: { type, message } })

function messageOf(body: string): string {
  const { error } = JSON.parse(body) as { readonly error?: { readonly message?: string } }
  return error?.message ?? body
}
