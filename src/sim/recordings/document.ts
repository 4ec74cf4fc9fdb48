/** The YAML document of an interaction: made here, read by `parse-document.ts`, explained in `docs/recordings.md`. */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { dump } from 'js-yaml'
import { bodyBytes, toBody } from './body.ts'
import { eventLines, isSurelyYaml } from './event-yaml.ts'
import { bytesOf, toEvents } from './events.ts'
import type { Body, Interaction, RecordedEvent } from './interaction.ts'
import { fromJsonText } from './json-text.ts'
import { documentVersion, fromTree, loadTree } from './parse-document.ts'
import { withoutSecrets } from './secrets.ts'
import { dumpOptions } from './yaml-schema.ts'

/** More than this is no reading matter, and goes beside the document. */
const maxInlineBytes = 65_536

export type Written = {
  readonly bytes: Uint8Array
  /** What goes beside the document, in its folder, and is written before it. */
  readonly files: readonly NamedFile[]
}
type NamedFile = { readonly name: string; readonly bytes: Uint8Array }

/**
 * `key` begins the names of what goes beside the document. Whatever is written gives the same bytes when it is read
 * again: where the form that people read does not, the body goes beside the document as it is.
 */
export function toDocument(interaction: Interaction, key: string): Written {
  const tidy = normal(interaction)
  const readable = draft(tidy, key, true)
  return written(isSame(tidy, readable) ? readable : draft(tidy, key, false))
}

/** A document before its events, and its events. */
type Draft = {
  readonly head: string
  readonly lines: readonly EventLines[] | undefined
  readonly files: readonly NamedFile[]
}

const written = ({ head, lines, files }: Draft): Written => ({ bytes: Buffer.from(head + textOf(lines)), files })

function textOf(events: readonly EventLines[] | undefined): string {
  if (!events) return ''
  return events.length === 0 ? '  events: []\n' : `  events:\n${events.map(({ text }) => text).join('')}`
}

/** Without secrets, with whole events and round times. */
function normal(interaction: Interaction): Interaction {
  const safe = withoutSecrets(interaction)
  const { body, headers } = safe.response
  const durationMs = Math.round(safe.durationMs * 10) / 10
  if (body.kind !== 'events') return { ...safe, durationMs }
  const events = toEvents(body.events, headers['content-type'])
  return { ...safe, durationMs, response: { ...safe.response, body: { kind: 'events', events } } }
}

function draft(interaction: Interaction, key: string, isReadable: boolean): Draft {
  const files: NamedFile[] = []
  const beside = (role: string, bytes: Uint8Array) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const name = `${key}.${role}-${sha256.slice(0, 16)}.bin`
    if (!files.some((file) => file.name === name)) files.push({ name, bytes })
    return { name, sha256, bytes: bytes.length }
  }
  const { request, response, durationMs, recordedAt, usage } = interaction
  const streamed = response.body.kind === 'events' ? response.body.events : undefined
  const lines = streamed && isReadable ? streamLines(streamed, beside) : undefined
  const tree = {
    version: documentVersion,
    ...(recordedAt !== undefined && { recordedAt }),
    durationMs,
    ...(usage && { usage: { promptTokens: usage.promptTokens, completionTokens: usage.completionTokens } }),
    request: {
      method: request.method,
      path: request.path,
      ...(Object.keys(request.query).length > 0 && { query: request.query }),
      ...(request.contentType !== undefined && { contentType: request.contentType }),
      ...(request.bodyMd5 !== undefined && { bodyMd5: request.bodyMd5 }),
      ...(request.body && bodyFields(request.body, isReadable, (bytes) => beside('request', bytes))),
    },
    response: {
      status: response.status,
      headers: response.headers,
      ...(response.body.kind !== 'events' &&
        bodyFields(response.body, isReadable, (bytes) => beside('response', bytes))),
      ...(streamed && !lines && pieceFields(streamed, (bytes) => beside('response', bytes))),
    },
  }
  return { head: dump(tree, dumpOptions), lines, files }
}

type Beside = (bytes: Uint8Array) => { readonly name: string; readonly sha256: string; readonly bytes: number }

function bodyFields(body: Body, isReadable: boolean, beside: Beside): Readonly<Record<string, unknown>> {
  const bytes = bodyBytes(body)
  if (!isReadable || bytes.length > maxInlineBytes) return { file: beside(bytes) }
  const kept = toBody(bytes)
  if (kept.kind === 'bytes') return { file: beside(bytes) }
  const json = kept.kind === 'json' ? fromJsonText(kept.text ?? '') : undefined
  return json ? { json: json.value, ...json.spelling } : { text: kept.text }
}

/** An event of a document. `isSure` where it is known to be read as it was written. */
type EventLines = { readonly text: string; readonly isSure: boolean }

/** `undefined` where the stream is none of texts that a person may want to edit. */
function streamLines(
  events: readonly RecordedEvent[],
  beside: (role: string, bytes: Uint8Array) => ReturnType<Beside>,
): readonly EventLines[] | undefined {
  const lines: EventLines[] = []
  for (const { afterMs, data } of events) {
    if (typeof data !== 'string') return undefined
    const isLarge = data.length > maxInlineBytes
    const fields = isLarge ? [`file: ${JSON.stringify(beside('event', bytesOf(data)))}`] : eventLines(data)
    const text = `    - afterMs: ${afterMs}\n${fields.map((field) => `      ${field}\n`).join('')}`
    lines.push({ text, isSure: !isLarge && isSurelyYaml(data) })
  }
  return lines
}

/** All bytes beside the document; how they came, in it. */
const pieceFields = (events: readonly RecordedEvent[], beside: Beside) => ({
  file: beside(Buffer.concat(events.map(({ data }) => bytesOf(data)))),
  pieces: events.map(({ afterMs, data }) => ({ afterMs, bytes: bytesOf(data).length })),
})

/** Reading a long stream again would take longer than all else, and says nothing new of events that are sure. */
function isSame(interaction: Interaction, { head, lines, files }: Draft): boolean {
  const unsure = lines?.map(({ isSure }) => !isSure)
  const kept = (_: unknown, index: number) => unsure?.[index] ?? true
  const { response } = interaction
  const events = response.body.kind === 'events' ? response.body.events.filter(kept) : []
  const expected =
    response.body.kind === 'events'
      ? { ...interaction, response: { ...response, body: { kind: 'events' as const, events } } }
      : interaction
  try {
    const contents = new Map(files.map((file) => [file.name, file.bytes]))
    const read = fromTree(loadTree(head + textOf(lines?.filter(kept))), contents)
    return isDeepStrictEqual(comparable(expected), comparable(read))
  } catch {
    return false
  }
}

/** Bodies as bytes; a request's body counts only where it is in the document. */
function comparable({ request, response, durationMs, usage, recordedAt }: Interaction): unknown {
  const { body } = response
  const answer =
    body.kind === 'events'
      ? body.events.map(({ afterMs, data }) => [afterMs, Buffer.from(bytesOf(data))])
      : Buffer.from(bodyBytes(body))
  const asked = request.body && Buffer.from(bodyBytes(request.body))
  return [
    [request.method, request.path, { ...request.query }, request.contentType, request.bodyMd5],
    asked && asked.length <= maxInlineBytes && toBody(asked).kind !== 'bytes' ? asked : undefined,
    [response.status, { ...response.headers }, answer],
    [durationMs, usage?.promptTokens, usage?.completionTokens, recordedAt],
  ]
}
