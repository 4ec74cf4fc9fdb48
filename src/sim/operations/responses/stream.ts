/** A response as a stream: its events in the service's order, numbered from 0, without a closing `[DONE]` (recorded 2025-2026). */
import type { StreamEvent } from '../../types.ts'
import type { Padding } from '../parts/obfuscation.ts'
import { type Door, isOfProject, type ProjectDoor } from './doors.ts'
import { projectAscii, projectEvent } from './project-writer.ts'
import { compactResponse } from './envelope.ts'
import { recordedIn } from './as-recorded.ts'
import { finalStatus, type ResponseRecord, type ResponseStatus } from './record.ts'

export type Streaming = {
  /** Absent if the client wants no padding. */
  readonly pad: Padding | undefined
  /** Called when the last event is made. */
  readonly nowSeconds: () => number
  readonly door: Door
  /** It is read anew by the id of its response. */
  readonly isReplay?: boolean
}

export function* responseEvents(
  record: ResponseRecord,
  { pad, nowSeconds, door, isReplay }: Streaming,
): Generator<StreamEvent> {
  let number = 0
  const sent = (type: string, json: string, tokens = 0): StreamEvent => ({
    tokens,
    data: `event: ${type}\ndata: ${json}\n\n`,
  })
  const event = (type: string, rest: string, tokens = 0): StreamEvent => {
    const json = `{"type":"${type}","sequence_number":${number++}${rest}}`
    return sent(type, isOfProject(door) ? toldByProject(json, door, record) : json, tokens)
  }
  const whole = (type: string, status: ResponseStatus, completedAtSeconds: number | null = null): StreamEvent => {
    // In the background only the first two events have decimal points, and none in a replay (recorded February 2026).
    const hasPoints = !record.request.background || (status === 'queued' && !isReplay)
    const response = `"response":${compactResponse(record, { status, completedAtSeconds }, { door, hasPoints })}`
    const count = `"sequence_number":${number++}`
    const members = door === 'project' ? [response, count] : [count, response]
    const json = `{"type":"${type}",${members.join()}}`
    return sent(type, isOfProject(door) ? projectAscii(json) : json)
  }

  if (record.request.background) {
    yield whole('response.created', 'queued')
    yield whole('response.queued', 'queued')
  } else yield whole('response.created', 'in_progress')
  yield whole('response.in_progress', 'in_progress')
  // A delta and its padding are a multiple of 16 characters together.
  const cover = pad ? (delta: string) => `,"obfuscation":"${pad(delta.length, 0)}"` : () => ''
  for (const [index, item] of record.items.entries())
    for (const { type, rest, tokens } of item.events({ index, cover })) yield event(type, rest, tokens)
  const status = finalStatus(record)
  yield whole(`response.${status}`, status, status === 'completed' ? nowSeconds() : null)
}

function toldByProject(json: string, door: ProjectDoor, record: ResponseRecord): string {
  const isNumberLast = recordedIn(door, record) === '2026-02'
  return projectAscii(
    JSON.stringify(projectEvent(door, JSON.parse(json) as Record<string, unknown>, record, isNumberLast)),
  )
}
