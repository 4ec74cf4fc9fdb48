/** A live connection comes to its end there, as if its time were up; any other answer stays as it is. */
import type { Fault } from './fault.ts'

export const expire: Fault = (plan) => plan
