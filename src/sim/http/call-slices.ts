/** The work that is done for one call, in slices between which whatever else there is goes on. */
import { inSlicesOf, Slices, through } from '../base/slices.ts'
import type { AnyCall } from '../operation.ts'

type Caller = Pick<AnyCall, 'resource' | 'signal' | 'meter'>

export const slicesOf = ({ resource, signal, meter }: Caller): Slices => new Slices(resource.clock, signal, meter)

/** At once where it fits into one slice. Rejects with `ClientGone` where the client leaves before it is done. */
export const slicedFor = <T>(call: Caller, work: () => T): T | Promise<T> => inSlicesOf(slicesOf(call), work)

/** The same for work that goes on from wherever it yields, and so may draw and change what it likes. */
export const steppedFor = <T>(call: Caller, start: () => Generator<undefined, T>): T | Promise<T> =>
  slicedFor(call, () => through(start))
