/** The bytes come one by one. */
import type { Fault } from './fault.ts'
import { reshape } from './flow.ts'

const usualMs = 50

export const trickle: Fault = (plan, { everyMs = usualMs }, context) =>
  reshape(plan, context, () => ({
    piece(data, out) {
      for (let at = 0; at < data.length; at++) {
        out.send(data.subarray(at, at + 1))
        out.wait(everyMs)
      }
    },
  }))
