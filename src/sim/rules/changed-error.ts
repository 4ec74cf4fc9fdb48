/** An error that a rule answers with, which comes late or goes wrong as any other answer does. */
import { send } from '../http/send.ts'
import type { Plan, SimResponse } from '../types.ts'

type Sending = Omit<Parameters<typeof send>[1], 'headers' | 'onEnd'>

/** It is in the records by then: who waits for it longer finds it there already. */
export function changedError(
  answer: SimResponse,
  change: (plan: Plan) => Plan,
  sending: Sending,
): SimResponse | Promise<SimResponse> {
  const { status, headers, body: data } = answer
  if (typeof data !== 'string') return answer
  const { 'Content-Type': contentType = 'application/json', 'Content-Length': _, ...others } = headers
  const usage = { promptTokens: 0, completionTokens: 0 }
  const plan = change({ status, contentType, usage, body: { kind: 'whole', atMs: 0, data } })
  const told = (bytes: number | undefined) => ({
    ...others,
    ...plan.headers,
    'Content-Type': plan.contentType,
    ...(bytes !== undefined && { 'Content-Length': String(bytes) }),
  })
  return send(plan, { ...sending, headers: told, onEnd: () => undefined })
}
