/** The meters in OpenTelemetry's own shape, for its exporters: whoever reads asks, and nothing is made before. */
import { type HrTime, ValueType } from '@opentelemetry/api'
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram as HistogramValue,
  type MetricData,
  type MetricProducer,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import type { Clock } from '../clock.ts'
import { Counter, type MetricFamily, type Gauge, type Histogram } from './series.ts'

type Value = { counts: number[]; sum: number; count: number; min: number; max: number }

/**
 * `delta` tells what came since the last time it was asked, as Azure Monitor wants it; otherwise all since the start.
 * Each reader needs one of its own then.
 */
export function producer({
  families,
  gauges = () => [],
  clock,
  isDelta,
}: {
  families: () => readonly MetricFamily[]
  gauges?: (() => readonly Gauge[]) | undefined
  clock: Pick<Clock, 'now'>
  isDelta: boolean
}): MetricProducer & { readonly metrics: () => MetricData[] } {
  const startedAtMs = clock.now()
  let lastAtMs = startedAtMs
  const before = new Map<Histogram | Counter, Value>()

  const metrics = (): MetricData[] => {
    const nowMs = clock.now()
    const times = { startTime: toHrTime(isDelta ? lastAtMs : startedAtMs), endTime: toHrTime(nowMs) }
    lastAtMs = nowMs
    const told = families().map((family) => toMetric(family, times))
    return [...told.filter(({ dataPoints }) => dataPoints.length > 0), ...toGauges(gauges(), times)]
  }

  const toMetric = (family: MetricFamily, times: { startTime: HrTime; endTime: HrTime }): MetricData => {
    const { name, description, unit, rows } = family
    const aggregationTemporality = isDelta ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE
    const common = { descriptor: { name, description, unit, valueType: ValueType.DOUBLE }, aggregationTemporality }
    const sums: DataPoint<number>[] = []
    const spreads: DataPoint<HistogramValue>[] = []
    for (const { attributes, value } of rows) {
      const { count, sum, min, max, counts } = sinceBefore(value)
      if (count === 0) continue
      if (value instanceof Counter) sums.push({ ...times, attributes, value: sum })
      else {
        const buckets = { boundaries: [...value.boundaries], counts }
        spreads.push({ ...times, attributes, value: { buckets, count, sum, min, max } })
      }
    }
    return sums.length > 0
      ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: sums }
      : { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: spreads }
  }

  const sinceBefore = (value: Histogram | Counter): Value => {
    const now: Value =
      value instanceof Counter
        ? { counts: [], sum: value.total, count: value.total, min: 0, max: 0 }
        : { counts: [...value.counts], sum: value.sum, count: value.count, min: value.min, max: value.max }
    if (!isDelta) return now
    const last = before.get(value)
    before.set(value, now)
    if (!last) return now
    return {
      counts: now.counts.map((count, at) => count - (last.counts[at] ?? 0)),
      sum: now.sum - last.sum,
      count: now.count - last.count,
      min: now.min,
      max: now.max,
    }
  }

  return {
    metrics,
    collect: () =>
      Promise.resolve({
        // The resource is the reader's own: this one is not looked at.
        resourceMetrics: {
          resource: emptyResource,
          scopeMetrics: [{ scope: { name: 'aoai-simulated-api' }, metrics: metrics() }],
        },
        errors: [],
      }),
  }
}

const emptyResource = {
  attributes: {},
  merge: () => emptyResource,
  getRawAttributes: () => [],
} as ResourceMetrics['resource']

/** Those of one name are one metric. */
function toGauges(gauges: readonly Gauge[], times: { startTime: HrTime; endTime: HrTime }): readonly MetricData[] {
  const byName = Map.groupBy(gauges, ({ name }) => name)
  return [...byName.values()].flatMap((alike) => {
    const [first] = alike
    if (!first) return []
    const { name, description, unit } = first
    return {
      descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.GAUGE,
      dataPoints: alike.map(({ attributes = {}, value }) => ({ ...times, attributes, value })),
    }
  })
}

const toHrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)]
