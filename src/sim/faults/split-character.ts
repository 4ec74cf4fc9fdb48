/** A character of several bytes comes in two pieces. */
import type { Fault } from './fault.ts'
import { isEvents, reshape } from './flow.ts'
import { Finder } from './position.ts'

/** Long enough that the two are read apart. */
const gapMs = 20

export const splitCharacter: Fault = (plan, { after, everyMs = gapMs }, context) =>
  reshape(plan, context, () => {
    const finder = after && new Finder(after, context.encoding, isEvents(plan))
    let isThere = after === undefined
    let isOver = false
    return {
      piece(data, out) {
        isThere ||= finder?.in(data) !== undefined
        const at = isThere && !isOver ? data.findIndex((byte) => byte >= 0xc0) : -1
        if (at < 0) {
          out.send(data)
          return
        }
        isOver = true
        out.send(data.subarray(0, at + 1))
        out.wait(everyMs)
        out.send(data.subarray(at + 1))
      },
    }
  })
