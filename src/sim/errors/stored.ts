/** The errors of what a resource keeps: files and batches. */
import { invalidRequest } from '../errors.ts'

/** A file that is not there, or not any more. Text as the upstream API has it. */
export const fileNotFound = (id: string) => invalidRequest(`No such File object: ${id}`, 'id', null, 404)

/** Text as the upstream API has it. */
export const batchNotFound = (id: string) => invalidRequest(`No batch found with id '${id}'.`, null, null, 404)

/** A batch that has ended, or soon will. Text as the upstream API has it. */
export const batchNotCancellable = (status: string) =>
  invalidRequest(`Cannot cancel a batch with status '${status}'.`, null, null, 409)
