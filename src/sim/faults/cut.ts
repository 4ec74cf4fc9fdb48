/** The connection breaks there. */
import type { Fault } from './fault.ts'
import { atPlace } from './position.ts'

export const cut: Fault = (plan, wish, context) => atPlace(plan, { wish, context, happens: (out) => out.cut() })
