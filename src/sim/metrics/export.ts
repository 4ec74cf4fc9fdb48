/** Sends the meters where the configuration says: Azure Monitor, an OTLP endpoint, or both. Loaded when asked for. */
import { resourceFromAttributes } from '@opentelemetry/resources'
import * as sdk from '@opentelemetry/sdk-metrics'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { Log } from '../base/log.ts'
import { producer } from './produce.ts'
import type { MetricFamily, Gauge } from './series.ts'
import { reasonOf } from '../base/reason.ts'

export type Export = {
  /** Sends what has not been sent yet, and stops. Never rejects, and takes no longer than `flushMs`. */
  readonly close: () => Promise<void>
}

export type ExportOptions = {
  readonly families: () => readonly MetricFamily[]
  readonly gauges: () => readonly Gauge[]
  readonly clock: Clock
  readonly log: Log
}

/** A Functions host waits five seconds for a worker that is to end. */
const flushMs = 3000

/** A collector that gives no sign for so long is not reached. */
const reachMs = 5_000

/**
 * Says at the start what cannot be reached: an answer of any kind is a sign that it can. Exporters themselves fail in
 * silence. Returns what gives it up.
 */
function watchReach(address: string, { clock, log }: Pick<ExportOptions, 'clock' | 'log'>): () => void {
  const asking = new AbortController()
  let isGivenUp = false
  const timer = clock.timer(() => asking.abort(new Error('no answer')))
  timer.set(clock.now() + reachMs)
  fetch(address, { method: 'HEAD', signal: asking.signal })
    .catch((error: unknown) => {
      if (isGivenUp) return
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      const host = URL.parse(address)?.host ?? 'their address'
      log.warn(
        `Metrics cannot be sent to ${host} now: ${reasonOf(cause)}. See the telemetry settings; sending is tried on.`,
      )
    })
    .finally(() => timer.cancel())
  return () => {
    isGivenUp = true
    asking.abort()
  }
}

/** Where a connection string sends to. */
const ingestionOf = (connectionString: string): string =>
  /(?:^|;)\s*IngestionEndpoint=([^;]+)/i.exec(connectionString)?.[1] ?? 'https://dc.services.visualstudio.com'

/** Resolves when sending has begun; a place that cannot be reached is told in the log, and stops nothing. */
export async function startExport(
  telemetry: Config['telemetry'],
  { families, gauges, clock, log }: ExportOptions,
): Promise<Export> {
  const { connectionString, authentication, otlpEndpoint, exportIntervalMs } = telemetry
  // Each brings a whole client with it.
  const azureMonitor = async (to: string) =>
    (await import('./export-azure-monitor.ts')).azureMonitorExporter(to, authentication)
  const otlp = async (to: string) => (await import('./export-otlp.ts')).otlpExporter(to)
  const reader = (exporter: sdk.PushMetricExporter, isDelta: boolean) =>
    new sdk.PeriodicExportingMetricReader({
      exporter,
      exportIntervalMillis: exportIntervalMs,
      exportTimeoutMillis: Math.min(exportIntervalMs, 30_000),
      metricProducers: [producer({ families, gauges, clock, isDelta })],
    })
  const readers = [
    ...(connectionString === undefined ? [] : [reader(await azureMonitor(connectionString), true)]),
    ...(otlpEndpoint === undefined ? [] : [reader(await otlp(otlpEndpoint), false)]),
  ]
  const addresses = [otlpEndpoint, connectionString && ingestionOf(connectionString)]
  const watches = addresses.flatMap((address) => (address ? [watchReach(address, { clock, log })] : []))
  const resource = resourceFromAttributes({ 'service.name': telemetry.serviceName })
  const provider = new sdk.MeterProvider({ resource, readers })
  return {
    async close() {
      for (const giveUp of watches) giveUp()
      try {
        await provider.forceFlush({ timeoutMillis: flushMs })
        await provider.shutdown({ timeoutMillis: flushMs })
      } catch (error) {
        log.warn(`The last metrics were not sent: ${reasonOf(error)}`)
      }
    },
  }
}
