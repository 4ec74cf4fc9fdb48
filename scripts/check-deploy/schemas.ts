/**
 * The parts of the published schemas that this project uses. A name that is not here is a mistake, or a line to add. Sources: azd's `schemas/v1.0/azure.yaml.json` and `ServiceConfig.Condition`; SchemaStore's
 * `github-workflow.json`; the Compose specification; Helm's `Chart.yaml`; the Functions host's `host.json` and Core
 * Tools' `local.settings.json`.
 */
type Schema = Readonly<Record<string, unknown>>

const text: Schema = { type: 'string', minLength: 1 }
const flag: Schema = { type: 'boolean' }
const texts: Schema = { type: 'array', items: text, minItems: 1 }
const mapOf = (value: Schema): Schema => ({ type: 'object', additionalProperties: value })
const oneOf = (...values: readonly unknown[]): Schema => ({ enum: values })
const shape = (properties: Readonly<Record<string, Schema>>, ...required: readonly string[]): Schema => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
})

const hook = shape({ run: text, shell: oneOf('sh', 'pwsh'), continueOnError: flag, interactive: flag }, 'run')
const functionService = shape(
  {
    project: text,
    host: oneOf('function'),
    language: oneOf('ts', 'js'),
    dist: text,
    remoteBuild: flag,
    condition: text,
  },
  'project',
  'host',
  'language',
)
const containerService = shape(
  {
    project: text,
    host: oneOf('containerapp'),
    language: text,
    docker: shape({ path: text, context: text, remoteBuild: flag, target: text }),
    condition: text,
  },
  'project',
  'host',
)
const azureYaml = shape(
  {
    name: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' },
    metadata: shape({ template: { type: 'string', pattern: '^[\\w-]+@\\d+\\.\\d+\\.\\d+' } }),
    requiredVersions: shape({ azd: text }),
    infra: shape({ provider: oneOf('bicep'), path: text, module: text }),
    services: {
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        if: { type: 'object', properties: { host: oneOf('function') } },
        then: functionService,
        else: containerService,
      },
    },
    hooks: shape({ preprovision: hook, postprovision: hook, predeploy: hook, postdeploy: hook }),
    pipeline: shape({ secrets: texts, variables: texts }),
  },
  'name',
  'services',
)

const step = {
  ...shape({
    name: text,
    id: text,
    if: text,
    uses: { type: 'string', pattern: '^[\\w.-]+/[\\w./-]+@v\\d+' },
    with: mapOf({ type: ['string', 'number', 'boolean'] }),
    run: text,
    shell: text,
    env: mapOf({ type: ['string', 'number', 'boolean'] }),
    'working-directory': text,
    'continue-on-error': flag,
    'timeout-minutes': { type: 'integer' },
  }),
  oneOf: [{ required: ['uses'] }, { required: ['run'] }],
}
const permissions = shape({
  contents: oneOf('read', 'write'),
  'id-token': oneOf('write'),
  packages: oneOf('read', 'write'),
})
const workflow = shape(
  {
    name: text,
    on: {},
    permissions,
    env: mapOf(text),
    concurrency: shape({ group: text, 'cancel-in-progress': flag }),
    jobs: mapOf(
      shape(
        {
          name: text,
          if: text,
          needs: { anyOf: [text, texts] },
          'runs-on': text,
          environment: text,
          permissions,
          'continue-on-error': flag,
          'timeout-minutes': { type: 'integer' },
          strategy: shape({ 'fail-fast': flag, matrix: mapOf({ type: 'array' }) }),
          env: mapOf(text),
          steps: { type: 'array', minItems: 1, items: step },
        },
        'runs-on',
        'steps',
      ),
    ),
  },
  'name',
  'on',
  'permissions',
  'jobs',
)

const compose = shape(
  {
    services: mapOf(
      shape({
        image: text,
        build: {},
        command: { anyOf: [text, texts] },
        depends_on: mapOf(shape({ condition: oneOf('service_started', 'service_healthy') })),
        environment: mapOf({ type: ['string', 'number', 'boolean', 'null'] }),
        healthcheck: shape({
          test: texts,
          interval: text,
          timeout: text,
          retries: { type: 'integer' },
          start_period: text,
        }),
        ports: texts,
        profiles: texts,
        read_only: flag,
        restart: text,
        tmpfs: texts,
        volumes: texts,
      }),
    ),
    volumes: mapOf({ type: ['object', 'null'] }),
    name: text,
  },
  'services',
)

const chart = shape(
  {
    apiVersion: oneOf('v2'),
    name: text,
    description: text,
    type: oneOf('application'),
    version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' },
    appVersion: text,
    kubeVersion: text,
    keywords: texts,
  },
  'apiVersion',
  'name',
  'version',
)

const level = oneOf('Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical', 'None')
const throttle = { type: 'integer', minimum: -1 }
const host = shape(
  {
    version: oneOf('2.0'),
    telemetryMode: oneOf('OpenTelemetry'),
    // At any other the host restarts the worker, with every stream on it, for one request that it could not pass on.
    functionTimeout: oneOf('-1'),
    extensions: shape({
      http: shape(
        {
          // The service's own paths begin at the root.
          routePrefix: oneOf(''),
          maxOutstandingRequests: throttle,
          maxConcurrentRequests: throttle,
          dynamicThrottlesEnabled: oneOf(false),
        },
        'routePrefix',
      ),
    }),
    logging: shape({ logLevel: mapOf(level) }),
  },
  'version',
  'extensions',
)

const localSettings = shape(
  {
    // Where it is missing, Core Tools take the values for encrypted.
    IsEncrypted: oneOf(false),
    Values: mapOf({ type: 'string' }),
  },
  'IsEncrypted',
  'Values',
)

export const schemas: readonly { readonly files: string; readonly isRequired: boolean; readonly schema: Schema }[] = [
  { files: 'azure.yaml', isRequired: true, schema: azureYaml },
  { files: 'host.json', isRequired: true, schema: host },
  { files: 'local.settings.json', isRequired: true, schema: localSettings },
  { files: 'compose.yaml', isRequired: true, schema: compose },
  { files: '.github/workflows/*.yml', isRequired: true, schema: workflow },
  { files: 'helm/*/Chart.yaml', isRequired: true, schema: chart },
]
