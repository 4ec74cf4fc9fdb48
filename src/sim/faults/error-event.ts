/** An error within a stream that began well, and then its end. */
import type { Fault } from './fault.ts'
import { isEvents } from './flow.ts'
import { atPlace } from './position.ts'

export const errorEvent: Fault = (plan, wish, context) =>
  isEvents(plan)
    ? atPlace(plan, {
        wish,
        context,
        happens(out) {
          out.send(context.errorEvent)
          out.end()
        },
      })
    : plan
