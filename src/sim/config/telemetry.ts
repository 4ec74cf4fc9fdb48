/** What is measured and remembered of requests, and where it is sent. */
import { flag, group, text, webAddress, whole } from './forms.ts'
import { timeout } from './schema-kinds.ts'

export const telemetrySetting = () =>
  group({
    metrics: flag().meta({
      description: 'Whether requests are measured, for GET /++/metrics and for the places below.',
      default: true,
    }),
    connectionString: text('the connection string of an Application Insights resource').optional().meta({
      env: 'APPLICATIONINSIGHTS_CONNECTION_STRING',
      startOnly: true,
      description: 'Application Insights that metrics are sent to.',
      secret: true,
    }),
    authentication: text('Authorization=AAD, with ;ClientId=… for an identity of its own').optional().meta({
      env: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
      startOnly: true,
      description: 'How to sign in there where local authentication is off, as App Service has it.',
    }),
    otlpEndpoint: webAddress('the address of an OpenTelemetry collector, as http://localhost:4318').optional().meta({
      env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      startOnly: true,
      description: 'An OpenTelemetry collector that metrics are sent to, by OTLP over HTTP.',
    }),
    serviceName: text('a name').meta({
      env: 'OTEL_SERVICE_NAME',
      startOnly: true,
      description: 'What metrics call the simulator.',
      default: 'aoai-simulated-api',
    }),
    exportInterval: timeout().meta({
      env: 'OTEL_METRIC_EXPORT_INTERVAL',
      startOnly: true,
      description: 'How often metrics are sent.',
      default: '60s',
    }),
  }).meta({ description: 'Metrics, and where they are sent.' })

export const journalSetting = () =>
  group({
    size: whole(0, 100_000).meta({
      description: 'How many of the last requests GET /++/requests tells of; 0 keeps none.',
      default: 1000,
    }),
  })
