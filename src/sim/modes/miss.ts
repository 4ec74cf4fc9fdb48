/** What replay answers where it has no recording; the service has no such errors. */
import { ApiError, unavailable } from '../errors.ts'
import type { Miss } from '../recordings/interaction.ts'
import type { Wire } from '../types.ts'
import { reasonOf } from '../base/reason.ts'

/** No SDK sends a request again that is answered with 404, unlike 408, 409, 429 and 5xx. */
export function recordingNotFound(
  { method, target }: Wire,
  { name, key, unreadable, nearest, absence }: Miss,
): ApiError {
  const own = unreadable.find((one) => one.name === name)
  if (own) {
    const message = `The recording of this ${method} ${target.path} cannot be read: ${own.name}: ${own.reason}`
    return noRecording('RecordingUnreadable', message, name)
  }
  const near = nearest
    ? `The nearest is ${nearest.name}, which differs in ${nearest.difference}.`
    : absence === undefined
      ? 'There is none that is near it.'
      : `${absence}, so that there are no recordings: nothing has been recorded there yet, or the place is another one.`
  const others = unreadable.map((one) => ` A part of ${one.name} cannot be read: ${one.reason}.`).join('')
  const message = `No recording fits this ${method} ${target.path}. It would be ${name}, by its key ${key}. ${near}${others}`
  return noRecording('RecordingNotFound', message, name)
}

const noRecording = (code: string, message: string, recording: string) =>
  new ApiError({ status: 404, origin: 'gateway', code, message, recording })

/** The store is away, and may be back: a client may well try again. */
export function recordingsUnavailable(error: unknown): ApiError {
  return unavailable('RecordingsUnavailable', `The recordings could not be read: ${reasonOf(error)}`)
}
