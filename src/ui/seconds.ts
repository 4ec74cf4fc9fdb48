/** The last five minutes, a second each, as the overview draws them. */
import type { LiveRow, LiveSecond } from '../sim/metrics/live.ts'

const maxSeconds = 300

export type Cause = keyof LiveRow['limitedBy']
export const causes: readonly Cause[] = ['tokens', 'requests', 'provisioned', 'rule', 'other']

/** As people call them. */
export const causeNames: Readonly<Record<Cause, string>> = {
  tokens: 'tokens per minute',
  requests: 'requests per minute',
  provisioned: 'provisioned throughput',
  rule: 'a rule',
  other: 'another cause',
}

export type TrafficSums = {
  readonly requests: number
  readonly ok: number
  readonly limited: number
  readonly refused: number
  readonly failed: number
  readonly left: number
  readonly prompt: number
  readonly completion: number
  readonly spilled: number
  readonly limitedBy: Readonly<Record<Cause, number>>
}

export function sumsOf(rows: readonly LiveRow[]): TrafficSums {
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
    spilled: sum(({ spilled }) => spilled),
    limitedBy: {
      tokens: sum(({ limitedBy }) => limitedBy.tokens),
      requests: sum(({ limitedBy }) => limitedBy.requests),
      provisioned: sum(({ limitedBy }) => limitedBy.provisioned),
      rule: sum(({ limitedBy }) => limitedBy.rule),
      other: sum(({ limitedBy }) => limitedBy.other),
    },
  }
}

/** How the page names a deployment: with its resource, where that is not the one of the top level. */
const nameOf = ({ resource, deployment }: LiveRow): string | undefined =>
  resource === undefined || deployment === undefined ? deployment : `${resource}: ${deployment}`

export const rowsOf = (seconds: readonly LiveSecond[], name: string): LiveRow[] =>
  seconds.flatMap(({ rows }) => rows.filter((row) => nameOf(row) === name))

/** With the rows of one deployment alone; of all where none is named. */
export const secondsOf = (seconds: readonly LiveSecond[], name: string | undefined): readonly LiveSecond[] =>
  name === undefined
    ? seconds
    : seconds.map((second) => ({ ...second, rows: second.rows.filter((row) => nameOf(row) === name) }))

/** The worst of a second's deployments stands for the second: a mean of percentiles would mean nothing. */
export function timesOf({ rows }: LiveSecond, kind: 'firstByteMs' | 'totalMs', rank: 0 | 1 | 2): number | null {
  const times = rows.map((row) => row[kind]?.[rank]).filter((time) => time !== undefined)
  return times.length > 0 ? Math.max(...times) : null
}

/** By the time of the latest, as seconds may be missing where the simulator was out of reach. */
export function lastMinute(seconds: readonly LiveSecond[]): readonly LiveSecond[] {
  const sinceMs = (seconds.at(-1)?.atMs ?? 0) - 60_000
  return seconds.filter(({ atMs }) => atMs > sinceMs)
}

/** The seconds that came after those that are known; after a while without the simulator it tells some again. */
export function joinedSeconds(before: readonly LiveSecond[], came: readonly LiveSecond[]): readonly LiveSecond[] {
  const latestMs = before.at(-1)?.atMs ?? -Infinity
  return [...before, ...came.filter(({ atMs }) => atMs > latestMs)].slice(-maxSeconds)
}

/** Names of the deployments that had requests, in their order. */
export function namesIn(seconds: readonly LiveSecond[]): readonly string[] {
  const names = new Set<string>()
  for (const { rows } of seconds)
    for (const row of rows) {
      const name = nameOf(row)
      if (name !== undefined) names.add(name)
    }
  return [...names].sort()
}

/** The latest use of provisioned throughput of a deployment, in percent. */
export const utilizationOf = (rows: readonly LiveRow[]): number | undefined =>
  rows.findLast(({ utilization }) => utilization !== undefined)?.utilization
