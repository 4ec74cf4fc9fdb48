/** A clock on which every look finds that the slice is over. */
import { type Clock, systemClock } from '../../src/sim/clock.ts'

export function hurriedClock(): Clock {
  const clock = systemClock()
  let aheadMs = 0
  return {
    now: () => clock.now() + (aheadMs += 6),
    timer: (run, about) => {
      const timer = clock.timer(run, about)
      return { ...timer, set: (dueMs) => timer.set(dueMs - aheadMs), cancel: () => timer.cancel() }
    },
  }
}
