/** Forms, read once by one parser for all who ask of one: operations, extensions and recordings. */
import busboy from 'busboy'
import type { Readable } from 'node:stream'

export type FormPart =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly filename: string; readonly type: string; readonly bytes: Buffer }

type Form = { readonly contentType: string; readonly parts: readonly FormPart[] | undefined }

/** By the bytes, which stay one object for as long as their request is worked on. */
const known = new WeakMap<Uint8Array, Form>()

/** In their order; `undefined` where the body is none, or is broken off. Files are views of the body where that is possible. */
export function formParts(bytes: Uint8Array, contentType: string): readonly FormPart[] | undefined {
  const before = known.get(bytes)
  if (before?.contentType === contentType) return before.parts
  const parts = parse(bytes, contentType)
  known.set(bytes, { contentType, parts })
  return parts
}

const isForm = (contentType: string) =>
  /^\s*(multipart\/form-data|application\/x-www-form-urlencoded)\s*(;|$)/i.test(contentType)

/** Told by its name: to ask for the class itself makes Node load all of `fetch`, a fifth of a cold start. */
export const isFormData = (input: unknown): input is FormData =>
  typeof input === 'object' && input !== null && (input as Named)[Symbol.toStringTag] === 'FormData'

type Named = { readonly [Symbol.toStringTag]?: unknown }

export function parseForm(bytes: Uint8Array, contentType: string): FormData | undefined {
  const parts = formParts(bytes, contentType)
  if (parts === undefined) return undefined
  const form = new FormData()
  for (const part of parts) {
    if ('text' in part) form.append(part.name, part.text)
    else form.append(part.name, new File([Uint8Array.from(part.bytes)], part.filename, { type: part.type }))
  }
  return form
}

/** The files of that name, or of `name[]`. */
export function formFiles(bytes: Uint8Array, contentType: string, name: string): readonly Buffer[] {
  const parts = formParts(bytes, contentType) ?? []
  return parts.flatMap((part) =>
    'bytes' in part && (part.name === name || part.name === `${name}[]`) ? [part.bytes] : [],
  )
}

/** The parser is a stream that does its work within `write`, so that what it found can be taken at once. */
function parse(bytes: Uint8Array, contentType: string): readonly FormPart[] | undefined {
  if (!isForm(contentType)) return undefined
  const header = contentType.replace(/(;\s*boundary=)([^\s";]+)/i, '$1"$2"')
  const boundary = /;\s*boundary="((?:[^"\\]|\\.)+)"/i.exec(header)?.[1]?.replace(/\\(.)/g, '$1')
  const body = boundary === undefined ? toBuffer(bytes) : withoutPadding(toBuffer(bytes), boundary)
  if (boundary !== undefined && !body.includes(`--${boundary}--`, undefined, 'latin1')) return undefined

  const found: (FormPart | { readonly name: string; readonly file: Readable; readonly info: busboy.FileInfo })[] = []
  const errors: unknown[] = []
  try {
    const parser = busboy({ headers: { 'content-type': header }, preservePath: true, defParamCharset: 'utf8', limits })
    parser.on('field', (name: string | undefined, text) => name !== undefined && found.push({ name, text }))
    parser.on('file', (name: string | undefined, file, info) => {
      file.on('error', ignore)
      if (name !== undefined) found.push({ name, file, info })
    })
    parser.on('error', (error) => errors.push(error))
    for (const limit of ['partsLimit', 'fieldsLimit'] as const) parser.on(limit, () => errors.push(limit))
    parser.write(body)
    parser.end()
  } catch {
    return undefined
  }
  if (errors.length > 0) return undefined
  return found.map((part) => {
    const name = unescaped(part.name)
    return 'file' in part ? toPart(name, part.file, part.info) : { ...part, name }
  })
}

/** No form of the service has nearly as many parts: to read one takes far longer than its bytes do. */
const maxParts = 1_000
const limits = { fieldNameSize: Infinity, fieldSize: Infinity, parts: maxParts, fields: maxParts }

/** Of a stream that nobody waits for. */
const ignore = () => undefined

/** What has no file's name is a field, whatever its type, but for bytes that are called `file`: a name may be empty (recorded September 2024). */
function toPart(name: string, file: Readable, info: busboy.FileInfo): FormPart {
  const bytes = (file.read() as Buffer | null) ?? Buffer.alloc(0)
  const { filename, mimeType: type } = info as Partial<busboy.FileInfo>
  if (filename === undefined && name !== 'file') return { name, text: bytes.toString('utf8') }
  return { name, filename: unescaped(decoded(filename ?? '')), type: type ?? '', bytes }
}

/** As .NET writes a name beyond ASCII beside `filename*` (RFC 2047). */
function decoded(name: string): string {
  const [, kind = '', text = ''] = /^=\?utf-8\?([bq])\?([^?]*)\?=$/i.exec(name) ?? []
  if (kind === '') return name
  if (/b/i.test(kind)) return Buffer.from(text, 'base64').toString('utf8')
  const bytes = text
    .replaceAll('_', ' ')
    .replaceAll(/=([\dA-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** What browsers, and clients that do as they do, cannot write within quotes. */
const unescaped = (name: string) => name.replace(/%(22|0A|0D)/gi, (escape) => decodeURIComponent(escape))

/** White space between a boundary and its line's end is legal, if hardly seen; the parser takes none. */
function withoutPadding(body: Buffer, boundary: string): Buffer {
  const delimiter = `--${boundary}`
  if (![' ', '\t'].some((space) => body.includes(delimiter + space, undefined, 'latin1'))) return body
  const pieces: Buffer[] = []
  let done = 0
  for (let at = body.indexOf(delimiter, 0, 'latin1'); at >= 0; at = body.indexOf(delimiter, at + 1, 'latin1')) {
    const end = at + delimiter.length
    let next = end
    while (body[next] === 0x20 || body[next] === 0x09) next++
    if (next === end || body[next] !== 0x0d || (at > 0 && body[at - 1] !== 0x0a)) continue
    pieces.push(body.subarray(done, end))
    done = next
  }
  return Buffer.concat([...pieces, body.subarray(done)])
}

const toBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Whether the file of that name says what type it is of. Where it cannot be found in the body, nothing is missed. */
export function hasTypedFile(bytes: Uint8Array, contentType: string, name: string): boolean {
  const boundary = /;\s*boundary=(?:"((?:[^"\\]|\\.)+)"|([^\s";]+))/i.exec(contentType)
  if (!boundary) return true
  const between = Buffer.from(`--${boundary[1]?.replace(/\\(.)/g, '$1') ?? boundary[2] ?? ''}`, 'latin1')
  const body = toBuffer(bytes)
  const named = new RegExp(`;\\s*name="?${name}"?\\s*(;|$)`, 'im')
  for (let at = body.indexOf(between); at >= 0; at = body.indexOf(between, at + between.length)) {
    const head =
      body.toString('latin1', at + between.length, at + between.length + maxHeadBytes).split('\r\n\r\n', 1)[0] ?? ''
    if (named.test(head)) return /^content-type:[ \t]*[^\s;]/im.test(head)
  }
  return true
}

const maxHeadBytes = 4_096
