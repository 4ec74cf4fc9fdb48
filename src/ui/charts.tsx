/** The charts of the overview. */
import { useMemo } from 'preact/hooks'
import type { LiveSecond } from '../sim/metrics/live.ts'
import { LineChart, type ChartLine } from './chart.tsx'
import { compactAmount, durationText, percent } from './format.ts'
import {
  type Cause,
  causeNames,
  causes,
  namesIn,
  rowsOf,
  sumsOf,
  type TrafficSums,
  timesOf,
  utilizationOf,
} from './seconds.ts'

/** Which places of the percentiles are drawn; between each two is a band. */
const ranks = [
  { rank: 0, label: 'p50', color: '--ok' },
  { rank: 1, label: 'p95', color: '--accent' },
  { rank: 2, label: 'p99', color: '--failed', isDashed: true },
] as const

const causeColors: Readonly<Record<Cause, string>> = {
  tokens: '--limited',
  requests: '--accent',
  provisioned: '--failed',
  rule: '--ok',
  other: '--faint',
}

const utilizationColors = ['--accent', '--limited', '--ok', '--failed', '--faint']

type Props = {
  readonly seconds: readonly LiveSecond[]
  /** Tokens per minute, where one deployment is drawn that has a limit. */
  readonly limit: number | undefined
}

export function Charts({ seconds, limit }: Props) {
  const drawn = useMemo(() => linesOf(seconds, limit), [seconds, limit])
  const { atMs } = drawn
  return (
    <section aria-label="Charts" class="charts">
      <LineChart
        title="Answers"
        unit="per second, by status"
        atMs={atMs}
        lines={drawn.answers}
        format={compactAmount}
      />
      <LineChart
        title="Tokens"
        unit="in the last 60 s, of answers that ended"
        atMs={atMs}
        lines={drawn.tokens}
        format={compactAmount}
      />
      <LineChart
        title="Time to first token"
        unit="p50, p95, p99"
        atMs={atMs}
        lines={drawn.firstByte}
        format={durationText}
        hasBands
      />
      <LineChart
        title="Time to the end"
        unit="p50, p95, p99"
        atMs={atMs}
        lines={drawn.total}
        format={durationText}
        hasBands
      />
      {drawn.limited.length > 0 && (
        <LineChart title="429 by cause" unit="per second" atMs={atMs} lines={drawn.limited} format={compactAmount} />
      )}
      {drawn.utilization.length > 0 && (
        <LineChart
          title="PTU in use"
          unit="% of provisioned throughput"
          atMs={atMs}
          lines={drawn.utilization}
          format={percent}
        />
      )}
    </section>
  )
}

function linesOf(seconds: readonly LiveSecond[], limit: number | undefined) {
  const sums = seconds.map(({ rows }) => sumsOf(rows))
  const count = (
    label: string,
    color: string,
    key: Exclude<keyof TrafficSums, 'limitedBy'>,
    more: Partial<ChartLine> = {},
  ): ChartLine => ({
    label,
    color,
    values: sums.map((sum) => sum[key]),
    ...more,
  })
  const overMinute = (label: string, color: string, key: 'prompt' | 'completion'): ChartLine => ({
    label,
    color,
    values: sums.map((_, at) => sums.slice(Math.max(0, at - 59), at + 1).reduce((sum, one) => sum + one[key], 0)),
  })
  const times = (kind: 'firstByteMs' | 'totalMs') =>
    ranks.map(({ rank, ...line }): ChartLine => ({
      ...line,
      values: seconds.map((second) => timesOf(second, kind, rank)),
    }))
  const prompt = overMinute('prompt', '--accent', 'prompt')
  const completion = overMinute('completion', '--ok', 'completion')
  const both = prompt.values.map((value, at) => (value ?? 0) + (completion.values[at] ?? 0))
  return {
    atMs: seconds.map(({ atMs }) => atMs),
    answers: [
      count('succeeded', '--ok', 'ok', { isFilled: true }),
      count('429', '--limited', 'limited', { isDashed: true }),
      count('other 4xx', '--accent', 'refused'),
      count('5xx', '--failed', 'failed'),
      count('client left', '--faint', 'left', { isDashed: true }),
    ],
    tokens: [
      { label: 'all', color: '--text', values: both, isFilled: true } satisfies ChartLine,
      prompt,
      completion,
      ...(limit === undefined
        ? []
        : [{ label: 'limit', color: '--limited', values: sums.map(() => limit), isDashed: true } satisfies ChartLine]),
    ],
    firstByte: times('firstByteMs'),
    total: times('totalMs'),
    limited: causes
      .filter((cause) => sums.some(({ limitedBy }) => limitedBy[cause] > 0))
      .map((cause): ChartLine => ({
        label: causeNames[cause],
        color: causeColors[cause],
        values: sums.map(({ limitedBy }) => limitedBy[cause]),
      })),
    utilization: utilizationLines(seconds),
  }
}

/** A second without requests is as the one before: nothing is told of it. */
function utilizationLines(seconds: readonly LiveSecond[]): readonly ChartLine[] {
  const names = namesIn(seconds).filter((name) => utilizationOf(rowsOf(seconds, name)) !== undefined)
  return names.slice(0, utilizationColors.length).map((label, at): ChartLine => ({
    label,
    color: utilizationColors[at] ?? '--faint',
    values: seconds.map((second) => utilizationOf(rowsOf([second], label)) ?? null),
    spansGaps: true,
  }))
}
