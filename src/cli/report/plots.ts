/** The plots of a run: which there are, and what each shows. */
import type { HistoryRow, Quantiles, RunReport, Sums } from '../../sim/index.ts'
import { type Chart, chartOf, type TimeSpan, type Tone } from './chart.ts'
import { numberText } from './html.ts'

/** Deployments with plots of their own; the others are in the sums alone. */
const maxDeployments = 6
const minuteMs = 60_000

export function plotsOf(report: RunReport): readonly string[] {
  const times: TimeSpan = { fromMs: report.fromMs ?? 0, momentMs: report.momentMs, phases: report.phases }
  const moments = report.inFlight.length
  const perSecond = (name: keyof Sums) =>
    summed(report.rows, name, moments).map((count) => count / (report.momentMs / 1000))
  const charts: Chart[] = [
    {
      title: 'Requests by how they ended',
      unit: 'a second',
      kind: 'stacked',
      series: statuses.map(({ title, tone, names }) => ({
        name: title,
        tone,
        values: added(names.map(perSecond), moments),
      })),
    },
    {
      title: '429 by what refused them',
      unit: 'a second',
      kind: 'stacked',
      series: [
        { name: 'tokens per minute', tone: 'tokens', values: perSecond('limitedByTokens') },
        { name: 'requests per minute', tone: 'requests', values: perSecond('limitedByRequests') },
        { name: 'a rule, or too busy', tone: 'other', values: perSecond('limitedOtherwise') },
      ],
    },
    ...report.rows.slice(0, maxDeployments).flatMap((row) => ofDeployment(row, report, report.rows.length > 1)),
    {
      title: 'Requests at once',
      unit: 'in the whole simulator, at most',
      kind: 'lines',
      series: [{ name: 'in flight', tone: 'good', values: report.inFlight }],
    },
  ]
  return charts.map((chart) => chartOf(chart, times)).filter((text) => text !== '')
}

const statuses: readonly { readonly title: string; readonly tone: Tone; readonly names: readonly (keyof Sums)[] }[] = [
  { title: 'answered', tone: 'good', names: ['ok'] },
  { title: '429', tone: 'tokens', names: ['limitedByTokens', 'limitedByRequests', 'limitedOtherwise'] },
  { title: 'other 4xx', tone: 'refused', names: ['refused'] },
  { title: '5xx', tone: 'failed', names: ['failed'] },
  { title: 'left by the client', tone: 'left', names: ['left'] },
]

function ofDeployment(row: HistoryRow, { limits, momentMs }: RunReport, isOneOfMany: boolean): readonly Chart[] {
  const { deployment = '', sums, firstByteMs, totalMs } = row
  const of = isOneOfMany ? ` of ${deployment}` : ''
  const limit = limits.find((each) => each.deployment === deployment)
  const tokens = sums.promptTokens.map((prompt, at) => prompt + (sums.completionTokens[at] ?? 0))
  const perMinute = limit?.tokensPerMinute
  return [
    {
      title: `Tokens that were answered${of}`,
      unit: 'in the last minute, prompt and answer',
      kind: 'lines',
      series: [{ name: 'tokens', tone: 'good', values: lastMinute(tokens, momentMs) }],
      limit: perMinute === undefined ? undefined : { name: `limit: ${numberText(perMinute)}`, value: perMinute },
    },
    {
      title: `Use of the limit${of}`,
      unit: '%, at most',
      kind: 'lines',
      series: [
        {
          name: limit?.provisionedUnits === undefined ? 'of tokens or requests' : 'of provisioned throughput',
          tone: 'tokens',
          values: sums.utilization.map((used, at) => (isIdle(sums, at) ? null : Math.round(used))),
        },
      ],
      limit: { name: '100 %', value: 100 },
    },
    times(`Time to the first byte${of}`, firstByteMs),
    times(`Time to the end${of}`, totalMs),
  ]
}

const times = (title: string, values: readonly (Quantiles | null)[]): Chart => ({
  title,
  unit: 'milliseconds, of answers that succeeded',
  kind: 'lines',
  series: [
    { name: 'p50', tone: 'low', values: values.map((each) => each?.p50 ?? null) },
    { name: 'p95', tone: 'middle', values: values.map((each) => each?.p95 ?? null) },
    { name: 'p99', tone: 'high', values: values.map((each) => each?.p99 ?? null) },
  ],
})

/** Nothing came in that moment. */
const isIdle = (sums: Sums, at: number) =>
  [sums.ok, sums.limitedByTokens, sums.limitedByRequests, sums.limitedOtherwise].every(
    (counts) => (counts[at] ?? 0) === 0,
  )

const summed = (rows: readonly HistoryRow[], name: keyof Sums, moments: number): readonly number[] =>
  added(
    rows.map(({ sums }) => sums[name]),
    moments,
  )

const added = (columns: readonly (readonly number[])[], moments: number): number[] =>
  Array.from({ length: moments }, (_, at) => columns.reduce((sum, column) => sum + (column[at] ?? 0), 0))

/** Of each moment: what came in the minute that ends with it, or where it is longer a minute's part of it. */
function lastMinute(values: readonly number[], momentMs: number): number[] {
  if (momentMs >= minuteMs) return values.map((value) => (value * minuteMs) / momentMs)
  const moments = Math.round(minuteMs / momentMs)
  let sum = 0
  return values.map((value, at) => {
    sum += value - (at >= moments ? (values[at - moments] ?? 0) : 0)
    return sum
  })
}
