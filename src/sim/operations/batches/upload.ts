/** What an upload says: the file, what it is for, and when it expires. */
import { textOf } from '../../base/text-of.ts'
import * as z from 'zod'
import { hasTypedFile, parseForm } from '../../base/form.ts'
import { contentTooLarge, invalidBody, invalidValue, missingParameter } from '../../errors.ts'
import { unexpectedField, unknownPurpose, untypedFile, wrongSuffix } from '../../errors/stored.ts'
import { integer, parseBody } from '../../http/validate.ts'
import type { AnyCall } from '../../operation.ts'
import { isOfJobs } from '../../kept/stored-files.ts'

export type UploadBody = {
  readonly file: File
  readonly purpose: string
  readonly expiresAfterMs: number | undefined
}

export function parseUpload({ wire, match, apiVersion }: AnyCall, maxBytes: number): UploadBody {
  const form = parseForm(wire.bytes, wire.contentType)
  if (!form) throw invalidBody()
  const purpose = form.get('purpose')
  if (typeof purpose !== 'string' || !purposes.includes(purpose)) throw unknownPurpose()
  const file = form.get('file')
  if (!(file instanceof File)) throw missingParameter('file')
  if (isOfJobs(purpose)) {
    if (!hasTypedFile(wire.bytes, wire.contentType, 'file')) throw untypedFile()
    if (!/\.jsonl$/i.test(file.name)) throw wrongSuffix()
  }
  const expiry = expiryOf(form)
  if (expiry && match.surface !== 'v1' && apiVersion < expirySince) throw unexpectedField('expires_after')
  const expiresAfterMs = expiry && parseBody(Expiry, { expires_after: expiry }).expires_after.seconds * 1000
  if (file.size > maxBytes) throw contentTooLarge(maxBytes, file.size)
  return { file, purpose, expiresAfterMs }
}

const purposes: readonly string[] = ['fine-tune', 'assistants', 'batch', 'vision', 'user_data', 'evals']

/** The first version with which Microsoft's guide to batches asks for it (March 2025). */
const expirySince = '2025-03-01-preview'

/** From an hour to thirty days, as the upstream API has it. */
/** For the description; a form is read field by field. */
export const uploadForm = () => z.object({ file: z.file(), purpose: z.string() })

const Expiry = z.object({
  expires_after: z.strictObject({ anchor: z.enum(['created_at']), seconds: integer(3_600, 2_592_000) }),
})

const nested = /^expires_after(?:\[(\w*)\]|\.(\w*))$/

/** As JSON in one part, or a part a member, as `expires_after[seconds]` or `expires_after.seconds`. */
function expiryOf(form: FormData): Record<string, unknown> | undefined {
  const parts: [string, unknown][] = []
  for (const [name, value] of form) {
    if (name === 'expires_after') return jsonOf(value)
    const found = nested.exec(name)
    if (!found && name.startsWith('expires_after')) throw invalidValue(name.slice(0, 100), wrongMember)
    if (found) parts.push([found[1] ?? found[2] ?? '', numberOf(value)])
  }
  return parts.length === 0 ? undefined : Object.fromEntries(parts)
}

const wrongMember = "Unknown member of 'expires_after': supported are 'anchor' and 'seconds'."

const numberOf = (value: unknown) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value)

function jsonOf(value: unknown): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(textOf(value))
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>
  } catch {
    // Said below, as of any other value.
  }
  throw invalidValue('expires_after', "Invalid type for 'expires_after': expected an object.", 'invalid_type')
}
