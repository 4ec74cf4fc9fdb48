/**
 * Files of the Python simulator (microsoft/aoai-api-simulator, `record_replay/persistence.py` and `models.py`): version
 * 1, all interactions of a path in one file, a body above 1,024 characters left out but for its md5.
 */
import type { JsonObject } from '../base/object.ts'
import { createHash } from 'node:crypto'
import { load, YAML11_SCHEMA } from 'js-yaml'
import { toBody } from './body.ts'
import type { Interaction, Sought } from './interaction.ts'
import type { KeyOf } from './key.ts'
import { decoded, foldPath } from './name.ts'
import { DocumentError, fieldsOf, firstLine, Reader } from './reader.ts'
import { keepHeaders } from './secrets.ts'
import { usageOf } from './recorded-usage.ts'

export type LegacyRecording = {
  readonly interactions: readonly LegacyInteraction[]
  /** Of those that cannot be read: which, and why. */
  readonly problems: readonly string[]
  readonly find: (sought: Sought) => Interaction | undefined
}

export type LegacyInteraction = {
  readonly interaction: Interaction
  /** The request, where its body was kept. */
  readonly sought: Sought | undefined
}

export const isLegacyDocument = (text: string) => /^["']?interactions["']?\s*:/m.test(text)

/** PyYAML writes YAML 1.1, and bodies that are no text as `!!binary`. */
export function parseLegacy(text: string, keyOf: KeyOf): LegacyRecording {
  const tree = fieldsOf(load(text, { schema: YAML11_SCHEMA }), 'the document')
  const list = tree.interactions
  if (!Array.isArray(list)) throw new DocumentError('interactions: not a list')
  const problems: string[] = []
  const interactions = list.flatMap((item, index) => {
    try {
      return [toInteraction(fieldsOf(item, 'it'))]
    } catch (error) {
      problems.push(`interactions[${index}]: ${firstLine(error)}`)
      return []
    }
  })
  const byKey = new Map<string, Interaction>()
  const byMd5 = new Map<string, Interaction>()
  // The last of two for one request is the one that the Python simulator would have answered with.
  for (const { interaction, sought } of interactions) {
    const { method, path, bodyMd5 } = interaction.request
    byMd5.set(place(method, path, bodyMd5 ?? (sought ? legacyMd5(sought) : '')), interaction)
    if (sought) byKey.set(keyOf(sought), interaction)
  }
  return {
    interactions,
    problems,
    find: (sought) => byKey.get(keyOf(sought)) ?? byMd5.get(place(sought.method, sought.path, legacyMd5(sought))),
  }
}

const place = (method: string, path: string, md5: string) => `${method.toUpperCase()} ${decoded(foldPath(path))} ${md5}`

/** Of the raw bytes, with a form's boundary replaced as that simulator did it. */
export function legacyMd5({ contentType, bytes }: Pick<Sought, 'contentType' | 'bytes'>): string {
  return createHash('md5').update(withSteadyBoundary(contentType, bytes)).digest('hex')
}

function withSteadyBoundary(contentType: string, bytes: Uint8Array): Uint8Array {
  const start = contentType.indexOf('boundary=')
  if (!contentType.startsWith('multipart/form-data') || start < 0) return bytes
  const boundary = Buffer.from(`--${contentType.slice(start + 'boundary='.length)}`, 'latin1')
  const steady = Buffer.from('--AOAI-API-SIMULATOR-BOUNDARY')
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const pieces: Buffer[] = []
  let done = 0
  for (let at = body.indexOf(boundary); at >= 0; at = body.indexOf(boundary, at + boundary.length)) {
    if (at > 0 && body[at - 1] !== 0x0a) continue
    pieces.push(body.subarray(done, at), steady)
    done = at + boundary.length
  }
  return Buffer.concat([...pieces, body.subarray(done)])
}

function toInteraction(fields: JsonObject): LegacyInteraction {
  const top = new Reader(fields, '')
  const request = top.mapping('request')
  const response = top.mapping('response')
  const url = new URL(request.text('uri'), 'http://localhost')
  const contentType = headersOf(request)['content-type'] ?? ''
  const [method, path] = [request.text('method').toUpperCase(), url.pathname]
  const bytes = contentOf(request, 'body')
  const bodyMd5 = request.optionalText('body_hash')
  if (bytes === undefined && bodyMd5 === undefined) throw new DocumentError('neither body nor body_hash is there')

  const answer = toBody(
    (response.given('body') ? contentOf(response.mapping('body'), 'string') : undefined) ?? new Uint8Array(),
  )
  const context = top.given('context_values')
  const status = response.given('status') ? response.mapping('status').number('code') : 200
  const tokens = (name: string) => (context ? top.mapping('context_values').given(name) : undefined)
  const [prompt, completion] = [tokens('X-OpenAI-Tokens-Prompt'), tokens('X-OpenAI-Tokens-Completion')].map(countOf)
  return {
    sought: bytes && { method, path, contentType, bytes },
    interaction: {
      recordedAt: undefined,
      durationMs: countOf(response.given('duration_ms')) ?? 0,
      usage:
        prompt === undefined && completion === undefined
          ? usageOf(answer)
          : { promptTokens: prompt ?? 0, completionTokens: completion ?? 0 },
      request: {
        method,
        path,
        query: Object.fromEntries(url.searchParams),
        contentType: contentType === '' ? undefined : contentType,
        body: bytes && bytes.length > 0 ? toBody(bytes) : undefined,
        ...(bytes === undefined && bodyMd5 !== undefined && { bodyMd5 }),
      },
      response: { status, headers: keepHeaders(headersOf(response)), body: answer },
    },
  }
}

/** `null` is ordinary there: an embedding's answer has no tokens of a completion. */
const countOf = (value: unknown) => {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof count === 'number' && count >= 0 && Number.isFinite(count) ? count : undefined
}

/** A header has a list of values, of which that simulator used the first. */
function headersOf(reader: Reader): Record<string, string> {
  const found = reader.has('headers') ? fieldsOf(reader.any('headers') ?? {}, 'headers') : {}
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(found)) {
    const first: unknown = Array.isArray(value) ? value[0] : value
    if (typeof first === 'string' || typeof first === 'number') headers[name.toLowerCase()] = String(first)
  }
  return headers
}

/** Text or bytes; `undefined` where it was left out. */
function contentOf(reader: Reader, name: string): Uint8Array | undefined {
  const value = reader.has(name) ? reader.any(name) : undefined
  if (value instanceof Uint8Array) return value
  if (value === undefined || value === null) return undefined
  return Buffer.from(reader.text(name))
}
