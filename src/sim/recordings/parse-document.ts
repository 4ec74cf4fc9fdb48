/** A YAML document as a person may have edited it, back to an interaction. */
import type { JsonObject } from '../base/object.ts'
import { createHash } from 'node:crypto'
import { load } from 'js-yaml'
import { jsonBody, toBody } from './body.ts'
import { eventText } from './event-yaml.ts'
import type { Body, Interaction, RecordedEvent } from './interaction.ts'
import { formats, toJsonText } from './json-text.ts'
import { fieldsOf, Reader } from './reader.ts'
import { loadOptions } from './yaml-schema.ts'

export const documentVersion = 2

/** Contents of the files beside a document, by name. */
export type Files = ReadonlyMap<string, Uint8Array>

/** Throws for what is not YAML. */
export function loadTree(text: string): JsonObject {
  return fieldsOf(load(text, loadOptions), 'the document')
}

/** Names of the files that an answer needs, beside the document. */
export function neededFiles(tree: JsonObject, problems?: string[]): readonly string[] {
  const response = new Reader(tree, '', problems).mapping('response')
  const events = response.optionalList('events') ?? []
  return [response, ...events].flatMap((reader) => {
    const file = reader.optionalMapping('file')
    return file ? [fileName(file)] : []
  })
}

/** The file that holds the request's body, if one does. */
export function requestFile(tree: JsonObject): string | undefined {
  const file = new Reader(tree, '').mapping('request').optionalMapping('file')
  return file && fileName(file)
}

/**
 * Throws a `DocumentError` that names the field, what was found and what is allowed; where there are `problems`, all that
 * is wrong goes there instead, and what is given is of no use.
 */
export function fromTree(tree: JsonObject, files: Files, problems?: string[]): Interaction {
  const top = new Reader(tree, '', problems)
  top.only('version', documentVersion)
  const request = top.mapping('request')
  const response = top.mapping('response')
  const usage = top.optionalMapping('usage')
  const contentType = request.optionalText('contentType')
  const bodyMd5 = request.optionalText('bodyMd5')
  const status = response.optionalStatus('status') ?? 200
  const body = responseBody(response, files)
  const spentMs = body.kind === 'events' ? body.events.reduce((sum, { afterMs }) => sum + afterMs, 0) : 0
  return {
    recordedAt: top.optionalText('recordedAt'),
    durationMs: top.optionalNumber('durationMs') ?? spentMs,
    usage: usage && { promptTokens: usage.number('promptTokens'), completionTokens: usage.number('completionTokens') },
    request: {
      method: request.text('method'),
      path: request.text('path'),
      query: request.texts('query'),
      contentType,
      // What is beside the document is not needed to answer.
      body: request.has('file') ? undefined : bodyOf(request, files),
      ...(bodyMd5 !== undefined && { bodyMd5 }),
    },
    response: {
      status,
      headers: answerHeaders(response, body),
      body,
    },
  }
}

function responseBody(response: Reader, files: Files): Interaction['response']['body'] {
  const events = response.optionalList('events')
  if (events) return { kind: 'events', events: events.map((event) => eventOf(event, files)) }
  const pieces = response.optionalList('pieces')
  if (pieces) return { kind: 'events', events: cut(contentOf(response.mapping('file'), files), pieces) }
  return bodyOf(response, files) ?? { kind: 'text', text: '' }
}

function eventOf(event: Reader, files: Files): RecordedEvent {
  const afterMs = event.optionalNumber('afterMs') ?? 0
  const file = event.optionalMapping('file')
  if (file) {
    const body = toBody(contentOf(file, files))
    return { afterMs, data: body.kind === 'bytes' ? body.bytes : (body.text ?? '') }
  }
  const text = event.optionalText('text')
  if (text !== undefined) return { afterMs, data: text }
  const data = event.any('data')
  return { afterMs, data: data === undefined ? '' : eventText(event.optionalText('event'), data) }
}

function cut(bytes: Uint8Array, pieces: readonly Reader[]): readonly RecordedEvent[] {
  let start = 0
  const events = pieces.map((piece) => {
    const end = start + piece.number('bytes')
    const data = bytes.subarray(start, end)
    start = end
    return { afterMs: piece.optionalNumber('afterMs') ?? 0, data }
  })
  const rest = bytes.subarray(start)
  return rest.length > 0 ? [...events, { afterMs: 0, data: rest }] : events
}

/** `undefined` where there is none. */
function bodyOf(reader: Reader, files: Files): Body | undefined {
  const file = reader.optionalMapping('file')
  if (file) return toBody(contentOf(file, files))
  if (reader.has('json')) {
    const format = reader.optionalChoice('format', formats)
    const [closingNewline, asciiOnly] = [reader.flag('closingNewline'), reader.flag('asciiOnly')]
    const escapes = {
      capitals: reader.flag('capitals'),
      escapes: reader.optionalTexts('escapes') ?? [],
      exceptions: (reader.optionalList('exceptions') ?? []).map((one) => ({
        at: one.number('at'),
        text: one.text('text'),
      })),
    }
    const layout = { ...(format && { format }), closingNewline, asciiOnly }
    return jsonBody(toJsonText(reader.any('json'), { ...layout, ...escapes }))
  }
  const base64 = reader.optionalText('base64')
  if (base64 !== undefined) return toBody(Buffer.from(base64, 'base64'))
  const text = reader.optionalText('text')
  return text === undefined ? undefined : toBody(Buffer.from(text))
}

/** Length and hash may be left out by whoever puts another file in its place. */
function contentOf(file: Reader, files: Files): Uint8Array {
  const name = fileName(file)
  const bytes = files.get(name)
  if (name === '') return new Uint8Array()
  if (!bytes) return file.refuse(`the file ${name} beside it is missing`, new Uint8Array())
  const length = file.optionalNumber('bytes')
  const sha256 = file.optionalText('sha256')
  if (length !== undefined && length !== bytes.length) {
    return file.refuse(`the file ${name} beside it has ${bytes.length} bytes and should have ${length}`, bytes)
  }
  if (sha256 !== undefined && sha256 !== createHash('sha256').update(bytes).digest('hex')) {
    return file.refuse(`the file ${name} beside it is not the one that was recorded: its sha256 differs`, bytes)
  }
  return bytes
}

function fileName(file: Reader): string {
  const name = file.text('name')
  if (/^[A-Za-z0-9_=-][A-Za-z0-9._=-]{0,199}$/.test(name)) return name
  return file.refuse(
    `${file.path('name')}: found ${JSON.stringify(name)}, allowed: the name of a file in the same folder`,
    '',
  )
}

/** Whoever sends an answer frames it anew. */
const framing = new Set(['connection', 'content-encoding', 'content-length', 'keep-alive', 'transfer-encoding'])

function answerHeaders(response: Reader, body: Interaction['response']['body']): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(response.texts('headers'))) {
    if (!framing.has(name.toLowerCase())) headers[name.toLowerCase()] = value
  }
  return headers['content-type'] === undefined ? { 'content-type': usualType[body.kind], ...headers } : headers
}

const usualType = {
  json: 'application/json',
  text: 'text/plain',
  bytes: 'application/octet-stream',
  events: 'text/event-stream',
}
