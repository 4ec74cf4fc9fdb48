import type { Config } from '../config/config.ts'
import type { AnyCall } from '../operation.ts'
import type { Plan } from '../types.ts'

/** Where a plan comes from. */
export type Mode = {
  /**
   * Of modes in which the service is the judge of a request: any path of it is taken, and any body. It tells before the
   * call is admitted what the call costs, as far as that is known. Undefined: the simulator answers by itself, and is
   * the judge after all. Throws an `ApiError` where it cannot tell.
   */
  readonly lookUp?: (call: AnyCall, config: Config) => AnyCall | undefined | Promise<AnyCall | undefined>
  /** Throws an `ApiError` for what it cannot answer. */
  readonly plan: (call: AnyCall, config: Config) => Plan | Promise<Plan>
}
