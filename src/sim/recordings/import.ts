/** A request and its answer that somebody else has kept, as a recording. */
import { toBody } from './body.ts'
import { createDocument } from './create-document.ts'
import type { Interaction, RecordedEvent } from './interaction.ts'
import { keyMaker } from './key.ts'
import { documentName } from './name.ts'
import type { RecordingStore } from './store.ts'

export type ImportedExchange = {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly contentType: string
  readonly body: Uint8Array
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly answer: Uint8Array
  readonly firstByteMs: number
  readonly durationMs: number
  /** ISO 8601. */
  readonly recordedAt: string | undefined
}

/** False where there is one of that request already, which is left as it was. */
export function importRecording(store: RecordingStore, exchange: ImportedExchange): Promise<boolean> {
  const { method, path, query, contentType, body, status, headers, answer, durationMs, recordedAt } = exchange
  const name = documentName(path, keyMaker()({ method, path, contentType, bytes: body }))
  const isStream = /event-stream/.test(headers['content-type'] ?? '')
  const interaction: Interaction = {
    request: {
      method,
      path,
      query,
      contentType: contentType === '' ? undefined : contentType,
      body: body.length > 0 ? toBody(body) : undefined,
    },
    response: {
      status,
      headers,
      body: isStream ? { kind: 'events', events: eventsOf(exchange) } : toBody(answer),
    },
    durationMs,
    usage: undefined,
    recordedAt,
  }
  return createDocument(store, name, interaction)
}

/** Evenly, from the first on to the end. */
function eventsOf({ answer, firstByteMs, durationMs }: ImportedExchange): readonly RecordedEvent[] {
  const parts = Buffer.from(answer)
    .toString('utf8')
    .split(/(?<=\n\n|\r\n\r\n)/)
  const stepMs = parts.length > 1 ? Math.max(0, durationMs - firstByteMs) / (parts.length - 1) : 0
  return parts.map((data, at) => ({ afterMs: Math.round(10 * (at === 0 ? firstByteMs : stepMs)) / 10, data }))
}
