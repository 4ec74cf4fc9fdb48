/**
 * The services behind a resource's one door, a row each: how a service lays out its errors, and which headers it sends
 * beside those of the gateway. An endpoint names its row; a header more is a word in one of them.
 */
import { cluster, clusterOfModel, organization, projectAccount, wholeAccount } from './accounts.ts'
import { datedVersions } from './dated-versions.ts'
import type { BackEnd } from './back-end.ts'
import { compact, pretty, prettyLine } from './layout.ts'

const until = (row: BackEnd, last: string, but?: string) => ({
  before: { isOf: (version: string) => version <= last && version !== but, row },
})

const usual = {
  errors: compact,
  namesModel: true,
  namesDeployment: true,
  namesSessionOfErrors: false,
  hasRequestId: true,
  tellsFilter: 'on errors',
  clientId: 'repeated',
} satisfies BackEnd

/** Which tier served it (recorded until March 2026; below a project, of chat completions, to the last). */
const tiers = { 'azureai-processed-tier': 'default', 'azureai-requested-tier': 'default' }
const anyOrigin = { 'access-control-allow-origin': '*' }
const notKept = { 'cache-control': 'must-revalidate, no-cache' }
const upstreamTime = 'x-envoy-upstream-service-time'

/** Chat completions of the models of today (recorded March to June 2026; errors March 2025). */
const chat = {
  ...usual,
  errors: prettyLine,
  answerHeaders: { 'x-accel-buffering': 'no' },
  namesSessionOfErrors: true,
  tellsFilter: 'always',
} satisfies BackEnd

/** Below a project (recorded March 2026). */
const projectChat = {
  inProject: {
    ...chat,
    namesDeployment: false,
    answerHeaders: { ...chat.answerHeaders, ...tiers },
    tellsLimitsBefore: true,
  } satisfies BackEnd,
}

/** What belongs to the resource: no layer of a model answers. */
const ofResource = {
  ...usual,
  namesModel: false,
  namesDeployment: false,
  hasRequestId: false,
  tellsFilter: 'never',
  clientId: 'dropped',
} satisfies BackEnd

/** What a project's service adds to what it passes on (recorded March and April 2026). */
const passedOn = { 'request-context': 'appId=', 'x-ms-response-type': 'standard' }
const passed = (row: BackEnd): BackEnd => ({
  ...row,
  inProject: { ...row, headers: { ...row.headers, ...passedOn }, account: [...(row.account ?? []), ...cluster] },
})

/** Until December 2024 the client's id was given back; with one of these versions it was not in April 2025. */
const lastNamed = ['2024-10-21', '2024-10-01-preview'] as const
const ofFiles = (row: BackEnd): BackEnd => ({
  ...passed(row),
  ...until({ ...row, clientId: 'named' }, ...lastNamed),
})

/** Files of batches and of fine-tuning (recorded December 2024 to March 2026; errors quoted by users, June 2024). */
const jobFiles = {
  ...ofResource,
  errors: pretty,
  json: 'application/json; charset=utf-8',
  headers: {
    'api-supported-versions': [...datedVersions]
      .filter((version) => version >= '2022-12-01')
      .sort()
      .join(),
  },
  times: [upstreamTime],
} satisfies BackEnd

/** Batches (recorded December 2024 to April 2025). */
const batches = {
  ...ofResource,
  errors: pretty,
  answers: pretty,
  json: 'application/json; charset=utf-8',
  headers: { 'request-context': 'appId=', vary: 'Accept-Encoding', 'x-ms-response-type': 'standard' },
  account: ['x-aml-cluster'],
  seconds: ['x-request-time'],
  ownIds: ['mise-correlation-id'],
} satisfies BackEnd

/** Responses (recorded February to June 2026; what is kept of them, November 2025). */
const responses = {
  ...usual,
  errors: pretty,
  namesModel: false,
  namesDeployment: false,
  refusesItself: true,
  tellsFilter: 'never',
} satisfies BackEnd
const processingTime = ['openai-processing-ms']
const openaiVersion = { 'openai-version': '2020-10-01' }

const firstHeaders = {
  'azure-openai-data-collection': 'true',
  'dataplane-supported-modalities': 'text+vision',
}

