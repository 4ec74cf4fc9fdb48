/** What is measured and remembered of requests, and where it is sent. */
import { flag, group, text, webAddress, whole } from './forms.ts'
import { timeout } from './schema-kinds.ts'

export const telemetrySetting = () =>
  group({
    metrics: flag().meta({
      description: 'Whether requests are measured, for GET /++/metrics and for the places below.',
      default: true,
    }),
    connectionString: text('the connection string of an Application Insights resource')
      .optional()
      .meta({ description: 'Application Insights that metrics are sent to.', secret: true }),
    authentication: text('Authorization=AAD, with ;ClientId=… for an identity of its own')
      .optional()
      .meta({ description: 'How to sign in there where local authentication is off, as App Service has it.' }),
    otlpEndpoint: webAddress('the address of an OpenTelemetry collector, as http://localhost:4318')
      .optional()
      .meta({ description: 'An OpenTelemetry collector that metrics are sent to, by OTLP over HTTP.' }),
    serviceName: text('a name').meta({
      description: 'What metrics call the simulator.',
      default: 'aoai-simulated-api',
    }),
    exportInterval: timeout().meta({ description: 'How often metrics are sent.', default: '60s' }),
  }).meta({ description: 'Metrics. Where they are sent is read at the start only.' })

export const journalSetting = () =>
  group({
    size: whole(0, 100_000).meta({
      description: 'How many of the last requests GET /++/requests tells of; 0 keeps none.',
      default: 1000,
    }),
  })
