/**
 * Every setting, declared once: its type, check, default, description and place in the JSON schema. Keys are those of
 * `sim.yaml`. What a check's error says is what is allowed; what was found is added where problems are gathered.
 */
import * as z from 'zod'
import { authSetting } from './auth.ts'
import { contentFilterSetting } from './content-filter.ts'
import { spreadForm } from './duration.ts'
import { choice, flag, group, text, webAddress, whole } from './forms.ts'
import {
  connectionString,
  containerName,
  lifetime,
  reading,
  redisAddress,
  spread,
  time,
  timeout,
  toSpread,
} from './schema-kinds.ts'
import { journalSetting, telemetrySetting } from './telemetry.ts'
import { troublesSetting } from './troubles.ts'

/** `each` stands for one duration per request (per megabyte of audio that goes in, per second of speech made). */
const DeploymentLatency = group({
  timeToFirstToken: spread().optional(),
  interToken: spread().optional(),
  each: spread().optional(),
})

const isSpread = (value: object) => 'meanMs' in value || 'stdDevMs' in value

const deploymentLatency = () =>
  z.preprocess((value, context) => {
    if (typeof value === 'object' && value !== null && !isSpread(value)) return value
    const each = reading(spreadForm, toSpread)(value, context)
    return each === z.NEVER ? z.NEVER : { each }
  }, DeploymentLatency)

const tokenLatency = (mean: string, what: string) =>
  group({
    timeToFirstToken: spread()
      .optional()
      .meta({ description: `From a request to the first token of ${what}. Without it, as long as any other token.` }),
    interToken: spread().meta({ description: `From one token of ${what} to the next.`, default: mean }),
  })

const Limits = {
  tokensPerMinute: whole(1).optional().meta({ description: 'Tokens per minute (TPM). Without it there is no limit.' }),
  requestsPerMinute: whole(1)
    .optional()
    .meta({ description: "Requests per minute (RPM). Without it, it follows from the tokens by the model's ratio." }),
}

const Deployment = group({
  model: text('a name in the model catalogue').meta({ description: 'A name in the model catalogue.' }),
  ...Limits,
  dimensions: whole(1).optional().meta({ description: "Length of an embedding, where it is not the model's own." }),
  latency: deploymentLatency()
    .optional()
    .meta({
      description:
        "This deployment's own: { timeToFirstToken, interToken } where it answers in tokens, else one duration per " +
        'request (per MB of audio that goes in, per second of speech).',
    }),
})

export const deploymentNameForm = '1 to 64 letters, digits, "-", "_" and ".", beginning with a letter or digit'

const apiKey = () => {
  const allowed = '1 to 256 printable ASCII characters without spaces'
  return text(allowed).superRefine((key, context) => {
    // App Service hands the reference itself on where it could not be resolved.
    const isReference = key.startsWith('@Microsoft.KeyVault(')
    if (!isReference && /^[\x21-\x7e]{1,256}$/.test(key)) return
    const params = { found: 'a Key Vault reference that was not resolved' }
    const message = "the key itself: see that the secret exists, and that the app's identity may read it"
    context.addIssue({ code: 'custom', message: isReference ? message : allowed, ...(isReference && { params }) })
  })
}

const shareForm = 'a number from 0 to 1'
const speedForm = 'a number from 0 to 1000'

