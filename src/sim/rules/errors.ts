/** The errors that a rule can name, as the service has them. */
import { backEnds } from '../base/back-ends.ts'
import { filterResults, promptKeys } from '../answers/filter-results.ts'
import type { Config, FilterRule } from '../config/config.ts'
import { type ErrorName, errorNames } from '../config/error-names.ts'
import { accessDenied, permissionDenied } from '../errors/access.ts'
import { writeError } from '../errors/layouts.ts'
import { insufficientQuota, resourceUnavailable, retryAfterSeconds, systemBusy, tooMany } from '../errors/limit.ts'
import {
  type ApiError,
  contextLengthExceeded,
  deploymentNotFound,
  gatewayAuthentication,
  gatewayError,
  internalError,
  invalidBody,
  promptFiltered,
  requestTimeout,
  serverError,
} from '../errors.ts'
import type { AnyCall } from '../operation.ts'

/** What of a call an error tells. */
export type ErrorCall = Pick<AnyCall, 'deployment' | 'apiVersion' | 'cost'> & {
  readonly match: Pick<AnyCall['match'], 'operation'>
}

type Wish = { readonly call: ErrorCall; readonly config: Config; readonly retryAfterMs: number }

/** Of a 429 that says nothing else. */
export const usualRetryAfterMs = 1_000

const makers: Readonly<Record<ErrorName, (wish: Wish) => ApiError>> = {
  rateLimit: ({ call, config, retryAfterMs }) => tooMany(call, { reason: 'requests', retryAfterMs }, config.azure),
  tokenLimit: ({ call, config, retryAfterMs }) => tooMany(call, { reason: 'tokens', retryAfterMs }, config.azure),
  systemBusy: ({ retryAfterMs }) => systemBusy(retryAfterSeconds(retryAfterMs)),
  resourceUnavailable,
  insufficientQuota: ({ call }) => insufficientQuota(call),
  contentFilter: ({ config }) => {
    const finding = { rule: hate, start: 0, end: 0 }
    const results = filterResults(config.contentFilter, promptKeys, { findings: [finding], blocked: finding })
    return promptFiltered(JSON.parse(results))
  },
  contextLength: ({ call: { deployment, cost } }) => {
    const windowTokens = deployment?.model.contextWindowTokens ?? 128_000
    return contextLengthExceeded(windowTokens, windowTokens + 1 + cost.promptTokens, {})
  },
  invalidRequest: invalidBody,
  invalidKey: accessDenied,
  permissionDenied: ({ call }) => permissionDenied('00000000-0000-0000-0000-000000000000', call.match.operation),
  deploymentNotFound,
  timeout: requestTimeout,
  serverError,
  internalError,
  gatewayAuthentication,
  badGateway: () => gatewayError(502, '502', 'Bad Gateway'),
  serviceUnavailable: () =>
    gatewayError(
      503,
      'ServiceUnavailable',
      'The service is temporarily unable to process your request. Please try again later.',
    ),
  gatewayTimeout: () => gatewayError(504, '504', 'Gateway Timeout'),
}

export const namedError = (name: ErrorName, wish: Wish): ApiError => makers[name](wish)

/** Each with its status and its body, as a call is answered. */
export const errorTable = (call: ErrorCall, config: Config) =>
  errorNames.map((name) => {
    const error = namedError(name, { call, config, retryAfterMs: usualRetryAfterMs })
    const body = writeError(error, { requestId: '', backEnd: backEnds.model.errors })
    return { name, status: error.status, body: JSON.parse(body) as unknown }
  })

const hate: FilterRule = {
  pattern: undefined,
  finder: undefined,
  answersTo: undefined,
  category: 'hate',
  severity: 'high',
  findsInPrompts: true,
  findsInAnswers: false,
  isBlocking: true,
  blocklist: undefined,
  citation: undefined,
}
