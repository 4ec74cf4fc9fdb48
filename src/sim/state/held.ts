/** An answer that says it is over only when what it leaves behind is kept. */
import type { Keeping } from '../base/keeping.ts'
import type { Clock } from '../clock.ts'
import { Frames } from '../faults/flow.ts'
import type { Plan } from '../types.ts'

type Moment = { readonly clock: Clock; readonly receivedAtMs: number }

/** The last piece of a stream is held back until then. So many changes had failed before anything was done for it. */
export async function held(plan: Plan, keeping: Keeping, failures: number, moment: Moment): Promise<Plan> {
  await keeping.settled(failures)
  const { body, usage } = plan
  if (body.kind !== 'stream') return plan
  const source = new Frames(body.frames[Symbol.iterator](), { ...moment, beforeLast: () => keeping.settled(failures) })
  return { ...plan, body: { kind: 'live', source, usage: () => usage, atMs: source.firstAtMs } }
}
