import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics'

/** To an OpenTelemetry collector at that address, by OTLP over HTTP. */
export const otlpExporter = (endpoint: string): PushMetricExporter =>
  new OTLPMetricExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/metrics` })
