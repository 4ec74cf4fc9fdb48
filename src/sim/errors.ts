/**
 * The errors that the service can answer with, by name; those of one subject alone are beside, in `errors/`. Bodies are the service's to the byte where they were
 * recorded; texts that are only known from clients or from the upstream API are told as such.
 */

import type { BackEndName } from './base/back-ends.ts'
import type { ErrorFields, ErrorLayout } from './errors/layouts.ts'
import type { Surface } from './types.ts'

/** Which part of the service says no: it decides the headers that come with the error. */
export type ErrorOrigin = 'access' | 'route' | 'gateway' | 'limit' | 'model'

export type ErrorFacts = ErrorFields & {
  readonly status: number
  readonly origin: ErrorOrigin
  /** As its origin writes what it refuses, where it is absent. */
  readonly layout?: ErrorLayout
  /** Who sends it, where that is not the one that the operation names. */
  readonly backEnd?: BackEndName | undefined
  /** Beside those that its origin sends, or in their place. */
  readonly headers?: Readonly<Record<string, string>>
  /** Name of the document that was looked for, where there is none that can be read. */
  readonly recording?: string | undefined
  /** What the operator is told, once. */
  readonly hint?: string | undefined
  /** A token was refused: that is judged elsewhere than a key. */
  readonly isOfToken?: boolean
}

/**
 * What a client did wrong, as data: it is put into words once, when it is answered, by the API that was asked. Any other
 * throw is a mistake of the simulator.
 */
export class ApiError extends Error implements ErrorFacts {
  override readonly name = 'ApiError'
  readonly status: number
  readonly origin: ErrorOrigin
  readonly code: string | number | null
  readonly type: string | null | undefined
  readonly param: string | null | undefined
  readonly inner: Readonly<Record<string, unknown>> | undefined
  readonly layout: ErrorLayout
  readonly backEnd: BackEndName | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly isOfToken: boolean
  readonly recording: string | undefined
  readonly hint: string | undefined

  constructor(facts: ErrorFacts) {
    super(facts.message)
    this.status = facts.status
    this.origin = facts.origin
    this.code = facts.code
    this.type = facts.type
    this.param = facts.param
    this.inner = facts.inner
    this.layout = facts.layout ?? (facts.origin === 'model' ? 'model' : 'gateway')
    this.backEnd = facts.backEnd
    this.headers = facts.headers ?? {}
    this.isOfToken = facts.isOfToken ?? false
    this.recording = facts.recording
    this.hint = facts.hint
  }
}

/** An unknown path, a missing or an unknown api-version (recorded January 2026, with the space after `"message":`). */
export const resourceNotFound = () =>
  new ApiError({ status: 404, origin: 'route', code: '404', message: 'Resource not found', layout: 'policy' })

/** Recorded March 2026; pretty-printed, and without a closing newline. */
export const deploymentNotFound = () =>
  new ApiError({
    status: 404,
    origin: 'gateway',
    layout: 'deployment',
    type: 'invalid_request_error',
    code: 'DeploymentNotFound',
    message:
      'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
  })

/** No model where the path names no deployment (recorded March 2026). */
export const modelMissed = () =>
  new ApiError({ status: 400, origin: 'gateway', code: null, message: 'Missed model deployment', layout: 'bare' })

/** `label` is the service's word for the operation, for example `chatCompletion` (quoted by users). */
export const operationNotSupported = (label: string, model: string) =>
  gatewayError(
    400,
    'OperationNotSupported',
    `The ${label} operation does not work with the specified model, ${model}. Please choose different model and try again. You can learn more about which models can be used with each operation here: https://go.microsoft.com/fwlink/?linkid=2197993.`,
  )

/** What is needed is away, and may soon be back: the client is asked to try again. */
export const comingBack = { 'retry-after': '2' }

/** The simulator's own, for what a client may well ask again. */
export const unavailable = (code: string, message: string) =>
  new ApiError({ status: 503, origin: 'gateway', code, message, headers: comingBack })

/** More is under way than there is room for (text quoted by users; its envelope is the gateway's usual one). */
export const serviceUnavailable = () =>
  new ApiError({
    status: 503,
    origin: 'gateway',
    code: 'ServiceUnavailable',
    message: 'The service is temporarily unable to process your request. Please try again later.',
    headers: comingBack,
  })

/** JSON that does not parse, or is no object (quoted by users, March 2025). */
export const invalidBody = () => invalidRequest('Invalid request body.', null, null)

/** Text as the upstream API has it. */
export const missingParameter = (param: string) =>
  invalidRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter')

