/** What is wrong with a request on the client's own data, in the words of that part of the service (users, 2024-2026). */
import { ApiError, envelope } from '../errors.ts'

/** `problems` are places and what is wrong there; each is told in a line. */
export const ownDataInvalid = (problems: readonly (readonly [place: string, problem: string])[]) =>
  new ApiError(
    400,
    'model',
    envelope({
      requestid: noId,
      code: 400,
      message: problems.map(([place, problem]) => `Validation error at #/${place}: ${problem}`).join('\n'),
    }),
    'application/json; charset=UTF-8',
  )

/** Stands for the id until it is known which request is refused. */
const noId = '00000000-0000-0000-0000-000000000000'
const noIdMember = `{"error":{"requestid":"${noId}"`

/** For `toError`: such an error names its request. */
export const withRequestId = (error: ApiError, _: unknown, requestId: string): ApiError =>
  error.body.startsWith(noIdMember)
    ? new ApiError(error.status, error.origin, error.body.replace(noId, requestId), error.contentType)
    : error
