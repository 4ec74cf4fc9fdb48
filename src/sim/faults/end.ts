/** The answer ends there cleanly, with nothing of what an end says. */
import type { Fault } from './fault.ts'
import { bufferOf } from './flow.ts'
import { atPlace, PositionFinder } from './position.ts'

export const end: Fault = (plan, wish, context) => {
  const { body } = plan
  if (body.kind !== 'whole') return atPlace(plan, { wish, context, happens: (out) => out.end() })
  const data = bufferOf(body.data)
  const at = new PositionFinder(wish.after ?? { bytes: 0 }, context.encoding, false).in(data) ?? data.length
  return { ...plan, body: { kind: 'whole', atMs: body.atMs, data: data.subarray(0, at) } }
}