/** Text as the upstream API has it; `expected` and `found` with their article: `an integer`. */
export const invalidType = (param: string, expected: string, found: string) =>
  invalidRequest(`Invalid type for '${param}': expected ${expected}, but got ${found} instead.`, param, 'invalid_type')

/** Text as the upstream API has it; `expected` for example `one of 'low', 'medium', or 'high'`. */
export const invalidValue = (param: string, message: string, code = 'invalid_value') =>
  invalidRequest(message, param, code)

/** Text as the upstream API has it; lengths are in characters. */
export const stringTooLong = (param: string, maxLength: number, foundLength: number) =>
  invalidValue(
    param,
    `Invalid '${param}': string too long. Expected a string with maximum length ${maxLength}, but got a string with length ${foundLength} instead.`,
    'string_above_max_length',
  )

/** Text as the upstream API has it. */
export const emptyString = (param: string) =>
  invalidValue(
    param,
    `Invalid '${param}': empty string. Expected a string with minimum length 1, but got an empty string instead.`,
    'empty_string',
  )

/** Chat, completions and embeddings name the argument, and no parameter (recorded October 2024: no newline at its end). */
export const unknownParameter = (name: string) =>
  new ApiError({
    status: 400,
    origin: 'model',
    layout: 'modelPretty',
    message: `Unrecognized request argument supplied: ${name}`,
    type: 'invalid_request_error',
    code: null,
  })

/** The same in the words of the upstream API's later operations, which name the parameter. */
export const unknownParameterNamed = (name: string) =>
  invalidRequest(`Unknown parameter: '${name}'.`, name, 'unknown_parameter')

/** A parameter that a model does not take at all (quoted by users). */
export const unsupportedParameter = (param: string, instead?: string) =>
  invalidRequest(
    `Unsupported parameter: '${param}' is not supported with this model.${instead ? ` Use '${instead}' instead.` : ''}`,
    param,
    'unsupported_parameter',
  )

/** A parameter of which a model takes the default alone (quoted by users). */
export const unsupportedValue = (param: string, found: number | string, only: number | string) =>
  invalidRequest(
    `Unsupported value: '${param}' does not support ${found} with this model. Only the default (${only}) value is supported.`,
    param,
    'unsupported_value',
  )

/** A parameter of which a model takes some values alone, which are told where they are known (quoted by users). */
export const unsupportedChoice = (param: string, found: string, supported: readonly string[] = []) =>
  invalidRequest(
    `Unsupported value: '${param}' does not support '${found}' with this model.` +
      (supported.length > 0
        ? ` Supported values are: ${listed(
            supported.map((value) => `'${value}'`),
            'and',
          )}.`
        : ''),
    param,
    'unsupported_value',
  )

/** `'a', 'b', and 'c'`, each once. */
export function listed(items: readonly string[], word: 'and' | 'or'): string {
  const distinct = [...new Set(items)]
  const last = distinct.at(-1) ?? ''
  if (distinct.length <= 1) return last
  if (distinct.length === 2) return `${distinct[0] ?? ''} ${word} ${last}`
  return `${distinct.slice(0, -1).join(', ')}, ${word} ${last}`
}

/** A completion limit above the model's own (remembered from public issues). */
export const maxTokensTooLarge = (param: string, found: number, max: number) =>
  invalidRequest(
    `${param} is too large: ${found}. This model supports at most ${max} completion tokens, whereas you provided ${found}.`,
    param,
    'invalid_value',
  )

/**
 * A prompt that does not fit, with or without the completion asked for (remembered from public issues); `functionTokens`
 * are those of its tools, where it has any (quoted by users).
 */
export function contextLengthExceeded(
  windowTokens: number,
  promptTokens: number,
  { completionTokens, functionTokens = 0 }: { completionTokens?: number; functionTokens?: number },
) {
  const counts = [
    `${promptTokens - functionTokens} in the messages`,
    ...(functionTokens > 0 ? [`${functionTokens} in the functions`] : []),
    ...(completionTokens === undefined ? [] : [`${completionTokens} in the completion`]),
  ]
  const told = counts.length > 1 ? ` (${counts.join(', ')})` : ''
  const parts = counts.map((count) => count.slice(count.lastIndexOf(' ') + 1))
  const what =
    completionTokens === undefined
      ? `your messages resulted in ${promptTokens} tokens`
      : `you requested ${promptTokens + completionTokens} tokens`
  const reduce = [parts.slice(0, -1).join(', '), parts.at(-1)].filter((part) => part !== '').join(' or ')
  return invalidRequest(
    `This model's maximum context length is ${windowTokens} tokens. However, ${what}${told}. Please reduce the length of the ${reduce}.`,
    'messages',
    'context_length_exceeded',
  )
}