/** The service of a Foundry project (recorded November 2025 to June 2026). */
const projectHeaders = {
  'access-control-expose-headers':
    'Operation-Location,Location,Apim-Request-Id,x-agent-session-id,x-agent-invocation-id',
  'api-supported-versions': '1.0,2025-05-15-preview,2025-11-15-preview',
  'request-context': 'appId=',
  'x-ms-response-type': 'standard',
}
const projectModel = {
  ...responses,
  headers: { ...projectHeaders, ...openaiVersion },
  account: wholeAccount,
  times: processingTime,
}
const project = {
  ...responses,
  errors: compact,
  answers: compact,
  json: 'application/json; charset=utf-8',
  headers: projectHeaders,
  account: cluster,
  hasRequestId: false,
  ids: ['x-request-id'],
  isDirect: true,
} satisfies BackEnd
/** Its dated door (recorded November 2025 to February 2026). */
const datedProjectHeaders = {
  'api-supported-versions': '2025-05-15-preview,2025-11-15-preview',
  'request-context': 'appId=',
  'x-ms-response-type': 'standard',
}
const datedProjectModel = {
  ...responses,
  headers: { ...datedProjectHeaders, ...openaiVersion },
  account: wholeAccount,
  times: processingTime,
} satisfies BackEnd
const projectAnswers = {
  ...projectModel,
  answerHeaders: { 'x-ms-aoai-configured-data-retention-days': '30' },
  namesServedModel: true,
} satisfies BackEnd

/** Legacy completions (recorded February 2025), and before (March 2024). */
const completions = {
  ...chat,
  headers: anyOrigin,
  answerHeaders: notKept,
  events: 'text/event-stream',
  clientId: 'named',
} satisfies BackEnd
const unbuffered = { ...completions, answerHeaders: { ...chat.answerHeaders, ...notKept } } satisfies BackEnd

/** Of retired models that are still served (gpt-4 of 2023 to March 2025, gpt-4-turbo November 2025). */
const retired = { ...completions, times: [upstreamTime] } satisfies BackEnd

const whisper = { ...usual, errors: pretty, tellsFilter: 'never', clientId: 'named' } satisfies BackEnd
const speech = {
  ...usual,
  namesModel: false,
  hasRequestId: false,
  tellsFilter: 'never',
  clientId: 'named',
} satisfies BackEnd

/** Below a project. */
const streamed = { account: projectAccount, streamHeaders: { 'cache-control': 'no-cache' }, isDirect: true as const }

