/** Numbers that are counted up while requests run: plain additions, and nothing else, on their way. */

export type MetricAttributes = Readonly<Record<string, string>>

/** Counts of values between boundaries, with their sum, smallest and largest. */
export class Histogram {
  readonly boundaries: readonly number[]
  /** One more than the boundaries: the last is for what lies above them all. */
  readonly counts: number[]
  sum = 0
  count = 0
  min = Infinity
  max = -Infinity

  constructor(boundaries: readonly number[]) {
    this.boundaries = boundaries
    this.counts = new Array<number>(boundaries.length + 1).fill(0)
  }

  record(value: number): void {
    const { boundaries } = this
    let low = 0
    let high = boundaries.length
    // The first boundary that is not below the value: a boundary itself belongs to the bucket below it.
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((boundaries[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    this.counts[low] = (this.counts[low] ?? 0) + 1
    this.sum += value
    this.count++
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
  }
}

export class Counter {
  total = 0

  add(value: number): void {
    this.total += value
  }
}

/** One metric with a row for each combination of attributes. */
export type MetricFamily<T extends Histogram | Counter = Histogram | Counter> = {
  readonly name: string
  readonly description: string
  readonly unit: string
  readonly rows: readonly { readonly attributes: MetricAttributes; readonly value: T }[]
  /** The row of these attributes, made where it is not there yet. */
  readonly row: (attributes: MetricAttributes) => T
}

/** More combinations than this are counted together: names of deployments come from clients. */
const maxRows = 300
const overflow: MetricAttributes = { 'otel.metric.overflow': 'true' }

/** Numbers as they are at the moment at which they are asked for. */
export type Gauge = About & { readonly value: number; readonly attributes?: MetricAttributes }

type About = { readonly name: string; readonly description: string; readonly unit: string }

export function histograms(about: About, boundaries: readonly number[]): MetricFamily<Histogram> {
  return family(about, () => new Histogram(boundaries))
}

export const counters = (about: About): MetricFamily<Counter> => family(about, () => new Counter())

function family<T extends Histogram | Counter>(about: About, make: () => T): MetricFamily<T> {
  const rows: { readonly attributes: MetricAttributes; readonly value: T }[] = []
  const byKey = new Map<string, T>()
  const row = (attributes: MetricAttributes): T => {
    const key = JSON.stringify(attributes)
    const known = byKey.get(key)
    if (known) return known
    if (rows.length >= maxRows && attributes !== overflow) return row(overflow)
    const value = make()
    byKey.set(key, value)
    rows.push({ attributes, value })
    return value
  }
  return { ...about, rows, row }
}
