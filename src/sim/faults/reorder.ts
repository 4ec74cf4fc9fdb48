/** Two events come in each other's place. */
import type { Fault } from './fault.ts'
import { contentOf } from './event-json.ts'
import { isEvents, reshape } from './flow.ts'
import { Finder } from './position.ts'

export const reorder: Fault = (plan, { after }, context) =>
  isEvents(plan)
    ? reshape(plan, context, () => {
        const finder = after && new Finder(after, context.encoding, true)
        let isThere = after === undefined
        let isOver = false
        let held: Buffer | undefined
        return {
          piece(data, out) {
            isThere ||= finder?.in(data) !== undefined
            if (held) {
              out.send(data)
              out.send(held)
              held = undefined
            } else if (!isOver && isThere && contentOf(data) !== '') {
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
