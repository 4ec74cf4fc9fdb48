/** One attempt of a caller as the verdict sees it. */
import type { FaultName } from '../config/fault-names.ts'

export type Sighting = SharedSighting & Numbers

/** What many attempts have in common. */
export type SharedSighting = {
  readonly deployment: string | undefined
  readonly model: string | undefined
  readonly agent: string | undefined
  readonly isStream: boolean
  readonly isProvisioned: boolean
  /** That a rule brought about. */
  readonly fault: FaultName | undefined
}

/** What is an attempt's own. Absent is `NaN`, as columns of numbers keep it. */
export type Numbers = {
  readonly id: string
  readonly atMs: number
  readonly firstAtMs: number
  readonly endedAtMs: number
  /** 499 where the client left. */
  readonly status: number
  /** That it was told to wait. */
  readonly waitMs: number
  /** The same for the same question, whatever deployment is asked. */
  readonly print: number
  readonly connection: number
  /** As the client counts, in `x-stainless-retry-count`. */
  readonly retryCount: number
  /** Of the client's own request id. */
  readonly clientHash: number
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly completionTokens: number
  /** Of the completion, where the client left. */
  readonly sentTokens: number
  /** As the request says: the most that the answers may have. */
  readonly allowedTokens: number
  /** Of provisioned throughput, in percent. */
  readonly utilization: number
}

/** In the order in which a row has them: see `putNumbers`. */
export const numberNames = [
  ...['atMs', 'firstAtMs', 'endedAtMs', 'status', 'waitMs', 'print', 'connection', 'retryCount', 'clientHash'],
  ...['promptTokens', 'cachedTokens', 'completionTokens', 'sentTokens', 'allowedTokens', 'utilization'],
] as readonly Exclude<keyof Numbers, 'id'>[]

/** The answer broke off by the server's doing. */
export const isCut = ({ fault, status }: Sighting): boolean =>
  fault === 'cut' || fault === 'refuse' || (fault === 'end' && (status < 400 || status === 499))

/** Failed in a way that another attempt may mend. */
export const mayPass = (seen: Sighting): boolean =>
  seen.status === 408 || seen.status === 429 || seen.status >= 500 || isCut(seen) || hasStreamError(seen)

export const hasStreamError = ({ fault, isStream }: Sighting): boolean => fault === 'errorEvent' && isStream

/** Failed in a way that stays. */
export const isHopeless = ({ status }: Sighting): boolean => [400, 401, 403, 404, 413, 422].includes(status)

export const isAbandoned = (seen: Sighting): boolean => seen.status === 499 && !isCut(seen)

/** Left while it was read, as by a user who has seen enough: who asks the same after it begins anew. */
export const isStopped = (seen: Sighting): boolean => isAbandoned(seen) && seen.isStream && seen.sentTokens > 0

export const isGood = (seen: Sighting): boolean => seen.status < 400 && !isCut(seen) && !hasStreamError(seen)
