/** A response as a stream: its events in the service's order, numbered from 0, without a closing `[DONE]` (recorded 2025-2026). */
import type { StreamEvent } from '../../types.ts'
import type { Padding } from '../parts/obfuscation.ts'
import { compactResponse } from './envelope.ts'
import { finalStatus, type ResponseRecord, type Status } from './record.ts'

export type Streaming = {
  /** Absent where the client wants no padding. */
  readonly pad: Padding | undefined
  /** Asked when the last event is made. */
  readonly nowSeconds: () => number
}

export function* responseEvents(record: ResponseRecord, { pad, nowSeconds }: Streaming): Generator<StreamEvent> {
  let number = 0
  const event = (type: string, rest: string, tokens = 0): StreamEvent => ({
    tokens,
    data: `event: ${type}\ndata: {"type":"${type}","sequence_number":${number++}${rest}}\n\n`,
  })
  const whole = (type: string, status: Status, completedAtSeconds: number | null = null) =>
    event(type, `,"response":${compactResponse(record, { status, completedAtSeconds })}`)

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
