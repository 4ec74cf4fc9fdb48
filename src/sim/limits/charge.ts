/** What a call is charged, and against which limits. */
import type { Cost, Deployment, LimitCharge, LimitSettings, LimitState, Model, Throughput, Usage } from '../types.ts'
import type { StrategyName } from './strategies/index.ts'
import { type Left, minuteMs, sliceMs } from './strategies/strategy.ts'

/** A deployment's limits per minute, as far as they hold for one call. */
export type Limits = {
  /** Absent: tokens are not limited. */
  readonly tokens: number | undefined
  readonly requests: number
  /** Of the requests, how many may come within ten seconds. */
  readonly sliceRequests: number
  /** What requests are told of: a minute, or ten seconds. Of provisioned throughput, how much use may come at once. */
  readonly periodMs: number
}

/** How a call is counted. */
export type Bill = {
  readonly limits: Limits
  readonly strategy: StrategyName
  /** Taken when it is admitted. */
  readonly amount: number
}

/** Undefined where nothing is limited. `outputTokens` are those that a provisioned deployment makes of late. */
export function billOf({ deployment, cost, settings }: Billed, outputTokens: number): Bill | undefined {
  const { throughput, model } = deployment
  if (throughput) {
    const { inputTokensPerMinute: tokens, burstMs: periodMs } = throughput
    const limits = { tokens, requests: 0, sliceRequests: 0, periodMs }
    return { limits, strategy: 'utilization', amount: reservedOf(cost, throughput, model, outputTokens) }
  }
  const limits = limitsOf(deployment, cost, settings)
  return limits && { limits, strategy: settings.algorithm, amount: chargeOf(cost, model, settings.charge) }
}

/** What was not yet taken when the call was admitted; below zero where that was too much. */
export function restOf({ deployment: { throughput }, cost, settings }: Billed, amount: number, usage: Usage): number {
  if (throughput) return usedOf(usage, throughput) - amount
  return settings.charge === 'actual' && cost.countsTokens ? usage.completionTokens : 0
}

type Billed = { readonly deployment: Deployment; readonly cost: Cost; readonly settings: LimitSettings }

/** Under which name its calls are counted. */
export const countedAs = ({
  deployment: { name },
  cost: { countedApart },
}: Pick<Billed, 'deployment' | 'cost'>): string => (countedApart === undefined ? name : `${name} ${countedApart}`)

/** Undefined where nothing is limited. */
export function limitsOf(deployment: Deployment, cost: Cost, settings?: LimitSettings): Limits | undefined {
  const { tokensPerMinute, requestsPerMinute, requestsAtOnce, requestsPeriodMs = minuteMs, model } = deployment
  // Where a minute has no tokens nothing passes, not even what costs none.
  const tokens = cost.countsTokens || tokensPerMinute === 0 ? tokensPerMinute : undefined
  if (tokensPerMinute === undefined && requestsPerMinute === undefined) return undefined
  const requests = requestsPerMinute ?? requestsFor(tokensPerMinute ?? 0, model.requestsPerThousandTokens)
  const sliceRequests = requestsAtOnce ? requests : Math.ceil(requests / slicesPerMinute)
  return { tokens, requests, sliceRequests, periodMs: settings?.algorithm === 'leaky' ? minuteMs : requestsPeriodMs }
}

const slicesPerMinute = minuteMs / sliceMs

/** For the headers. */
export function stateOf(left: Left, { limits, strategy, amount }: Bill): LimitState {
  const { tokens, requests, sliceRequests, periodMs } = limits
  const { remainingTokens, resetTokensMs, remainingRequests, resetRequestsMs } = left
  if (strategy === 'utilization') {
    const atOnce = ((tokens ?? 0) * periodMs) / minuteMs
    return { ...noLimitState, utilization: Math.max(0, Math.round(100 * (1 - remainingTokens / atOnce))) }
  }
  const isLimited = tokens !== undefined
  return {
    limitTokens: tokens,
    remainingTokens: isLimited ? remainingTokens : 0,
    resetTokensMs: isLimited ? resetTokensMs : 0,
    limitRequests: periodMs < minuteMs ? sliceRequests : requests,
    remainingRequests,
    resetRequestsMs,
    takenTokens: amount,
    ...(periodMs < minuteMs && { requestsPeriodMs: periodMs }),
  }
}

/** Of which no header tells. */
export const noLimitState: LimitState = {
  limitTokens: undefined,
  remainingTokens: 0,
  resetTokensMs: 0,
  limitRequests: undefined,
  remainingRequests: 0,
  resetRequestsMs: 0,
}

/** What a call is taken to use of provisioned throughput, in input tokens, before any of it was done. */
function reservedOf(cost: Cost, { outputRatio }: Throughput, model: Model, outputTokens: number): number {
  const { promptTokens, maxTokens = outputTokens, choices } = cost
  return promptTokens + outputRatio * Math.min(maxTokens, model.maxOutputTokens) * choices
}

/** The same of what it has used; of an answer that was left, what had been made of it by then. */
const usedOf = (usage: Usage, { outputRatio, cachedRatio }: Throughput): number =>
  usage.promptTokens -
  deductionOf(usage.cachedTokens ?? 0, cachedRatio) +
  outputRatio * (usage.sentTokens ?? usage.completionTokens)

/** How much less a prompt counts for what of it was cached. */
export const deductionOf = (cachedTokens: number, cachedRatio: number): number => cachedTokens * (1 - cachedRatio)

/** The tokens that a call takes when it is admitted. */
function chargeOf(cost: Cost, model: Model, charge: LimitCharge): number {
  if (!cost.countsTokens) return 0
  switch (charge) {
    case 'actual':
      return cost.promptTokens
    case 'reserve':
      return cost.promptTokens + maxCompletionTokens(cost, model)
    case 'estimated':
      return cost.estimatedTokens ?? Math.ceil(cost.promptCharacters / 4)
    case 'python':
      // The service did so until 2024, and the Python simulator does: facts recorded from answers of that time.
      return model.dimensions ? Math.ceil(cost.promptCharacters / 4) : maxCompletionTokens(cost, model)
  }
}

/** What no answer of the model can have is not reserved: such a call is refused after it was admitted. */
function maxCompletionTokens({ maxTokens = 16, choices }: Cost, { contextWindowTokens }: Model): number {
  return Math.min(maxTokens, contextWindowTokens) * choices
}

/** The product of a ratio like 1.1 may lie a hair above a whole number, which must not make it the next one. */
export function requestsFor(tokensPerMinute: number, requestsPerThousandTokens: number): number {
  if (tokensPerMinute === 0) return 0
  const requests = (tokensPerMinute * requestsPerThousandTokens) / 1000
  return Math.max(1, Math.ceil(requests * (1 - 1e-12)))
}
