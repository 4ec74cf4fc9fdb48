/** Requests and answers as `GET /++/requests` shows them: JSON as such, forms by their fields, secrets masked. */
import { formParts } from '../base/form.ts'
import { put } from '../config/tree.ts'
import type { Exchanged, KeptBody } from '../metrics/bodies.ts'
import { hidden, maskedJson } from '../recordings/secrets.ts'

export type ShownBodies = {
  readonly request?: {
    readonly headers: Readonly<Record<string, string>>
    readonly body?: unknown
    readonly isCut?: true
  }
  readonly response?: { readonly body?: unknown; readonly isCut?: true }
}

export const shownBodies = (exchanged: Exchanged): ShownBodies =>
  Object.fromEntries(shownParts(exchanged).map(([name, part]) => [name, part()]))

/** Each is made when it is asked for, as it may be long. */
export function shownParts({ asked, answered }: Exchanged): readonly (readonly [keyof ShownBodies, () => object])[] {
  const request = () => ({
    headers: shownHeaders(asked.headers),
    ...(asked.body && shownBody(asked.body, asked.contentType)),
  })
  if (!answered) return [['request', request]]
  return [
    ['request', request],
    ['response', () => shownBody(answered.body, answered.contentType)],
  ]
}

const secretHeader = /auth|key|token|secret|cookie/i

const shownHeaders = (headers: Exchanged['asked']['headers']) =>
  Object.fromEntries(headers.map(([name, value]) => [name, secretHeader.test(name) ? hidden : value]))

function shownBody({ bytes, isCut }: KeptBody, contentType: string) {
  return { body: valueOf(bytes, contentType), ...(isCut && { isCut: true as const }) }
}

function valueOf(bytes: Uint8Array, contentType: string): unknown {
  if (/json/i.test(contentType) || contentType === '') {
    const text = textOf(bytes)
    try {
      return JSON.parse(maskedJson(text)) as unknown
    } catch {
      return text
    }
  }
  const fields = fieldsOfBody(bytes, contentType)
  if (fields) return fields
  return /^text\/|xml|yaml/i.test(contentType) ? textOf(bytes) : { bytes: bytes.length }
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')

/** The fields of a form, of a file what it is; undefined where it is none. */
export function fieldsOfBody(bytes: Uint8Array, contentType: string): Readonly<Record<string, unknown>> | undefined {
  const parts = formParts(bytes, contentType)
  if (!parts) return undefined
  const fields: Record<string, unknown> = {}
  for (const part of parts)
    put(
      fields,
      part.name,
      'text' in part ? part.text : { filename: part.filename, type: part.type, bytes: part.bytes.length },
    )
  return fields
}

/** What a filter by body looks through: the request as it is shown. */
export function searchedText({ asked }: Exchanged): string {
  const { body, contentType } = asked
  if (!body) return ''
  const value = valueOf(body.bytes, contentType)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
