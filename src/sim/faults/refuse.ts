/** The connection is reset before any answer. */
import type { Fault } from './fault.ts'
import { discard } from './flow.ts'

export const refuse: Fault = (plan) => {
  discard(plan)
  return { ...plan, isReset: true, body: { kind: 'whole', atMs: 0, data: '' } }
}
