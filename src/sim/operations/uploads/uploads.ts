/** Large files that are uploaded in parts (recorded September 2024; parts and the end as in the upstream API's reference). */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { parseForm } from '../../base/form.ts'
import { keptShelf } from '../../base/kept-shelf.ts'
import { contentTooLarge, invalidBody, invalidValue, missingParameter } from '../../errors.ts'
import { notKept, notNow, unknownPurpose } from '../../errors/stored.ts'
import { integer, later } from '../../http/validate.ts'
import { describeAsListed, isOfJobs, storedFiles, toSeconds, type StoredFile } from '../../kept/stored-files.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import { base62Text } from '../../random.ts'
import { optional } from '../parts/body-fields.ts'
import { bodyOf } from '../parts/json-body.ts'
import { jsonPlan } from '../parts/whole-plan.ts'

type Upload = {
  readonly id: string
  readonly createdAtMs: number
  readonly filename: string
  readonly purpose: string
  readonly bytes: number
  readonly parts: ReadonlyMap<string, Uint8Array>
  readonly state: 'pending' | 'completed' | 'cancelled'
  readonly file: StoredFile | undefined
}

const uploads = keptShelf<Upload>({
  kind: 'uploads',
  ids: /\bassistant-upload_[0-9A-Za-z]{24}\b/g,
  bytesOf: ({ parts }) => 500 + sumOf([...parts.values()]),
  // Whoever ends it has the last word; until then parts come from everywhere.
  merge: (mine, theirs) =>
    theirs.state === 'pending' && mine.state === 'pending'
      ? { ...mine, parts: new Map([...theirs.parts, ...mine.parts]) }
      : theirs.state === 'pending'
        ? mine
        : theirs,
})
const sumOf = (parts: readonly Uint8Array[]) => parts.reduce((sum, { length }) => sum + length, 0)
const backEnd = 'assistantsFiles'
const lifetimeMs = 3_600_000

const shared = { scope: 'resource', backEnd: 'assistantsFiles', keeps: [uploads] } as const

const creating = later(() =>
  z.strictObject({
    filename: z.string().min(1),
    purpose: z.string(),
    bytes: integer(1),
    mime_type: z.string(),
    expires_after: optional(z.looseObject({})),
  }),
)
const purposes: readonly string[] = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals']

export const uploadCreate: ResourceOperation = {
  ...shared,
  name: 'Uploads_Create',
  accepts: { json: creating },
  method: 'POST',
  path: '/uploads',
  answer: (call) => {
    const { resource } = call
    const { filename, purpose, bytes } = bodyOf(creating(), call)
    if (!purposes.includes(purpose)) throw unknownPurpose()
    const { maxBytes } = resource.config.files
    if (bytes > maxBytes) throw contentTooLarge(maxBytes, bytes)
    const upload: Upload = {
      id: `assistant-upload_${base62Text(resource.random, 24)}`,
      createdAtMs: resource.clock.now(),
      filename,
      purpose,
      bytes,
      parts: new Map(),
      state: 'pending',
      file: undefined,
    }
    return kept(call, upload)
  },
}

export const uploadPart: ResourceOperation = {
  ...shared,
  name: 'Uploads_AddPart',
  accepts: { form: () => z.object({ data: z.file() }) },
  method: 'POST',
  path: '/uploads/{upload}/parts',
  answer: async (call) => {
    const upload = pending(call)
    const form = parseForm(call.wire.bytes, call.wire.contentType)
    if (!form) throw invalidBody()
    const data = form.get('data')
    if (!(data instanceof File)) throw missingParameter('data')
    if (data.size > maxPartBytes) throw contentTooLarge(maxPartBytes, data.size)
    const { resource } = call
    const id = `part_${base62Text(resource.random, 24)}`
    const bytes = new Uint8Array(await data.arrayBuffer())
    if (sumOf([...upload.parts.values()]) + bytes.length > upload.bytes)
      throw invalidValue('data', `The parts are longer than the ${upload.bytes} bytes that the upload was to have.`)
    resource.shelf(uploads).put({ ...upload, parts: new Map([...upload.parts, [id, bytes]]) })
    const created_at = toSeconds(resource.clock.now())
    return jsonPlan({ id, object: 'upload.part', created_at, upload_id: upload.id }, { backEnd })
  },
}

/** The upstream API's: 64 MB. */
const maxPartBytes = 67_108_864

const completing = later(() => z.strictObject({ part_ids: z.array(z.string()), md5: optional(z.string()) }))

export const uploadComplete: ResourceOperation = {
  ...shared,
  name: 'Uploads_Complete',
  accepts: { json: completing },
  method: 'POST',
  path: '/uploads/{upload}/complete',
  answer: (call) => {
    const upload = pending(call)
    const { part_ids: ids, md5 } = bodyOf(completing(), call)
    const parts = ids.map((id) => {
      const part = upload.parts.get(id)
      if (!part) throw notKept('part', id, backEnd)
      return part
    })
    const bytes = new Uint8Array(Buffer.concat(parts))
    if (bytes.length !== upload.bytes)
      throw notNow(`The parts have ${bytes.length} bytes together; the upload was to have ${upload.bytes}.`, backEnd)
    if (md5 && createHash('md5').update(bytes).digest('hex') !== md5.toLowerCase())
      throw notNow('The parts do not have the MD5 sum that was given.', backEnd)
    const { filename, purpose } = upload
    const file = call.resource.shelf(storedFiles).add({ bytes, filename, purpose })
    return kept(call, { ...upload, parts: new Map(), state: 'completed', file })
  },
}

export const uploadCancel: ResourceOperation = {
  ...shared,
  name: 'Uploads_Cancel',
  method: 'POST',
  path: '/uploads/{upload}/cancel',
  answer: (call) => kept(call, { ...pending(call), parts: new Map(), state: 'cancelled' }),
}

function pending(call: AnyCall): Upload {
  const id = call.match.params['upload'] ?? ''
  const upload = call.resource.shelf(uploads).get(id)
  if (!upload) throw notKept('upload', id, backEnd)
  const status = statusOf(upload, call)
  if (status !== 'pending') throw notNow(`Upload '${id}' is ${status}, and takes no more.`, backEnd)
  return upload
}

const statusOf = ({ state, createdAtMs }: Upload, { resource }: AnyCall) =>
  state === 'pending' && resource.clock.now() >= createdAtMs + lifetimeMs ? 'expired' : state

function kept(call: AnyCall, upload: Upload) {
  const { resource } = call
  resource.shelf(uploads).put(upload)
  const { id, bytes, filename, purpose, createdAtMs, file } = upload
  const told = {
    id,
    object: 'upload',
    bytes,
    created_at: toSeconds(createdAtMs),
    filename,
    purpose,
    status: statusOf(upload, call),
    expires_at: toSeconds(createdAtMs + lifetimeMs),
    ...(file && { file: describeAsListed(file, resource.clock.now()) }),
  }
  return jsonPlan(told, { backEnd: isOfJobs(purpose) ? 'jobFiles' : backEnd })
}
