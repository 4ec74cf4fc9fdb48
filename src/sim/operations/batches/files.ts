import { Slices } from '../../base/slices.ts'
import type { BackEndName } from '../../base/back-ends.ts'
import { fileNotFound, jobNotFound } from '../../errors/stored.ts'
import { originOf } from '../../http/links.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import { listOf, pageOf } from '../parts/page.ts'
import { jsonPlan, keptPlan, wholePlan } from '../parts/whole-plan.ts'
import { attachment } from '../../kept/attachment.ts'
import {
  describeAsListed,
  describeFile,
  describeNewFile,
  isJobFileId,
  isOfJobs,
  type StoredFile,
  storedFiles,
} from '../../kept/stored-files.ts'
import { parseUpload, uploadForm } from './upload.ts'

const shared = { scope: 'resource', keeps: [storedFiles] } as const
const filesOf = ({ resource }: AnyCall) => resource.shelf(storedFiles)
const now = ({ resource }: AnyCall) => resource.clock.now()
const keeperOf = ({ purpose }: StoredFile): BackEndName => (isOfJobs(purpose) ? 'jobFiles' : 'assistantsFiles')

export const fileUpload: ResourceOperation = {
  ...shared,
  name: 'Files_Upload',
  accepts: { form: uploadForm },
  method: 'POST',
  path: '/files',
  answer: async (call) => {
    const { file, purpose, expiresAfterMs } = parseUpload(call, call.resource.config.files.maxBytes)
    const bytes = new Uint8Array(await file.arrayBuffer())
    // To read the form, to look through the file and to hash the request are three parts of what may be long.
    const slices = new Slices(call.resource.clock, call.signal, call.meter)
    if (bytes.length > longBytes) await slices.turn()
    const stored = filesOf(call).add({ bytes, filename: file.name, purpose, expiresAfterMs })
    if (bytes.length > longBytes) await slices.turn()
    const told = describeNewFile(stored, now(call))
    if (!isOfJobs(purpose)) return jsonPlan(told, { backEnd: 'assistantsFiles' })
    const location = `${originOf(call.wire)}/openai/files/${stored.id}?api-version=${versionOf(call)}`
    return jsonPlan(told, { status: 201, headers: { location }, backEnd: 'jobFileUploads' })
  },
}

const longBytes = 65_536

/** The new file's address is a dated one on v1, too (recorded March 2026). */
const versionOf = ({ match, apiVersion }: AnyCall) => (match.surface === 'v1' ? '2025-03-01-preview' : apiVersion)

export const fileList: ResourceOperation = {
  ...shared,
  name: 'Files_List',
  lists: [storedFiles],
  method: 'GET',
  path: '/files',
  answer: (call) => {
    const { query } = call.wire.target
    const purpose = query.get('purpose')
    const all = filesOf(call)
      .all()
      .filter((file) => purpose === null || file.purpose === purpose)
    const told = (file: StoredFile) => describeAsListed(file, now(call))
    if (call.match.surface !== 'v1') {
      const data = afterOf(query, all.toReversed()).map(told)
      return jsonPlan({ object: 'list', data }, { backEnd: 'assistantsFiles' })
    }
    const { first_id, last_id, ...page } = listOf(pageOf(all, query, { usual: 10_000, max: 10_000 }), told)
    return jsonPlan({ ...page, first_id, last_id }, { backEnd: 'assistantsFiles' })
  },
}

/** The dated list has no pages; clients that ask for what comes after its last file must come to an end all the same. */
function afterOf(query: URLSearchParams, files: readonly StoredFile[]): readonly StoredFile[] {
  const after = query.get('after')
  if (after === null || after === '') return files
  const place = files.findIndex(({ id }) => id === after)
  return place < 0 ? [] : files.slice(place + 1)
}

export const fileGet: ResourceOperation = {
  ...shared,
  name: 'Files_Get',
  method: 'GET',
  path: '/files/{file}',
  answer: (call) => {
    const file = found(call)
    return jsonPlan(describeFile(file, now(call)), { backEnd: keeperOf(file) })
  },
}

export const fileDelete: ResourceOperation = {
  ...shared,
  name: 'Files_Delete',
  method: 'DELETE',
  path: '/files/{file}',
  answer: (call) => {
    const id = idOf(call)
    const file = filesOf(call).get(id)
    if (file) filesOf(call).delete(id)
    // What is gone is no error to the service of batches and fine-tuning (recorded January and April 2025).
    else if (!isJobFileId(id)) throw fileNotFound(id)
    const backEnd = file ? keeperOf(file) : 'jobFiles'
    const isJob = file ? isOfJobs(file.purpose) : true
    const deleted = file !== undefined
    if (isJob && call.apiVersion === '2024-07-01-preview') return { ...wholePlan('', ''), status: 204, backEnd }
    // As the service had it that was last recorded with that version (August and December 2024).
    const told =
      isJob && call.apiVersion === '2024-10-21' ? { deleted, id, object: 'file' } : { object: 'file', deleted, id }
    return jsonPlan(told, { backEnd })
  },
}

export const fileContent: ResourceOperation = {
  ...shared,
  name: 'Files_GetContent',
  method: 'GET',
  path: '/files/{file}/content',
  answer: (call) => {
    const file = found(call)
    const headers = { 'content-disposition': attachment(file.filename) }
    return keptPlan('application/octet-stream', file.bytes, { headers, backEnd: keeperOf(file) })
  },
}

const idOf = ({ match }: AnyCall) => match.params['file'] ?? ''

function found(call: AnyCall): StoredFile {
  const id = idOf(call)
  const file = filesOf(call).get(id)
  if (file === undefined) throw isJobFileId(id) ? jobNotFound() : fileNotFound(id)
  return file
}
