/** The errors of what a resource keeps: files and batches. */
import type { BackEndName } from '../base/back-ends.ts'
import { ApiError } from '../errors.ts'

const invalid = (status: number, message: string, param: string | null, backEnd: BackEndName) =>
  new ApiError({ status, origin: 'model', message, type: 'invalid_request_error', param, code: null, backEnd })

const told = (status: number, code: string, message: string, backEnd: BackEndName) =>
  new ApiError({ status, origin: 'model', layout: 'gatewayLike', code, message, backEnd })

/** A file of assistants that is not there, or not any more (recorded January and April 2025). */
export const fileNotFound = (id: string) => invalid(404, `No such File object: ${id}`, 'id', 'assistantsFiles')

/** A job of fine-tuning (recorded January 2025), and a file of it or of batches, of which the same is taken to be said. */
export const jobNotFound = () => told(404, 'notFound', 'The specified entity cannot be found.', 'jobFiles')

/** An upload that no back end takes, or that the one of batches and fine-tuning refuses (quoted by users, February to October 2024). */
const invalidPayload = (message: string) => told(400, 'invalidPayload', message, 'jobFileUploads')
export const unknownPurpose = () => invalidPayload('Invalid value for purpose.')
export const untypedFile = () => invalidPayload('The file has no or an empty content type specified.')
export const wrongSuffix = () => invalidPayload('fileName contains an invalid filename: wrong suffix.')

/** A field that an upload does not have in that version (quoted by a user of another field, May 2024). */
export const unexpectedField = (name: string) =>
  invalid(400, `Additional properties are not allowed ('${name}' was unexpected)`, null, 'assistantsFiles')

/** Text as the upstream API has it. */
export const batchNotFound = (id: string) => invalid(404, `No batch found with id '${id}'.`, null, 'batches')

/** A batch that has ended, or soon will. Text as the upstream API has it. */
export const batchNotCancellable = (status: string) =>
  invalid(409, `Cannot cancel a batch with status '${status}'.`, null, 'batches')

/** A chat completion that is not kept. The words are a guess in the shape of their neighbours. */
export const chatNotFound = (id: string) =>
  invalid(404, `Chat completion with id '${id}' not found.`, null, 'keptResponses')

/** What else is not kept, in the words of its neighbours. */
export const notKept = (kind: string, id: string, backEnd: BackEndName) =>
  invalid(404, `No ${kind} found with id '${id}'.`, null, backEnd)

/** A change that the state of a thing does not allow. The words are a guess in the shape of their neighbours. */
export const notNow = (message: string, backEnd: BackEndName) => invalid(400, message, null, backEnd)