export const Settings = group({
  mode: choice(['generate', 'record', 'replay']).meta({
    description: 'Where answers come from: made up, forwarded and kept, or found among the kept ones.',
    default: 'generate',
  }),
  apiKey: apiKey().meta({ description: 'The key that clients must send.', secret: true }),
  allowUndefinedDeployments: flag().meta({
    description: 'Whether a deployment that nobody configured answers (its model is taken from its name) or is 404.',
    default: true,
  }),
  undefinedDeployments: group(Limits).meta({ description: 'Limits of each deployment that nobody configured.' }),
  deployments: z
    .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/), Deployment, { error: 'a mapping' })
    .meta({ description: 'Deployments by name.', default: {} }),
  latency: group({
    chatCompletions: tokenLatency('19ms ± 6ms', 'a chat completion'),
    completions: tokenLatency('15ms ± 2ms', 'a completion'),
    embeddings: spread().meta({ description: 'Per request for embeddings.', default: '100ms ± 30ms' }),
    translations: spread().meta({ description: 'Per MB of audio to translate.', default: '15s ± 500ms' }),
    transcriptions: spread().meta({ description: 'Per MB of audio to transcribe.', default: '15s ± 500ms' }),
    speech: spread().meta({
      description: 'Per second of speech, which is sent as it is made.',
      default: '100ms ± 20ms',
    }),
    images: spread().meta({ description: 'Per request for pictures.', default: '20s ± 4s' }),
  }).meta({ description: 'How long answers take, where a deployment has no latency of its own.' }),
  limits: group({
    algorithm: choice(['sliding', 'fixed', 'leaky']).meta({
      description:
        'Tokens of the last 60 s and requests of the last 10 s; counts reset each minute; or a leaky bucket.',
      default: 'sliding',
    }),
    charge: choice(['actual', 'reserve', 'old']).meta({
      description:
        'What a call costs: its prompt at once and its completion at its end; prompt and max_tokens at once; or as ' +
        'the Python simulator counted.',
      default: 'actual',
    }),
  }),
  generate: group({
    medianTokens: whole(1, 1_000_000).meta({
      description: 'Median length of an answer whose length the request does not bound.',
      default: 120,
    }),
    sigma: z
      .number({ error: 'a number from 0 to 5' })
      .min(0, { error: 'a number from 0 to 5' })
      .max(5, { error: 'a number from 0 to 5' })
      .meta({ description: 'How widely such lengths vary: standard deviation of their logarithm.', default: 0.6 }),
    toolCallProbability: z.number({ error: shareForm }).min(0, { error: shareForm }).max(1, { error: shareForm }).meta({
      description: 'How often a question is answered by calling one of its tools, where the request leaves that open.',
      default: 1,
    }),
  }),
  contentFilter: contentFilterSetting(),
  promptCache: group({
    enabled: flag().meta({
      description: 'Whether usage tells of cached tokens where the deployment has just seen the beginning of a prompt.',
      default: true,
    }),
    lifetime: timeout().meta({ description: 'How long a beginning is known after its last use.', default: '5min' }),
  }).meta({ description: 'The cache of prompts.' }),
  responses: group({
    maxResponses: whole(0).meta({
      description: 'How many responses are kept; the oldest goes first.',
      default: 10_000,
    }),
    maxBytes: whole(0).meta({ description: 'How much memory they may take, about.', default: 134_217_728 }),
    lifetime: lifetime().meta({ description: 'How long each is kept.', default: '30d' }),
    queueTime: spread().meta({
      description: 'How long a response in the background is queued before it is in progress.',
      default: '500ms ± 100ms',
    }),
  }).meta({ description: 'Stored responses of the Responses API, kept in memory by each process.' }),
  azure: group({
    region: text('the name of a region, as East US 2').meta({
      description: 'As answers and messages name it.',
      default: 'East US 2',
    }),
    frontEnd: choice(['new', 'classic']).meta({
      description: 'Whose headers and fields answers have: those of April 2026 on, or the ones before.',
      default: 'new',
    }),
    resourceKind: choice(['OpenAI', 'AIServices']).meta({
      description: 'The kind of the resource, as a 429 names its pricing tier.',
      default: 'OpenAI',
    }),
    rateLimitError: choice(['old', 'current', 'new']).meta({
      description:
        "The words of a 429: those of 2023 to 2025, those since, or the new front end's, which are only guessed.",
      default: 'current',
    }),
    ...troublesSetting(),
  }),
  auth: authSetting(),
  recording: group({
    dir: text('the path of a folder').meta({ description: 'Folder of recordings.', default: '.recording' }),
    containerUrl: webAddress('the https address of a Blob container').optional().meta({
      description: 'A Blob container instead of the folder, signed in to by @azure/identity or a signature in it.',
      secret: true,
    }),
    connectionString: connectionString()
      .optional()
      .meta({ description: 'A storage account that has the container, instead of its address.', secret: true }),
    container: containerName().meta({ description: 'Name of the container in that account.', default: 'recordings' }),
    autosave: flag().meta({
      description: 'Whether recordings are written at once, or kept until POST /++/save-recordings or the stop.',
      default: true,
    }),
    match: group({
      ignore: z.array(text('names of fields, as user or metadata.session'), { error: 'a list of names' }).meta({
        description: 'Fields of the body that do not matter for finding a recording.',
        default: [],
      }),
    }),
    keep: choice(['first', 'all']).meta({
      description: 'Which answers to equal requests are kept; several are replayed in order, then the last again.',
      default: 'first',
    }),
  }).meta({ description: 'Where recordings are, and when two requests are the same. Read at the start only.' }),
  replay: group({
    onMiss: choice(['error', 'generate', 'forward']).meta({
      description:
        'What a request gets that no recording fits: a 404, a generated answer, or the answer of the service.',
      default: 'error',
    }),
    speed: z
      .number({ error: speedForm })
      .min(0, { error: speedForm })
      .max(1000, { error: speedForm })
      .meta({ description: 'How many times as fast as recorded; 0 leaves all waits out.', default: 1 }),
  }),
  forward: group({
    endpoint: webAddress('an address, as https://name.openai.azure.com')
      .optional()
      .meta({ description: 'The service that record mode asks.' }),
    key: text('the key of that service')
      .optional()
      .meta({ description: 'Its key. Without one an Entra token is used.', secret: true }),
    connectTimeout: timeout().meta({ description: 'How long connecting may take.', default: '10s' }),
    idleTimeout: timeout().meta({
      description: 'How long the service may be silent, before its answer and within it.',
      default: '5min',
    }),
    totalTimeout: timeout().meta({ description: 'How long an answer may take in all.', default: '15min' }),
  }).meta({ description: 'The real service, for record mode.' }),
  files: group({
    processTime: time(0).meta({ description: 'How long a file is pending after its upload.', default: '500ms' }),
    maxFiles: whole(1, 100_000).meta({ description: 'How many are kept; the oldest go first.', default: 500 }),
    maxBytes: whole(1, 4_294_967_296).meta({
      description: 'How many bytes they may have in all; the oldest go first.',
      default: 268_435_456,
    }),
    lifetime: timeout().meta({ description: 'How long one is kept.', default: '1440min' }),
  }).meta({ description: 'Files that clients upload, and those that batches put out. They are kept in memory.' }),
  batches: group({
    validateTime: time(0).meta({ description: 'How long a batch is validating.', default: '1s' }),
    runTime: time(0).meta({
      description: 'How long it is in progress, over which its lines are spread; longer only for very many.',
      default: '5s',
    }),
    finalizeTime: time(0).meta({ description: 'How long it is finalizing, or cancelling.', default: '1s' }),
    maxBatches: whole(1, 100_000).meta({ description: 'How many are known; the oldest go first.', default: 1_000 }),
    lifetime: timeout().meta({ description: 'How long one is known.', default: '1440min' }),
  }).meta({ description: 'Batches: the time that each state takes, and how many are kept.' }),
  redis: group({
    url: redisAddress()
      .optional()
      .meta({
        description:
          'Where instances count limits together, as redis://name:6379 or rediss://name:10000. Without it each counts ' +
          'alone.',
        secret: true,
      }),
    timeout: timeout().meta({
      description: 'How long a call waits for an answer of Redis before its instance counts it alone.',
      default: '50ms',
    }),
    auth: choice(['auto', 'entra', 'url']).meta({
      description:
        'How to sign in: by an Entra token, by what the address says, or by a token where the address is of Azure ' +
        'and has no password.',
      default: 'auto',
    }),
  }).meta({ description: 'Read at the start only.' }),
  telemetry: telemetrySetting(),
  journal: journalSetting(),
  extensionPath: text('the path of an ES module, or of a folder with one')
    .optional()
    .meta({ description: 'An ES module that extends the simulator, or a folder with one. Read at the start only.' }),
  state: group({
    dir: text('the path of a folder')
      .optional()
      .meta({ description: 'A folder where instances share changes made at run time, and a sim.yaml.' }),
    containerUrl: webAddress('the https address of a Blob container').optional().meta({
      description: 'A Blob container for that, signed in to by @azure/identity or a signature in it.',
      secret: true,
    }),
    connectionString: connectionString().optional().meta({
      description: 'A storage account that has the container, instead of its address.',
      secret: true,
    }),
    container: containerName().meta({ description: 'Name of the container in that account.', default: 'state' }),
    refresh: timeout().meta({
      description: 'How often an instance looks for changes while it has requests, give or take a quarter.',
      default: '3s',
    }),
  }).meta({ description: 'Where instances share their configuration. Read at the start only.' }),
  seed: whole(0)
    .optional()
    .meta({ description: 'Makes the same request get the same answer, ids and timing draws included.' }),
  logLevel: choice(['debug', 'info', 'warn', 'error']).meta({ description: 'What is logged.', default: 'info' }),
  server: group({
    maxBodyBytes: whole(1, 1_073_741_824).meta({ description: 'Longest body of a request.', default: 33_554_432 }),
    maxHeaderBytes: whole(1_024, 1_048_576).meta({ description: 'Longest head of a request.', default: 32_768 }),
    headerTimeout: timeout().meta({ description: 'How long a head may take to arrive.', default: '10s' }),
    bodyTimeout: timeout().meta({ description: 'How long a body may take to arrive.', default: '60s' }),
    idleTimeout: timeout().meta({ description: 'How long a connection may stay idle.', default: '65s' }),
    stopTimeout: timeout().meta({ description: 'How long a stop waits for what still runs.', default: '10s' }),
  }).meta({ description: 'The embedded host. Read at the start only.' }),
})
export type Settings = z.output<typeof Settings>
