/** What a fault is: a function from the plan of an answer to the plan of the same answer gone wrong. */
import type { Clock } from '../clock.ts'
import type { FaultName } from '../config/fault-names.ts'
import type { Encoding, Plan } from '../types.ts'

/** Where in an answer it happens; one of these. */
export type FaultPosition = {
  readonly tokens?: number | undefined
  readonly bytes?: number | undefined
  readonly events?: number | undefined
  readonly timeMs?: number | undefined
}

export type FaultWish = {
  readonly fault: FaultName
  /** Absent: where the fault usually is. */
  readonly after: FaultPosition | undefined
  readonly forMs: number | undefined
  readonly everyMs: number | undefined
  /** Of a live connection that is closed. */
  readonly code: number | undefined
  /** Of an answer that is no answer of the service. */
  readonly status: number | undefined
}

export type FaultContext = {
  readonly clock: Clock
  readonly receivedAtMs: number
  /** By which the tokens of the answer are counted. */
  readonly encoding: Encoding
  /** As the API that was asked tells of an error within a stream. */
  readonly errorEvent: string
}

export type Fault = (plan: Plan, wish: FaultWish, context: FaultContext) => Plan
