/**
 * A stream that a rate limit refuses, in the form of the newer front end (quoted frames, 2026): status 200, with the wait in the
 * headers and the refusal in events. It is used if `azure.rateLimitError` asks for that front end.
 */
import type { ApiError } from '../../errors.ts'
import { writeError } from '../../errors/layouts.ts'
import { deploymentUnmatched } from '../../errors/responses.ts'
import type { Call, ErrorContext, Worded } from '../../operation.ts'
import { idMaker } from './ids.ts'

/** Errors that the Responses API words in its own way: a missing deployment, and a refused stream. */
export function wordResponsesError(error: ApiError, context: ErrorContext): Worded | undefined {
  const { call } = context
  if (error.code === 'DeploymentNotFound') {
    const said = deploymentUnmatched()
    return { status: said.status, body: writeError(said, context) }
  }
  const isOfStream = error.origin === 'limit' && error.code === 'rate_limit_exceeded' && call?.stream === true
  return isOfStream && call.deployment ? refusedStream(error, call as Call) : undefined
}

function refusedStream({ message }: ApiError, call: Call): Worded {
  const { receivedAtMs, timing, deployment } = call
  const createdAtSeconds = Math.floor(receivedAtMs / 1000)
  const id = idMaker(timing, { createdAtSeconds, isStored: true })('resp')
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
  return { status: 200, contentType: 'text/event-stream; charset=utf-8', body }
}
