/** What is wrong with a request on the client's own data, in the words of that part of the service (users, 2024-2026). */
import { ApiError } from '../errors.ts'

/** `problems` are places and what is wrong there; each is told in a line. */
export const ownDataInvalid = (problems: readonly (readonly [place: string, problem: string])[]) =>
  new ApiError({
    status: 400,
    origin: 'model',
    layout: 'ownData',
    code: 400,
    message: problems.map(([place, problem]) => `Validation error at #/${place}: ${problem}`).join('\n'),
    headers: { 'Content-Type': 'application/json; charset=UTF-8' },
  })
