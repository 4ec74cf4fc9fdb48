/** The work that is done for one call, in slices between which whatever else there is goes on. */
import { inSlicesOf, Slices, through } from '../base/slices.ts'
import type { AnyCall } from '../operation.ts'

type Caller = Pick<AnyCall, 'resource' | 'signal' | 'meter'>

export const slicesOf = ({ resource, signal, meter }: Caller): Slices => new Slices(resource.clock, signal, meter)

/**
 * Work that goes on from wherever it yields: at once where it fits into one slice. Rejects with `ClientGone` where the
 * client leaves before it is done.
 */
export const steppedFor = <T>(call: Caller, start: () => Generator<undefined, T>): T | Promise<T> =>
  inSlicesOf(slicesOf(call), () => through(start))
