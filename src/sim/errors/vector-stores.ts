/** The errors of vector stores, their files and batches of files. */
import { ApiError } from '../errors.ts'

const invalid = (status: number, message: string, param: string | null, code: string | null) =>
  new ApiError({
    status,
    origin: 'model',
    message,
    type: 'invalid_request_error',
    param,
    code,
    backEnd: 'vectorStores',
  })

/** Recorded April 2025. */
export const wrongStoreId = (id: string) =>
  invalid(
    400,
    `Invalid 'vector_store_id': '${id}'. Expected an ID that begins with 'vs'.`,
    'vector_store_id',
    'invalid_value',
  )

/** In the words that are recorded of threads. */
export const storeNotFound = (id: string) => invalid(404, `No vector store found with id '${id}'.`, null, null)
export const batchOfFilesNotFound = (id: string) => invalid(404, `No file batch found with id '${id}'.`, null, null)
export const storeFileNotFound = (id: string, storeId: string) =>
  invalid(404, `No file found with id '${id}' in vector store '${storeId}'.`, null, null)

/** Recorded December 2025. */
export const unsupportedFile = (ending: string, supported: readonly string[]) =>
  invalid(
    400,
    `Files with extensions [${ending || 'none'}] are not supported for retrieval. Supported file types include: [${supported.join(', ')}].`,
    'file_id',
    'unsupported_file',
  )

/** Of a tool that is to search in stores that are not there, as users quote it (2025). */
export const searchedStoresNotFound = (ids: readonly string[]) =>
  new ApiError({
    status: 404,
    origin: 'model',
    message: `Vector store with id [${ids.map((id) => `'${id}'`).join(', ')}] not found.`,
    type: 'invalid_request_error',
    param: 'tools',
    code: null,
  })
