/** The connection closes after the answer. */
import type { Fault } from './fault.ts'

export const noKeepAlive: Fault = (plan) => ({ ...plan, headers: { ...plan.headers, Connection: 'close' } })
