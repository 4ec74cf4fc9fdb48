/**
 * The services behind a resource's one door, a row each: how a service lays out its errors, and which headers it sends
 * beside those of the gateway. An endpoint names its row; a header more is a word in one of them.
 */

import { datedVersions } from './dated-versions.ts'

/** How JSON is written: spaces a level, and whether a newline ends it. */
export type Layout = { readonly indent: 0 | 2; readonly hasNewline: boolean }

export const compact: Layout = { indent: 0, hasNewline: false }
export const pretty: Layout = { indent: 2, hasNewline: false }
export const prettyLine: Layout = { indent: 2, hasNewline: true }

export const laidOut = (value: unknown, { indent, hasNewline }: Layout): string =>
  `${JSON.stringify(value, undefined, indent)}${hasNewline ? '\n' : ''}`

type Headers = Readonly<Record<string, string>>

export type BackEnd = {
  /** Of what it refuses itself. */
  readonly errors: Layout
  /** Of what it answers, where one that belongs to no deployment writes JSON; compact where it is absent. */
  readonly answers?: Layout
  /** `Content-Type` of a whole JSON answer, and of events; as the endpoint has it where it is absent. */
  readonly json?: string
  readonly events?: string
  /** Sent with answers and errors, with answers alone, with streams alone. */
  readonly headers?: Headers
  readonly answerHeaders?: Headers
  readonly streamHeaders?: Headers
  /** Names of headers that tell how many milliseconds it took. */
  readonly times?: readonly string[]
  /** Names of headers that tell how many seconds it took, as `0.034`. */
  readonly seconds?: readonly string[]
  /** Names of headers that repeat the id of the request, and of those that bear an id of their own. */
  readonly ids?: readonly string[]
  readonly ownIds?: readonly string[]
  /** Tells the build of the model's layer and the model. */
  readonly namesModel: boolean
  /** The model alone. */
  readonly namesServedModel?: true
  /** It stands behind no front end: where the limits stand is not told. */
  readonly isDirect?: true
  /** What it refuses it tells by itself, not as a layer of the model's. */
  readonly refusesItself?: true
  /** `x-ms-deployment-name`. */
  readonly namesDeployment: boolean
  /** Of an error, the build alone. */
  readonly namesSessionOfErrors: boolean
  /** `x-request-id`, the id of the model's layer. */
  readonly hasRequestId: boolean
  /** `x-ms-rai-invoked`, on answers and on errors. */
  readonly tellsFilter: 'always' | 'on errors' | 'never'
  /** Gives back the client's own id, or drops it. A client that sends none is `named` by the request's own id on some. */
  readonly clientId: 'repeated' | 'named' | 'dropped'
}

const usual = {
  errors: compact,
  namesModel: true,
  namesDeployment: true,
  namesSessionOfErrors: false,
  hasRequestId: true,
  tellsFilter: 'on errors',
  clientId: 'repeated',
} satisfies BackEnd

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

/** What belongs to the resource: no layer of a model answers. */
const ofResource = {
  ...usual,
  namesModel: false,
  namesDeployment: false,
  hasRequestId: false,
  tellsFilter: 'never',
  clientId: 'dropped',
} satisfies BackEnd

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

/** The service of a Foundry project (recorded November 2025 to June 2026). */
const projectHeaders = {
  'access-control-expose-headers':
    'Operation-Location,Location,Apim-Request-Id,x-agent-session-id,x-agent-invocation-id',
  'api-supported-versions': '1.0,2025-05-15-preview,2025-11-15-preview',
  'request-context': 'appId=',
  'x-ms-response-type': 'standard',
}
const projectModel = { ...responses, headers: { ...projectHeaders, ...openaiVersion }, times: processingTime }
const projectAnswers = {
  ...projectModel,
  answerHeaders: { 'x-ms-aoai-configured-data-retention-days': '30' },
  namesServedModel: true,
} satisfies BackEnd

const rows = {
  /** What was not recorded: taken to be like what was. */
  model: usual,
  chat,
  /** Of models before gpt-4.1 (recorded December 2024 to November 2025). */
  chatBefore2025: { ...chat, times: [upstreamTime], clientId: 'named' },
  /** Of retired models that are still served (gpt-4 of 2023 to March 2025, gpt-4-turbo November 2025). */
  retiredChat: {
    ...chat,
    headers: anyOrigin,
    answerHeaders: notKept,
    events: 'text/event-stream',
    times: [upstreamTime],
    clientId: 'named',
  },
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
  /** Legacy completions (recorded February 2025). */
  completions: {
    ...chat,
    headers: anyOrigin,
    answerHeaders: notKept,
    events: 'text/event-stream',
    clientId: 'named',
  },
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
  /** Whisper (recorded March 2024 to August 2025). */
  whisper: { ...usual, errors: pretty, tellsFilter: 'never', clientId: 'named' },
  /** Speech (recorded April 2024 and July 2025). */
  speech: { ...usual, namesModel: false, hasRequestId: false, tellsFilter: 'never', clientId: 'named' },
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
  assistantsFiles: {
    ...ofResource,
    errors: prettyLine,
    answers: prettyLine,
    headers: { ...anyOrigin, 'openai-version': '2020-10-01' },
    times: ['openai-processing-ms'],
    ownIds: ['x-ms-middleware-request-id'],
    hasRequestId: true,
  },
  /** Vector stores (recorded November 2024 to March 2026). */
  vectorStores: {
    ...ofResource,
    errors: pretty,
    answers: pretty,
    headers: { 'openai-version': '2020-10-01' },
    times: ['openai-processing-ms'],
    ownIds: ['x-ms-middleware-request-id'],
    hasRequestId: true,
  },
  jobFiles,
  jobFileUploads: { ...jobFiles, times: [], ownIds: ['x-ms-middleware-request-id'] },
  batches,
  /** How many tokens wait is not counted here; the most that may is one recorded deployment's. */
  newBatches: {
    ...batches,
    answerHeaders: { 'deployment-enqueued-tokens': '0', 'deployment-maximum-enqueued-tokens': '24487000' },
  },
  responses,
  keptResponses: { ...responses, headers: openaiVersion, times: processingTime },
  projectResponses: projectAnswers,
  /** Streams, and what is made in the background. */
  projectStreams: { ...projectAnswers, streamHeaders: { 'cache-control': 'no-cache' }, isDirect: true },
  projectCompactions: projectModel,
  projectKeptResponses: { ...projectModel, isDirect: true },
  /** What it keeps itself. */
  project: {
    ...responses,
    errors: compact,
    answers: compact,
    json: 'application/json; charset=utf-8',
    headers: projectHeaders,
    hasRequestId: false,
    ids: ['x-request-id'],
    isDirect: true,
  },
  claude: { ...usual, namesModel: false, namesDeployment: false },
} satisfies Readonly<Record<string, BackEnd>>

export type BackEndName = keyof typeof rows
export const backEnds: Readonly<Record<BackEndName, BackEnd>> = rows
