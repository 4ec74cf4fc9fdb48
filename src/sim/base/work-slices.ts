/**
 * Work that nobody waits for, done in slices with pauses between them, so that whatever somebody does wait for goes on
 * undisturbed. All such work of a resource takes turns.
 */
import { type Clock, until } from '../clock.ts'
import type { Resource } from '../operation.ts'

/** The longest that other work is held up, unless a single step takes longer. */
const sliceMs = 2
/** From the start of one slice to the start of the next: a quarter of a core is the most that such work takes. */
const turnMs = 8
/** For a clock that stands still while work is done. */
const maxSteps = 32

export type Slice = {
  /** Asked for before each step. */
  readonly isOver: () => boolean
}

export type WorkSlices = {
  /** Resolves when it is this work's turn, not before `earliestMs`; at once when `signal` aborts. */
  readonly next: (earliestMs: number, signal: AbortSignal) => Promise<Slice>
}

/** For `resource.shelf`. */
export function workSlices({ clock }: Pick<Resource, 'clock'>): WorkSlices {
  let freeAtMs = 0
  return {
    async next(earliestMs, signal) {
      // Whoever has to wait for longer than its turn takes no turn from others meanwhile.
      if (earliestMs > clock.now()) await until(clock, earliestMs, signal)
      const turnAtMs = Math.max(clock.now(), freeAtMs)
      freeAtMs = turnAtMs + turnMs
      await until(clock, turnAtMs, signal)
      return sliceOf(clock)
    },
  }
}

/** Does it in such slices, from one place where it yields to the next. */
export async function takingTurns<T>(
  { shelf, clock }: Pick<Resource, 'shelf' | 'clock'>,
  work: Generator<undefined, T>,
): Promise<T> {
  const slices = shelf(workSlices)
  const { signal } = new AbortController()
  for (;;) {
    const slice = await slices.next(clock.now(), signal)
    while (!slice.isOver()) {
      const next = work.next()
      if (next.done === true) return next.value
    }
  }
}

function sliceOf(clock: Clock): Slice {
  const endMs = clock.now() + sliceMs
  let steps = 0
  return { isOver: () => ++steps >= maxSteps || clock.now() >= endMs }
}
