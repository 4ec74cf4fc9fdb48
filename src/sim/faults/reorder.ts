/** Two events come in each other's place. */
import type { Fault } from './fault.ts'
import { bringsContent } from './event-json.ts'
import { isEvents, reshape } from './flow.ts'
import { reaches } from './position.ts'

export const reorder: Fault = (plan, wish, context) =>
  isEvents(plan)
    ? reshape(plan, context, () => {
        const isThere = reaches(wish, context, true)
        let isOver = false
        let held: Buffer | undefined
        return {
          piece(data, out) {
            if (held) {
              out.send(data)
              out.send(held)
              held = undefined
            } else if (!isOver && isThere(data) && bringsContent(data)) {
              isOver = true
              held = data
            } else out.send(data)
          },
          end(out) {
            if (held) out.send(held)
          },
        }
      })
    : plan
