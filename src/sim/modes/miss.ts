/** What replay answers where it has no recording; the service has no such errors. */
import { type ApiError, gatewayError } from '../errors.ts'
import type { Nearest } from '../recordings/interaction.ts'
import type { Wire } from '../types.ts'
import { reasonOf } from '../base/reason.ts'

/** No SDK sends a request again that is answered with 404, unlike 408, 409, 429 and 5xx. */
export function recordingNotFound({ method, target }: Wire, nearest: Nearest | undefined): ApiError {
  const near = nearest
    ? `The nearest is ${nearest.name}, which differs in ${nearest.difference}.`
    : 'There is none that is near it.'
  return gatewayError(404, 'RecordingNotFound', `No recording fits this ${method} ${target.path}. ${near}`)
}

/** The store is away, and may be back: a client may well try again. */
export function recordingsUnavailable(error: unknown): ApiError {
  const reason = reasonOf(error)
  return gatewayError(503, 'RecordingsUnavailable', `The recordings could not be read: ${reason}`)
}
