/** What a scenario expects of a run, and whether it came true. */

type Range = readonly [least: number, most: number]

export type Expected = {
  /** Shares of all requests. */
  readonly refused?: Range
  readonly failed?: Range
  readonly left?: Range
  /** What most of the 429s came from. */
  readonly refusedBy?: 'tokens' | 'requests'
  readonly firstByteP50Ms?: Range
  readonly totalP50Ms?: Range
  /** Of the minute that had most. */
  readonly tokensInAMinute?: Range
  readonly answersInAMinute?: Range
  readonly verdict?: 'pass' | 'warn' | 'fail'
}

export type Scenario = {
  readonly about: string
  readonly stages: readonly { readonly seconds: number; readonly users: number }[]
  readonly stream: boolean
  readonly thinkSeconds: Range
  readonly tokens: { readonly prompt?: number; readonly answer?: number; readonly mix?: string }
  /** Waits as it is told, comes back after a second, or goes on with the next question. */
  readonly on429: 'wait' | 'hurry' | 'go on'
  readonly settings: Readonly<Record<string, unknown>>
  readonly expect: Expected
}

export type Book = {
  readonly mixes: Readonly<
    Record<
      string,
      { readonly source: string; readonly promptTokens: readonly number[]; readonly answerTokens: readonly number[] }
    >
  >
  readonly scenarios: Readonly<Record<string, Scenario>>
}

type Quantiles = { readonly p50: number } | null
type Sums = Readonly<Record<'ok' | 'promptTokens' | 'completionTokens', readonly number[]>>
type Totals = Readonly<
  Record<'requests' | 'ok' | 'limitedByTokens' | 'limitedByRequests' | 'limitedOtherwise' | 'failed' | 'left', number>
>

/** As `aoai-sim report --json` writes it, as far as it is asked here. */
export type Run = {
  readonly resources: readonly {
    readonly verdict: { readonly level: string }
    readonly report: {
      readonly momentMs: number
      readonly rows: readonly {
        readonly totals: Totals & { readonly firstByteMs: Quantiles; readonly totalMs: Quantiles }
        readonly sums: Sums
      }[]
    }
  }[]
}

const minuteMs = 60_000

/** `isWhole`: as long as the scenario is; else nothing is said of what takes minutes. */
export function problemsOf(
  run: Run,
  expected: Expected,
  { isWhole }: { readonly isWhole: boolean },
): readonly string[] {
  const [resource] = run.resources
  const row = resource?.report.rows.toSorted((one, other) => other.totals.requests - one.totals.requests)[0]
  if (!resource || !row || row.totals.requests === 0) return ['no request came.']
  const { totals, sums } = row
  const refused = totals.limitedByTokens + totals.limitedByRequests + totals.limitedOtherwise
  const perMinute = (values: readonly number[]) => mostInAMinute(values, resource.report.momentMs)
  const tokens = sums.promptTokens.map((prompt, at) => prompt + (sums.completionTokens[at] ?? 0))
  const problems: string[] = []
  const within = (range: Range | undefined, value: number | undefined, what: string) => {
    if (!range) return
    const [least, most] = range
    if (value === undefined || value < least || value > most)
      problems.push(
        `${what} is ${value === undefined ? 'unknown' : Number(value.toPrecision(3))}, not ${least} to ${most}.`,
      )
  }
  within(expected.failed, totals.failed / totals.requests, 'the share that failed')
  within(expected.left, totals.left / totals.requests, 'the share that its client left')
  within(expected.firstByteP50Ms, totals.firstByteMs?.p50, 'p50 of the time to the first byte, in ms,')
  within(expected.totalP50Ms, totals.totalMs?.p50, 'p50 of the time to the end, in ms,')
  if (expected.verdict !== undefined && isWhole && resource.verdict.level !== expected.verdict)
    problems.push(`the verdict is ${resource.verdict.level}, not ${expected.verdict}.`)
  if (!isWhole && (expected.refused?.[0] ?? 0) > 0) return problems
  within(expected.refused, refused / totals.requests, 'the share that was refused with 429')
  if (isWhole) {
    within(expected.tokensInAMinute, perMinute(tokens), 'the most tokens in a minute')
    within(expected.answersInAMinute, perMinute(sums.ok), 'the most answers in a minute')
  }
  const cause = totals.limitedByTokens > totals.limitedByRequests ? 'tokens' : 'requests'
  if (expected.refusedBy !== undefined && refused > 0 && cause !== expected.refusedBy)
    problems.push(`most 429s are by ${cause}, not by ${expected.refusedBy}.`)
  return problems
}

function mostInAMinute(values: readonly number[], momentMs: number): number {
  const moments = Math.max(1, Math.round(minuteMs / momentMs))
  const sums = values.map((_, at) => values.slice(at, at + moments).reduce((sum, value) => sum + value, 0))
  return Math.max(0, ...sums)
}
