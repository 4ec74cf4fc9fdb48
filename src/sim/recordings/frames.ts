/** Frames of a live connection as they are kept: events with a time each, named by who sent them. */
import { objectIn } from '../base/object.ts'
import type { RecordedEvent } from './interaction.ts'
import { eventParts } from './event-yaml.ts'
import { maskedJson } from './secrets.ts'

/** What is said at a time: a frame of either side, or the end. */
export type LiveFrame = {
  /** Milliseconds since the one before. */
  readonly afterMs: number
  readonly by: 'client' | 'server' | 'close'
  readonly text: string
}

export const liveStatus = 101

/** Of a frame that is no JSON in one line: its text as JSON. */
const asText = '.text'

export function keptFrame({ afterMs, by, text }: LiveFrame): RecordedEvent {
  const line = lineOf(text)
  const name = line === undefined ? `${by}${asText}` : by
  return { afterMs, data: `event: ${name}\ndata: ${line === undefined ? JSON.stringify(text) : maskedJson(line)}\n\n` }
}

function lineOf(text: string): string | undefined {
  const json = objectIn(text)
  return json && (/[\r\n]/.test(text) ? JSON.stringify(json) : text)
}

/** As a person may have edited it; undefined for what is no frame. */
export function frameOf({ afterMs, data }: RecordedEvent): LiveFrame | undefined {
  const parts = eventParts(typeof data === 'string' ? data : Buffer.from(data).toString('utf8'))
  const [by, kind] = parts?.event?.split('.') ?? []
  if (!parts || (by !== 'client' && by !== 'server' && by !== 'close')) return undefined
  if (kind === undefined) return { afterMs, by, text: parts.data }
  try {
    const text: unknown = JSON.parse(parts.data)
    return { afterMs, by, text: typeof text === 'string' ? text : parts.data }
  } catch {
    return { afterMs, by, text: parts.data }
  }
}
