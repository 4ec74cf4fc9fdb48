import type { Config } from '../config/config.ts'
import type { Call, Plan } from '../types.ts'

/** Where a plan comes from. Throws an `ApiError` for what it cannot answer. */
export type Mode = { readonly plan: (call: Call, config: Config) => Plan | Promise<Plan> }