const rows = {
  /** What was not recorded: taken to be like what was. */
  model: usual,
  chat: { ...chat, ...projectChat },
  /** Of models before gpt-4.1 (recorded December 2024 to November 2025). */
  chatBefore2025: { ...chat, times: [upstreamTime], clientId: 'named', ...projectChat },
  retiredChat: { ...retired, ...until({ ...unbuffered, times: [upstreamTime] }, '2024-03-01-preview') },
  /** Of gpt-35-turbo (recorded September 2024). */
  oldestChat: { ...chat, headers: anyOrigin, answerHeaders: { ...chat.answerHeaders, ...notKept }, clientId: 'named' },
  /** Prompts with pictures take another way (recorded November 2025 and January 2026; errors January 2025). */
  pictures: {
    ...chat,
    errors: compact,
    json: 'application/json; charset=utf-8',
    headers: { 'api-supported-versions': '1' },
    ids: ['request-id'],
    times: [upstreamTime],
    clientId: 'named',
  },
  /** On your data (recorded November 2025): no layer of a model answers. */
  ownData: {
    ...usual,
    json: 'application/json; charset=UTF-8',
    events: 'text/event-stream',
    streamHeaders: { 'cache-control': 'no-cache' },
    times: [upstreamTime],
    namesModel: false,
    hasRequestId: false,
    tellsFilter: 'never',
    clientId: 'named',
  },
  completions: { ...completions, ...until(unbuffered, '2024-03-01-preview') },
  /** Embeddings (answers recorded February and April 2025, errors January 2025). */
  embeddings: {
    ...usual,
    errors: prettyLine,
    headers: anyOrigin,
    times: [upstreamTime],
    namesSessionOfErrors: true,
    tellsFilter: 'never',
    clientId: 'named',
  },
  /** Whisper (recorded September 2023 to August 2025). */
  whisper: { ...whisper, ...until({ ...whisper, times: processingTime }, '2023-09-01-preview') },
  /** Speech (recorded April 2024 and July 2025). */
  speech: { ...speech, tellsNoLimits: true, ...until({ ...speech, hasRequestId: true }, '2024-03-01-preview') },
  /** DALL-E 3 (recorded December 2023 to April 2025). */
  dalle: {
    ...usual,
    ids: ['x-ms-request-id'],
    times: [upstreamTime],
    namesModel: false,
    hasRequestId: false,
    tellsFilter: 'never',
    clientId: 'named',
  },
  /** Files of assistants, and the list of all files (recorded January 2025 to April 2026). */
  assistantsFiles: ofFiles({
    ...ofResource,
    errors: prettyLine,
    answers: prettyLine,
    headers: { ...anyOrigin, 'openai-version': '2020-10-01' },
    times: ['openai-processing-ms'],
    ownIds: ['x-ms-middleware-request-id'],
    hasRequestId: true,
  }),
  /** Vector stores (recorded November 2024 to March 2026). */
  vectorStores: passed({
    ...ofResource,
    errors: pretty,
    answers: pretty,
    headers: { 'openai-version': '2020-10-01' },
    account: organization,
    times: ['openai-processing-ms'],
    ownIds: ['x-ms-middleware-request-id'],
    hasRequestId: true,
  }),
  /** Evaluations: a resource's (recorded April 2025), and a project's (March and May 2026). */
  evals: {
    ...ofResource,
    headers: openaiVersion,
    account: [...organization, ...cluster],
    times: processingTime,
    hasRequestId: true,
    inProject: {
      ...ofResource,
      json: 'application/json; charset=utf-8',
      headers: passedOn,
      account: cluster,
      seconds: ['x-request-time'],
      ownIds: ['mise-correlation-id'],
    },
  },
  jobFiles: ofFiles(jobFiles),
  jobFileUploads: ofFiles({ ...jobFiles, times: [], ownIds: ['x-ms-middleware-request-id'] }),
  batches: ofFiles(batches),
  /** How many tokens wait is not counted here; the most that may is one recorded deployment's. */
  newBatches: ofFiles({
    ...batches,
    answerHeaders: { 'deployment-enqueued-tokens': '0', 'deployment-maximum-enqueued-tokens': '24487000' },
  }),
  responses,
  /** With a dated version (recorded March 2026), and with the first of them (November 2025). */
  datedResponses: {
    ...responses,
    answerHeaders: tiers,
    ...until(
      {
        ...responses,
        namesDeployment: true,
        headers: firstHeaders,
        account: [...organization, ...clusterOfModel],
        times: processingTime,
        clientId: 'named',
      },
      '2025-03-01-preview',
    ),
  },
  /** With models that were not recorded since. */
  datedResponsesOfMarch2025: {
    ...responses,
    headers: openaiVersion,
    times: processingTime,
    ownIds: ['x-ms-middleware-request-id'],
  },
  datedResponsesOfAugust2025: { ...responses, namesDeployment: true, ownIds: ['x-ms-middleware-request-id'] },
  /** What is kept (recorded August and November 2025): the client's own id is not given back. */
  keptResponses: {
    ...responses,
    headers: openaiVersion,
    account: [...organization, ...clusterOfModel],
    times: processingTime,
    clientId: 'dropped',
    inProject: project,
  },
  /** Keys of Realtime's clients (recorded July 2026). */
  realtimeSecrets: {
    ...responses,
    headers: { ...openaiVersion, 'azureml-served-by-cluster': 'hyena-eastus2-02' },
    times: processingTime,
    hasRequestId: false,
  },
  projectResponses: { ...projectAnswers, tellsLimitsBefore: true },
  projectResponsesOfMarch2026: { ...projectModel, answerHeaders: tiers, tellsLimitsBefore: true },
  /** Streams, and what is made in the background. */
  projectStreams: { ...projectAnswers, ...streamed },
  datedProjectResponses: { ...datedProjectModel, answerHeaders: tiers, tellsLimitsBefore: true },
  datedProjectStreams: { ...datedProjectModel, ...streamed },
  datedProjectKept: {
    ...responses,
    errors: compact,
    json: 'application/json; charset=utf-8',
    headers: datedProjectHeaders,
    account: cluster,
    isDirect: true,
  },
  projectCompactions: projectModel,
  projectKeptResponses: { ...projectModel, account: projectAccount, isDirect: true },
  /** What it keeps itself. */
  project,
  claude: { ...usual, namesModel: false, namesDeployment: false },
} satisfies Readonly<Record<string, BackEnd>>

export type BackEndName = keyof typeof rows
export const backEnds: Readonly<Record<BackEndName, BackEnd>> = rows
