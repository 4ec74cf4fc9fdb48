/** A character of several bytes comes in two pieces. */
import type { Fault } from './fault.ts'
import { isEvents, reshape } from './flow.ts'
import { reaches } from './position.ts'

/** Long enough that the two are read apart. */
const gapMs = 20

export const splitCharacter: Fault = (plan, wish, context) =>
  reshape(plan, context, () => {
    const { everyMs = gapMs } = wish
    const isThere = reaches(wish, context, isEvents(plan))
    let isOver = false
    return {
      piece(data, out) {
        const at = !isOver && isThere(data) ? data.findIndex((byte) => byte >= 0xc0) : -1
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
