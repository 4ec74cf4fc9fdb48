/** The head comes late, though the answer is there. */
import type { Fault } from './fault.ts'
import { reshape } from './flow.ts'

const usualMs = 5_000

export const slowHeaders: Fault = (plan, { forMs = usualMs }, context) => {
  const { body } = plan
  if (body.kind === 'whole') return { ...plan, body: { ...body, atMs: Math.max(0, body.atMs) + forMs } }
  const late = reshape(plan, context, () => ({ piece: (data, out) => out.send(data) }))
  return late.body.kind === 'live' ? { ...late, body: { ...late.body, atMs: (late.body.atMs ?? 0) + forMs } } : late
}
