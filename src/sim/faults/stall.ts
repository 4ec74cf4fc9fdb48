/** Silence there, for a while or for ever; then it goes on. */
import type { Fault } from './fault.ts'
import { atPlace } from './position.ts'

export const stall: Fault = (plan, wish, context) =>
  atPlace(plan, {
    wish,
    context,
    happens: (out) => (wish.forMs === undefined ? out.hang() : out.wait(wish.forMs)),
  })
