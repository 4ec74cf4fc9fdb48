/**
 * A stream that its limits do not let in, as the newer front end tells it (quoted frames, 2026): under status 200, with
 * the wait in the headers and the refusal in events. It is told so where the setting asks for that front end's words.
 */
import { ApiError } from '../../errors.ts'
import { asResponsesError } from '../../errors/responses.ts'
import type { AnyCall } from '../../operation.ts'
import { idMaker } from './ids.ts'

/** For `toError`: what the Responses API says in its own way. */
export function toResponsesError(error: ApiError, call: AnyCall | undefined): ApiError {
  const isTold = error.status === 429 && error.origin === 'limit' && call?.stream === true
  const message = isTold ? newMessageIn(error.body) : undefined
  if (message === undefined || !call?.deployment) return asResponsesError(error)
  const { receivedAtMs, timing, deployment } = call
  const createdAtSeconds = Math.floor(receivedAtMs / 1000)
  const id = idMaker(timing, createdAtSeconds, true)('resp')
  const shared = { model: deployment.name, output: [] }
  const code = 'rate_limit_exceeded'
  const events: readonly (readonly [string, object])[] = [
    [
      'response.created',
      {
        response: {
          id,
          object: 'response',
          created_at: createdAtSeconds,
          status: 'in_progress',
          error: null,
          ...shared,
        },
      },
    ],
    [
      'error',
      { error: { type: 'too_many_requests', code, headers: { 'x-ms-fe-error': 'true' }, message, param: null } },
    ],
    ['response.failed', { response: { object: 'response', status: 'failed', error: { code, message }, ...shared } }],
  ]
  const body = events
    .map(([type, rest], number) => ({ type, ...rest, sequence_number: number }))
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('')
  return new ApiError(200, 'limit', body, 'text/event-stream; charset=utf-8')
}

/** Of a refusal in the newer front end's form alone. */
function newMessageIn(body: string): string | undefined {
  const { error } = JSON.parse(body) as { readonly error?: { readonly code?: string; readonly message?: string } }
  return error?.code === 'rate_limit_exceeded' ? error.message : undefined
}
