/** The last five minutes, a second each, as the overview draws them. */
import type { LiveRow, LiveSecond } from '../sim/metrics/live.ts'

export const maxSeconds = 300

export type Sums = {
  readonly requests: number
  readonly ok: number
  readonly limited: number
  readonly refused: number
  readonly failed: number
  readonly left: number
  readonly prompt: number
  readonly completion: number
  readonly limitedByTokens: number
  readonly limitedByRequests: number
}

export function sumOf(rows: readonly LiveRow[]): Sums {
  const sum = (of: (row: LiveRow) => number) => rows.reduce((total, row) => total + of(row), 0)
  return {
    requests: sum((row) => row.requests),
    ok: sum(({ answers }) => answers.ok),
    limited: sum(({ answers }) => answers.limited),
    refused: sum(({ answers }) => answers.refused),
    failed: sum(({ answers }) => answers.failed),
    left: sum(({ answers }) => answers.left),
    prompt: sum(({ tokens }) => tokens.prompt),
    completion: sum(({ tokens }) => tokens.completion),
    limitedByTokens: sum(({ limitedBy }) => limitedBy.tokens),
    limitedByRequests: sum(({ limitedBy }) => limitedBy.requests),
  }
}

/** How the page names a deployment: with its resource, where that is not the one of the top level. */
export const nameOf = ({ resource, deployment }: LiveRow): string | undefined =>
  resource === undefined || deployment === undefined ? deployment : `${resource}: ${deployment}`

export const rowsOf = (seconds: readonly LiveSecond[], name: string): LiveRow[] =>
  seconds.flatMap(({ rows }) => rows.filter((row) => nameOf(row) === name))

/** The worst of a second's deployments stands for the second: a mean of percentiles would mean nothing. */
export function timesOf({ rows }: LiveSecond, kind: 'firstByteMs' | 'totalMs', rank: 0 | 1 | 2): number | null {
  const times = rows.map((row) => row[kind]?.[rank]).filter((time) => time !== undefined)
  return times.length > 0 ? Math.max(...times) : null
}

export const lastMinute = (seconds: readonly LiveSecond[]): readonly LiveSecond[] => seconds.slice(-60)
