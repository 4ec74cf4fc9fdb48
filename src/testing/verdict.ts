/** How callers behaved, as `GET /++/verdict` says it. */
export type Level = 'pass' | 'warn' | 'fail' | 'unknown'

export type VerdictMark = {
  readonly name: string
  readonly level: Level
  readonly count: number
  readonly of: number
  readonly share: number
  readonly value?: number
  readonly threshold?: number
  readonly ambiguous?: number
  /** Ids of requests, as `requests` has them. */
  readonly example?: readonly string[]
  readonly why: string
  readonly advice: string
}

export type Verdict = {
  /** The worst of the marks'. */
  readonly level: Level
  readonly resource: string
  readonly calls: number
  readonly attempts: number
  readonly ambiguous: number
  readonly marks: readonly VerdictMark[]
}
