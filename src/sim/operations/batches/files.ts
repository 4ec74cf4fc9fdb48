import * as z from 'zod'
import { contentTooLarge, invalidBody } from '../../errors.ts'
import { fileNotFound } from '../../errors/stored.ts'
import { parseForm } from '../../base/form.ts'
import { originOf } from '../../http/links.ts'
import { integer, parseBody } from '../../http/validate.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import { listOf, pageOf } from '../parts/page.ts'
import { describeFile, type StoredFile, storedFiles } from './stored-files.ts'
import { jsonPlan, wholePlan } from '../parts/whole-plan.ts'

const filesOf = ({ resource }: AnyCall) => resource.shelf(storedFiles)
const described = (file: StoredFile, { resource, match }: AnyCall) =>
  describeFile(file, resource.clock.now(), match.surface)

export const fileUpload: ResourceOperation = {
  scope: 'resource',
  name: 'Files_Upload',
  method: 'POST',
  path: '/files',
  answer: async (call) => {
    const form = parseForm(call.wire.bytes, call.wire.contentType)
    if (!form) throw invalidBody()
    const { file, purpose, expires_after: expiry } = parseBody(Upload, fieldsOf(form))
    const { maxBytes } = call.resource.config.files
    if (file.size > maxBytes) throw contentTooLarge(maxBytes, file.size)
    const stored = filesOf(call).add({
      bytes: new Uint8Array(await file.arrayBuffer()),
      filename: file.name,
      purpose,
      expiresAfterMs: expiry && expiry.seconds * 1000,
    })
    if (call.match.surface === 'v1') return jsonPlan(described(stored, call))
    // The dated description has 201 and the new file's address; of v1 neither is known.
    const location = `${originOf(call.wire)}/openai/files/${stored.id}`
    return jsonPlan(described(stored, call), { status: 201, headers: { location } })
  },
}

export const fileList: ResourceOperation = {
  scope: 'resource',
  name: 'Files_List',
  method: 'GET',
  path: '/files',
  answer: (call) => {
    const { query } = call.wire.target
    const purpose = query.get('purpose')
    const all = filesOf(call)
      .all()
      .filter((file) => purpose === null || file.purpose === purpose)
    // The dated description knows no pages.
    if (call.match.surface !== 'v1')
      return jsonPlan({ data: all.toReversed().map((file) => described(file, call)), object: 'list' })
    const page = pageOf(all, query, { usual: 10_000, max: 10_000 })
    return jsonPlan(listOf(page, (file) => described(file, call)))
  },
}

export const fileGet: ResourceOperation = {
  scope: 'resource',
  name: 'Files_Get',
  method: 'GET',
  path: '/files/{file}',
  answer: (call) => jsonPlan(described(found(call), call)),
}

export const fileDelete: ResourceOperation = {
  scope: 'resource',
  name: 'Files_Delete',
  method: 'DELETE',
  path: '/files/{file}',
  answer: (call) => {
    const { id } = found(call)
    filesOf(call).delete(id)
    return jsonPlan({ object: 'file', deleted: true, id })
  },
}

export const fileContent: ResourceOperation = {
  scope: 'resource',
  name: 'Files_GetContent',
  method: 'GET',
  path: '/files/{file}/content',
  answer: (call) => {
    const { bytes, filename } = found(call)
    const headers = { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename)}` }
    return wholePlan('application/octet-stream', bytes, { headers })
  },
}

function found(call: AnyCall): StoredFile {
  const id = call.match.params['file'] ?? ''
  const file = filesOf(call).get(id)
  if (file === undefined) throw fileNotFound(id)
  return file
}

const Upload = z.object({
  file: z.instanceof(File),
  purpose: z.enum(['fine-tune', 'assistants', 'batch', 'vision', 'user_data', 'evals']),
  /** From an hour to thirty days, as the upstream API has it. */
  expires_after: z.object({ anchor: z.enum(['created_at']), seconds: integer(3_600, 2_592_000) }).optional(),
})

/** Clients write what is nested as `expires_after[seconds]`. */
function fieldsOf(form: FormData): Record<string, unknown> {
  const field = (name: string) => form.get(name) ?? undefined
  const [anchor, seconds] = [field('expires_after[anchor]'), field('expires_after[seconds]')]
  const asNumber = typeof seconds === 'string' && /^\d+$/.test(seconds) ? Number(seconds) : seconds
  const isAsked = anchor !== undefined || seconds !== undefined
  return {
    file: field('file'),
    purpose: field('purpose'),
    expires_after: isAsked ? { anchor, seconds: asNumber } : undefined,
  }
}
