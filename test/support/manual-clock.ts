import type { Clock } from '../../src/sim/clock.ts'

export type ManualClock = Clock & {
  /** Moves the time on, running what falls due on the way, each at its own time. */
  advance(ms: number): void
  /** The same, letting promises settle before, between and after, so that what they set is run as well. */
  advanceAsync(ms: number): Promise<void>
  /** Moves the time on while nothing runs, as where a process is held up: what falls due is late. */
  stall(ms: number): void
  /** How many timers are set. */
  readonly waiting: number
}

type Wait = { dueMs: number; order: number; run: () => void }

/**
 * A clock that stands until it is advanced. Timers run in order of their due time, those of the same time in the order
 * in which they were set; one set for a time that has passed runs with the next advance, also of 0 ms.
 */
export function manualClock(startMs = 0): ManualClock {
  let nowMs = startMs
  let orders = 0
  const waits = new Set<Wait>()

  const nextUpTo = (endMs: number): Wait | undefined => {
    let first: Wait | undefined
    for (const wait of waits) {
      if (wait.dueMs > endMs) continue
      if (!first || wait.dueMs < first.dueMs || (wait.dueMs === first.dueMs && wait.order < first.order)) first = wait
    }
    return first
  }

  const runNextUpTo = (endMs: number): boolean => {
    const wait = nextUpTo(endMs)
    if (!wait) return false
    waits.delete(wait)
    nowMs = Math.max(nowMs, wait.dueMs)
    wait.run()
    return true
  }

  return {
    now: () => nowMs,
    timer: (run, about) => {
      const wait: Wait = { dueMs: 0, order: 0, run: () => run(about as never, nowMs) }
      return {
        set: (dueMs) => {
          wait.dueMs = dueMs
          wait.order = orders++
          waits.add(wait)
        },
        cancel: () => waits.delete(wait),
      }
    },
    advance: (ms) => {
      const endMs = nowMs + ms
      while (runNextUpTo(endMs));
      nowMs = endMs
    },
    advanceAsync: async (ms) => {
      const endMs = nowMs + ms
      do await settled()
      while (runNextUpTo(endMs))
      nowMs = endMs
    },
    stall: (ms) => (nowMs += ms),
    get waiting() {
      return waits.size
    },
  }
}

/** All promises that can settle without time passing have done so by the next turn of the event loop. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
