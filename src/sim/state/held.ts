/** An answer that says it is over only when what it leaves behind is kept. */
import type { Keeping } from '../base/keeping.ts'
import type { Clock } from '../clock.ts'
import { Frames } from '../faults/flow.ts'
import type { Plan } from '../types.ts'

type Moment = { readonly clock: Clock; readonly receivedAtMs: number }

/** The last piece of a stream is held back until then. */
export async function held(plan: Plan, keeping: Keeping, moment: Moment): Promise<Plan> {
  await keeping.settled()
  const { body, usage } = plan
  if (body.kind !== 'stream') return plan
  const source = new Frames(body.frames[Symbol.iterator](), { ...moment, beforeLast: () => keeping.settled() })
  return { ...plan, body: { kind: 'live', source, usage: () => usage, atMs: source.firstAtMs } }
}
