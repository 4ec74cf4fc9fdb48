/** The distribution that times have, and how well it does. */
import { type LogNormal, logNormalOf, type Percentiles, quantileOf } from '../../sim/index.ts'
import type { Summary, MeasuredTimes } from './read.ts'

export type Fit = {
  readonly name: 'timeToFirstToken' | 'interToken'
  readonly percentiles: Percentiles
  readonly distribution: LogNormal
  /** Sorted; none where only percentiles were told. */
  readonly samples: readonly number[]
  readonly rows: readonly { readonly share: number; readonly measured: number; readonly fitted: number }[]
  /** The greatest difference between the shares below a time (Kolmogorov and Smirnov). */
  readonly distance: number | undefined
}

/** Fewer say nothing of a 95th percentile. */
const minSamples = 30
/** Fewer say nothing of a 99th. */
const minForTail = 300

const shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]

export function fitAll(times: MeasuredTimes): { readonly fits: readonly Fit[]; readonly told: readonly string[] } {
  const told: string[] = []
  const { first, between } = withWhole(times, told)
  const fits = [
    fit('timeToFirstToken', first, times.summaries.first, told),
    fit('interToken', between, times.summaries.between, told),
  ]
  return { fits: fits.filter((each) => each !== undefined), told }
}

function fit(
  name: Fit['name'],
  found: readonly number[],
  summary: Summary | undefined,
  told: string[],
): Fit | undefined {
  const samples = found.filter((ms) => ms > 0).toSorted((a, b) => a - b)
  if (samples.length >= minSamples) {
    const at = (share: number) => quantile(samples, share)
    const p99 = samples.length >= minForTail ? at(0.99) : undefined
    if (p99 === undefined)
      told.push(`${name}: ${samples.length} samples are too few for its tail; ${minForTail} would do`)
    const percentiles = { p50: at(0.5), p95: Math.max(at(0.5), at(0.95)), p99 }
    const distribution = logNormalOf(percentiles)
    const rows = shares.map((share) => ({ share, measured: at(share), fitted: quantileOf(distribution, share) }))
    return { name, percentiles, distribution, samples, rows, distance: distanceOf(samples, distribution) }
  }
  if (!summary) {
    if (samples.length > 0)
      told.push(`${name}: too little data, ${samples.length} samples; at least ${minSamples} are needed. Not fitted`)
    return undefined
  }
  const distribution = logNormalOf(summary)
  const rows = (
    [
      ['p50', 0.5],
      ['p95', 0.95],
      ['p99', 0.99],
    ] as const
  ).flatMap(([key, share]) => {
    const measured = summary[key]
    return measured === undefined ? [] : [{ share, measured, fitted: quantileOf(distribution, share) }]
  })
  told.push(`${name}: fitted to percentiles that were told, without the times behind them`)
  return { name, percentiles: summary, distribution, samples: [], rows, distance: undefined }
}

/** Whole answers with their tokens are taken apart: a line through them is the first token and the time of each more. */
function withWhole({ firstMs, betweenMs, whole }: MeasuredTimes, told: string[]) {
  const counted = whole.filter(
    (each): each is { ms: number; tokens: number } => each.tokens !== undefined && each.tokens > 0,
  )
  const plain = whole.filter(({ tokens }) => tokens === undefined).map(({ ms }) => ms)
  if (counted.length < minSamples) {
    if (whole.length > 0 && firstMs.length === 0)
      told.push('whole answers without tokens: their time is taken for that to the first token')
    return { first: [...firstMs, ...plain, ...counted.map(({ ms }) => ms)], between: betweenMs }
  }
  const slope = slopeOf(counted)
  told.push(`${counted.length} whole answers: ${slope.toFixed(2)} ms a token, by the line through them`)
  const firsts = counted.map(({ ms, tokens }) => Math.max(1, ms - slope * (tokens - 1)))
  const each = counted.filter(({ tokens }) => tokens > 5)
  const base = quantile(
    firsts.toSorted((a, b) => a - b),
    0.5,
  )
  const between = each.map(({ ms, tokens }) => Math.max(0.1, (ms - base) / (tokens - 1)))
  return { first: [...firstMs, ...firsts], between: [...betweenMs, ...between] }
}

/** The median of slopes between pairs that are far from each other (Theil and Sen). */
function slopeOf(points: readonly { readonly ms: number; readonly tokens: number }[]): number {
  const sorted = points.toSorted((a, b) => a.tokens - b.tokens)
  const half = Math.floor(sorted.length / 2)
  const slopes: number[] = []
  for (let at = 0; at < half; at++) {
    const [low, high] = [sorted[at], sorted[at + half]]
    if (low && high && high.tokens > low.tokens) slopes.push((high.ms - low.ms) / (high.tokens - low.tokens))
  }
  return slopes.length === 0
    ? 0
    : Math.max(
        0,
        quantile(
          slopes.toSorted((a, b) => a - b),
          0.5,
        ),
      )
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN

function distanceOf(sorted: readonly number[], distribution: LogNormal): number {
  let most = 0
  for (let step = 1; step < 100; step++) {
    const share = step / 100
    const limit = quantileOf(distribution, share)
    // Of times that are the same, as whole milliseconds often are, any share may lie below.
    const shareUpTo = (ms: number) => countUpTo(sorted, ms) / sorted.length
    most = Math.max(most, shareUpTo(limit * (1 - equal)) - share, share - shareUpTo(limit * (1 + equal)))
  }
  return most
}

const equal = 1e-6

function countUpTo(sorted: readonly number[], ms: number): number {
  const above = sorted.findIndex((each) => each > ms)
  return above < 0 ? sorted.length : above
}
