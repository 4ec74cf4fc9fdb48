/** What is wrong with a request on the client's own data, in the words of that part of the service (users, 2024-2026). */
import { compact } from '../base/back-ends.ts'
import { isObject } from '../base/object.ts'
import { ApiError } from '../errors.ts'

/** `problems` are places and what is wrong there; each is told in a line. The id is known where it is answered. */
export const ownDataInvalid = (problems: readonly (readonly [place: string, problem: string])[]) =>
  ownDataError({
    requestid: '',
    code: 400,
    message: problems.map(([place, problem]) => `Validation error at #/${place}: ${problem}`).join('\n'),
  })

const ownDataError = (error: object) =>
  new ApiError(400, 'model', { value: { error }, layout: compact }, 'application/json; charset=UTF-8')

/** For `toError`: such an error names its request. */
export function withRequestId(known: ApiError, _: unknown, requestId: string): ApiError {
  const error = isObject(known.value) ? known.value['error'] : undefined
  return isObject(error) && 'requestid' in error ? ownDataError({ ...error, requestid: requestId }) : known
}
