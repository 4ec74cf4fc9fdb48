/** What a fault is told of the call whose answer goes wrong. */
import { operationKeyOf } from '../base/operation-key.ts'
import { noUsage } from '../base/no-usage.ts'
import type { Clock } from '../clock.ts'
import { parseDuration } from '../config/duration.ts'
import type { Then } from '../config/rules.ts'
import type { FaultContext, FaultWish } from '../faults/fault.ts'
import type { AnyCall } from '../operation.ts'
import type { Plan } from '../types.ts'

const msOf = (duration: string | number | undefined) =>
  duration === undefined ? undefined : parseDuration(String(duration))?.mean

/** The fault that a rule wants, if it wants one. */
export function faultOf({ fault, after, for: lasts, every, code, raw }: Then): FaultWish | undefined {
  if (fault === undefined) return undefined
  const { tokens, bytes, events, time } = after ?? {}
  return {
    fault,
    after: after && { tokens, bytes, events, timeMs: msOf(time) },
    forMs: msOf(lasts),
    everyMs: msOf(every),
    code,
    status: raw?.status,
  }
}

export const faultContext = (call: AnyCall, clock: Clock): FaultContext => ({
  clock,
  receivedAtMs: call.receivedAtMs,
  encoding: call.deployment?.model.encoding ?? 'o200k_base',
  errorEvent: errorEventOf(operationKeyOf(call)),
})

/** As users quote it of chat completions; in the forms of the other APIs it is a guess. */
function errorEventOf(operation: string): string {
  const message = 'The server had an error while processing your request. Sorry about that!'
  if (operation === 'messages') return event({ type: 'error', error: { type: 'api_error', message } })
  if (operation === 'realtime')
    return event({ type: 'error', error: { type: 'server_error', code: null, message, param: null, event_id: null } })
  if (operation === 'responsesConnect')
    return event({ type: 'error', status: 500, error: { type: 'server_error', code: null, message, param: null } })
  if (operation === 'responses') return event({ type: 'error', code: 'server_error', message, param: null })
  return `data: ${JSON.stringify({ error: { message, type: 'server_error', param: null, code: null } })}\n\n`
}

const event = (value: object) => `event: error\ndata: ${JSON.stringify(value)}\n\n`

/** There is no answer; what a host that cannot reset a connection sends is nothing, too. */
export const resetPlan: Plan = {
  status: 502,
  contentType: '',
  isReset: true,
  isRelayed: true,
  usage: noUsage,
  body: { kind: 'whole', atMs: 0, data: '' },
}
