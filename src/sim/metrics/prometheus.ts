/** The meters as Prometheus reads them. Loaded when they are first asked for. */
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { emptyResource } from '@opentelemetry/resources'
import type { Clock } from '../clock.ts'
import { producer } from './produce.ts'
import type { Family } from './series.ts'

/** The text of `GET /++/metrics`, made anew each time. */
export function prometheusText(families: () => readonly Family[], clock: Clock): () => string {
  const { metrics } = producer({ families, clock, isDelta: false })
  // Neither a prefix nor time stamps, nor metrics about the exporter itself.
  const serializer = new PrometheusSerializer('', false, undefined, true, true)
  return () =>
    serializer.serialize({ resource: emptyResource(), scopeMetrics: [{ scope: { name: '' }, metrics: metrics() }] })
}
