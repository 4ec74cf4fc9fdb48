/** What is answered to who asks too often, or for too much. */
import type { Config } from '../config/config.ts'
import { ApiError } from '../errors.ts'
import type { AnyCall } from '../operation.ts'
import type { ErrorFields, ErrorLayout } from './layouts.ts'

/** What a 429 tells of the request that it refuses. */
export type RateLimitFacts = {
  readonly deployment: string
  readonly model: string
  readonly azure: Config['azure']
  readonly reason: 'tokens' | 'requests'
  readonly operation: string
  /** `v1`, or a dated version. */
  readonly apiVersion: string
  readonly retryAfterMs: number
}

/** The refusal of a call, in the words of whose it is. */
export function tooMany(
  {
    deployment,
    match,
    apiVersion,
  }: Pick<AnyCall, 'deployment' | 'apiVersion'> & { readonly match: Pick<AnyCall['match'], 'operation'> },
  { reason, retryAfterMs }: { readonly reason: 'tokens' | 'requests'; readonly retryAfterMs: number },
  azure: Config['azure'],
): ApiError {
  const operation = match.operation.name
  if (!deployment) return callsLimited(operation, retryAfterMs)
  const { name, model } = deployment
  if (deployment.throughput) return throughputExceeded(azure)
  return rateLimited({ deployment: name, model: model.name, azure, reason, operation, apiVersion, retryAfterMs })
}

function rateLimited(facts: RateLimitFacts): ApiError {
  return new ApiError({ status: 429, origin: 'limit', ...refusals[facts.azure.rateLimitError](facts) })
}

/** Recorded inside a stream of 2026; what a whole answer looks like is a guess. */
function throughputExceeded({ rateLimitError }: Config['azure']): ApiError {
  const message =
    'Requests have exceeded the throughput limit on your Provisioned-Managed deployment. If you continue to exceed your ' +
    'limit, consider increasing the number of provisioned throughput units deployed.'
  const facts = { status: 429, origin: 'limit', message } as const
  return rateLimitError === 'since2026'
    ? new ApiError({ ...facts, type: 'too_many_requests', param: null, code: 'rate_limit_reached' })
    : new ApiError({ ...facts, code: '429' })
}

type Refusal = ErrorFields & { readonly layout?: ErrorLayout }

const refusals: Readonly<Record<Config['azure']['rateLimitError'], (facts: RateLimitFacts) => Refusal>> = {
  /** From 2023 to about September 2025 (quoted by users). */
  since2023: (facts) =>
    ofPolicy(
      '429',
      `Requests to the ${facts.operation} Operation under ${apiOf(facts)} have exceeded ${limitOf(facts)} rate limit ` +
        `of your current ${facts.azure.resourceKind} S0 pricing tier. Please retry after ${secondsOf(facts)}.` +
        (facts.azure.resourceKind === 'OpenAI'
          ? ' Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit.'
          : ' Please contact Azure support service if you would like to further increase the default rate limit.'),
    ),

  /** Since about September 2025 (quoted by users). */
  since2025: (facts) =>
    ofPolicy(
      'RateLimitReached',
      `Your requests to ${facts.deployment} for ${facts.model} in ${facts.azure.region} have exceeded the ` +
        `${limitOf(facts)} rate limit for your current ${facts.azure.resourceKind} S0 pricing tier. ` +
        `This request was for ${facts.operation} under ${apiOf(facts)}. Please retry after ${secondsOf(facts)}. ` +
        'To increase your default rate limit, visit: https://aka.ms/oai/quotaincrease.',
    ),

  /** A guess, from what the new front end says inside a stream of responses (2026). */
  since2026: ({ deployment, model, azure, ...facts }) => ({
    layout: 'modelCompact',
    message: `Your requests to ${deployment} for ${model} in ${regionCode(azure.region)} have exceeded ${limitOf(facts)} rate limit.`,
    type: 'too_many_requests',
    code: 'rate_limit_exceeded',
  }),
}

const ofPolicy = (code: string, message: string): Refusal => ({ code, message, layout: 'policy' })

const limitOf = ({ reason }: Pick<RateLimitFacts, 'reason'>) => (reason === 'tokens' ? 'token' : 'call')

const apiOf = ({ apiVersion }: RateLimitFacts) =>
  apiVersion === 'v1' ? 'OpenAI Language Model Instance API' : `Azure OpenAI API version ${apiVersion}`

function secondsOf({ retryAfterMs }: Pick<RateLimitFacts, 'retryAfterMs'>): string {
  const seconds = retryAfterSeconds(retryAfterMs)
  return `${seconds} second${seconds === 1 ? '' : 's'}`
}

/** `East US 2` as `eastus2`. */
const regionCode = (region: string) => region.toLowerCase().replaceAll(' ', '')

/** The same for what is no deployment's: an API that an extension adds. */
function callsLimited(operation: string, retryAfterMs: number): ApiError {
  const message =
    `Requests to ${operation} have exceeded the call rate limit of your current pricing tier. ` +
    `Please retry after ${secondsOf({ retryAfterMs })}.`
  return new ApiError({ status: 429, origin: 'limit', code: '429', message })
}

/** More is asked of the service than it has (quoted by users, December 2025 and 2026). */
export const systemBusy = (seconds: number): ApiError =>
  new ApiError({
    status: 429,
    origin: 'limit',
    layout: 'modelCompact',
    code: 'no_capacity',
    type: 'too_many_requests',
    param: null,
    message:
      'The system is currently experiencing high demand and cannot process your request. Your request exceeds the maximum usage ' +
      `size allowed during peak load. Please retry after ${seconds} seconds. For improved capacity reliability, consider ` +
      'switching to Provisioned Throughput.',
    headers: { 'retry-after': String(seconds), 'retry-after-ms': String(seconds * 1000) },
  })

/** More than the subscription has (code and words as users quote them of making deployments, 2025; of a call a guess). */
export function insufficientQuota({ deployment }: Pick<AnyCall, 'deployment'>): ApiError {
  const { model, sku = 'Standard', capacity = 1 } = deployment ?? {}
  const quota = sku.includes('Provisioned') ? `OpenAI.${sku}` : `OpenAI.${sku}.${model?.name ?? 'model'}`
  const message =
    `This operation require ${capacity} new capacity in quota ${quota}, which is bigger than the current available capacity 0. ` +
    `The current quota usage is ${capacity} and the quota limit is ${capacity} for quota ${quota}.`
  return new ApiError({ status: 429, origin: 'limit', layout: 'policy', code: 'InsufficientQuota', message })
}

/** There is no room for the tier flex at the moment (documented as a 429; the words are a guess). */
export const resourceUnavailable = (): ApiError =>
  new ApiError({
    status: 429,
    origin: 'limit',
    layout: 'modelCompact',
    code: 'resource_unavailable',
    type: 'too_many_requests',
    param: null,
    message:
      "Resource unavailable: there is no capacity for the service tier 'flex' at the moment. Retry later, or use the service " +
      "tier 'default'.",
  })

/** Whole seconds after which a wait is over, at least one. */
export const retryAfterSeconds = (retryAfterMs: number) => Math.max(1, Math.ceil(retryAfterMs / 1000))

/** Of a provisioned deployment, in percent. */
export const utilizationHeader = 'azure-openai-deployment-utilization'
