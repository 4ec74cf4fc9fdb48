/** The meters as Prometheus reads them, piece by piece. Loaded when they are first asked for. */
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { emptyResource } from '@opentelemetry/resources'
import type { MetricData } from '@opentelemetry/sdk-metrics'
import type { Clock } from '../clock.ts'
import { producer } from './produce.ts'
import type { MetricFamily, Gauge } from './series.ts'

/** Some twenty lines each: a piece of so many is made in a millisecond or two. */
const rowsAPiece = 25

/** The text of `GET /++/metrics`, as it was when it was asked for; its pieces are made when they are taken. */
export function prometheusText(
  told: { readonly families: () => readonly MetricFamily[]; readonly gauges: () => readonly Gauge[] },
  clock: Clock,
): () => Iterable<string> {
  const { metrics } = producer({ ...told, clock, isDelta: false })
  // Neither a prefix nor time stamps, nor metrics about the exporter itself.
  const serializer = new PrometheusSerializer('', false, undefined, true, true)
  const textOf = (metric: MetricData) =>
    serializer.serialize({ resource: emptyResource(), scopeMetrics: [{ scope: { name: '' }, metrics: [metric] }] })
  return () => pieces(metrics(), textOf)
}

function* pieces(metrics: readonly MetricData[], textOf: (metric: MetricData) => string): Generator<string> {
  for (const metric of metrics)
    for (let at = 0; at < metric.dataPoints.length; at += rowsAPiece) {
      const dataPoints = metric.dataPoints.slice(at, at + rowsAPiece)
      const text = textOf({ ...metric, dataPoints } as MetricData)
      // What the metric is stands once, before its first row.
      yield at === 0 ? text : text.replace(/^(?:#[^\n]*\n)+/, '')
    }
}
