/** What is measured and remembered of requests, and where it is sent. */
import { choice, flag, group, text, webAddress, whole } from './forms.ts'
import { timeout } from './schema-kinds.ts'

export const telemetrySetting = () =>
  group({
    metrics: flag().meta({
      description: 'Whether requests are measured, for GET /++/metrics and for the exporters below.',
      default: true,
    }),
    undefinedDeployments: choice(['together', 'apart']).meta({
      description:
        'Whether metrics count deployments that nobody configured, but for those with the name of a model, as one, or each by its name; of these, 300 rows a metric at most.',
      default: 'together',
    }),
    connectionString: text('the connection string of an Application Insights resource').optional().meta({
      env: 'APPLICATIONINSIGHTS_CONNECTION_STRING',
      startOnly: true,
      description: 'Application Insights resource to which metrics are sent.',
      secret: true,
    }),
    authentication: text('Authorization=AAD, with ;ClientId=… for an identity of its own').optional().meta({
      env: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
      startOnly: true,
      description: 'How to sign in there when local authentication is off, in the form that App Service uses.',
    }),
    otlpEndpoint: webAddress('the address of an OpenTelemetry collector, as http://localhost:4318').optional().meta({
      env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      startOnly: true,
      description: 'OpenTelemetry collector to which metrics are sent, by OTLP over HTTP.',
    }),
    serviceName: text('a name').meta({
      env: 'OTEL_SERVICE_NAME',
      startOnly: true,
      description: 'Service name reported with metrics.',
      default: 'aoai-simulated-api',
    }),
    exportInterval: timeout().meta({
      env: 'OTEL_METRIC_EXPORT_INTERVAL',
      startOnly: true,
      description: 'How often metrics are sent.',
      default: '60s',
    }),
  }).meta({ description: 'Metrics, and where they are sent.' })

export const reportSetting = () =>
  group({
    moments: whole(0, 3600).meta({
      description:
        'Number of moments that sums of a run are kept for; each is a second, and twice as long whenever there are too many of them. 0 keeps none.',
      default: 300,
    }),
  }).meta({ description: 'The summary of a run, for GET /++/report.' })

export const journalSetting = () =>
  group({
    size: whole(0, 100_000).meta({
      description: 'Number of recent requests that GET /++/requests lists; 0 keeps none.',
      default: 1000,
    }),
    bodies: choice(['off', 'on']).meta({
      description:
        'Whether GET /++/requests shows what was asked and answered, each up to 1 MB, secrets masked. Always on in sessions, unless they say otherwise.',
      default: 'off',
    }),
  }).meta({ description: 'The last requests, for GET /++/requests.' })