/** The same for completions and embeddings (remembered from public issues). */
export const promptTooLong = (windowTokens: number, promptTokens: number, completionTokens: number) =>
  invalidRequest(
    `This model's maximum context length is ${windowTokens} tokens, however you requested ${promptTokens + completionTokens} tokens (${promptTokens} in your prompt; ${completionTokens} for the completion). Please reduce your prompt; or completion length.`,
    null,
    null,
  )

/** An embeddings input without a character (remembered from public issues). */
export const emptyInput = (param: string) =>
  invalidRequest(`Invalid '${param}': input cannot be an empty string.`, param, null)

/** More tokens in all the inputs of an embeddings request than it may have (remembered from public issues). */
export const requestTokensExceeded = (maxTokens: number, foundTokens: number) =>
  new ApiError({
    status: 400,
    origin: 'model',
    message: `Requested ${foundTokens} tokens, max ${maxTokens} tokens per request`,
    type: 'max_tokens_per_request',
    code: 'max_tokens_per_request',
  })

/** `dimensions` where a model's vectors have one length only (remembered from public issues). */
export const dimensionsNotSupported = () =>
  invalidRequest('This model does not support specifying dimensions.', null, null)

/** Text as the upstream API has it. */
export const dimensionsTooLarge = (max: number, found: number) =>
  invalidRequest(`Invalid value for 'dimensions' = ${found}. Must be less than or equal to ${max}.`, null, null)

/** A model that no list has. The dated text is a guess in the shape of its neighbours; v1 has the upstream API's. */
export const modelNotFound = (id: string, surface: Surface) =>
  surface === 'v1'
    ? invalidRequest(`The model '${id}' does not exist`, 'model', 'model_not_found', 404)
    : gatewayError(404, 'ModelNotFound', `The specified model '${id}' does not exist.`)

/** A prompt that the content filter blocks (Microsoft's page on content filtering, and users, 2024-2026). */
export const promptFiltered = (results: unknown, more: object = {}) =>
  new ApiError({
    status: 400,
    origin: 'model',
    layout: 'modelCompact',
    message: promptFilteredMessage,
    type: null,
    param: 'prompt',
    code: 'content_filter',
    inner: {
      status: 400,
      innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: results },
      ...more,
    },
  })

const promptFilteredMessage =
  "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry. To learn more about our content filtering policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766"

/** A body longer than is taken. The text is the upstream API's for audio; for other bodies the service's is not known. */
export const contentTooLarge = (maxBytes: number, foundBytes?: number) =>
  new ApiError({
    status: 413,
    origin: 'gateway',
    layout: 'modelCompact',
    message: `Maximum content size limit (${maxBytes}) exceeded${foundBytes === undefined ? '' : ` (${foundBytes} bytes read)`}`,
    type: 'invalid_request_error',
    code: '413',
  })

/** The simulator's own mistake, in the service's words (remembered from public issues). */
export const internalError = () =>
  gatewayError(500, 'InternalServerError', 'Backend returned unexpected response. Please contact Microsoft for help.')

/** The model's own mistake (quoted by users). */
export const serverError = () =>
  new ApiError({
    status: 500,
    origin: 'gateway',
    layout: 'modelCompact',
    message:
      'The server had an error processing your request. Sorry about that! You can retry your request, or contact us through an Azure support request at: https://go.microsoft.com/fwlink/?linkid=2213926 if you keep seeing this error.',
    type: 'server_error',
    param: null,
    code: null,
  })

/** Recorded February 2025, four times in a row. */
export const gatewayAuthentication = () =>
  gatewayError(
    500,
    'InternalServerError',
    'Gateway cannot authenticate upstream services. Please contact Microsoft for help.',
  )

/** The client did not send its whole request in time, or left while sending; or the answer took too long (recorded February 2026). */
export const requestTimeout = () =>
  new ApiError({
    status: 408,
    origin: 'gateway',
    code: 'Timeout',
    message: 'The operation was timeout.',
    layout: 'timeout',
  })

/** In the gateway's shape, for what the simulator tells in words of its own. */
export const gatewayError = (
  status: number,
  code: string,
  message: string,
  inner?: Readonly<Record<string, unknown>>,
) => new ApiError({ status, origin: 'gateway', code, message, inner })

/** The usual shape of what the model's layer refuses. */
export const invalidRequest = (message: string, param: string | null, code: string | null, status = 400) =>
  new ApiError({ status, origin: 'model', message, type: 'invalid_request_error', param, code })
