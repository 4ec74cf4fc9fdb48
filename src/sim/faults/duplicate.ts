/** One event comes twice. */
import type { Fault } from './fault.ts'
import { isEvents } from './flow.ts'
import { atEvent } from './position.ts'

export const duplicate: Fault = (plan, wish, context) =>
  isEvents(plan)
    ? atEvent(plan, {
        wish,
        context,
        change(event, out) {
          out.send(event)
          out.send(event)
        },
      })
    : plan
