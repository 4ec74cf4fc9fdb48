/** What a call is charged, and against which limits. */
import type { LimitCharge } from '../config/config.ts'
import type { Cost, Deployment, LimitState, Model } from '../types.ts'
import { minuteMs, sliceMs, type Left } from './strategies/strategy.ts'

/** A deployment's limits per minute, as far as they hold for one call. */
export type Limits = {
  /** Absent: tokens are not limited. */
  readonly tokens: number | undefined
  readonly requests: number
  /** Of the requests, how many may come within ten seconds. */
  readonly sliceRequests: number
}

/** Undefined where nothing is limited. */
export function limitsOf(deployment: Deployment, cost: Cost): Limits | undefined {
  const { tokensPerMinute, requestsPerMinute, requestsAtOnce, model } = deployment
  // Where a minute has no tokens nothing passes, not even what costs none.
  const tokens = cost.countsTokens || tokensPerMinute === 0 ? tokensPerMinute : undefined
  if (tokensPerMinute === undefined && requestsPerMinute === undefined) return undefined
  const requests = requestsPerMinute ?? requestsFor(tokensPerMinute ?? 0, model.requestsPerThousandTokens)
  return { tokens, requests, sliceRequests: requestsAtOnce ? requests : Math.ceil(requests / slicesPerMinute) }
}

const slicesPerMinute = minuteMs / sliceMs

/** For the headers. */
export function stateOf(left: Left, { tokens, requests }: Limits): LimitState {
  const { remainingTokens, resetTokensMs, remainingRequests, resetRequestsMs } = left
  const isLimited = tokens !== undefined
  return {
    limitTokens: tokens,
    remainingTokens: isLimited ? remainingTokens : 0,
    resetTokensMs: isLimited ? resetTokensMs : 0,
    limitRequests: requests,
    remainingRequests,
    resetRequestsMs,
  }
}

/** The tokens that a call takes when it is admitted. */
export function chargeOf(cost: Cost, model: Model, charge: LimitCharge): number {
  if (!cost.countsTokens) return 0
  switch (charge) {
    case 'actual':
      return cost.promptTokens
    case 'reserve':
      return cost.promptTokens + maxCompletionTokens(cost, model)
    case 'python':
      // The service did so until 2024, and the Python simulator does: facts recorded from answers of that time.
      return model.dimensions ? Math.ceil(cost.promptCharacters / 4) : maxCompletionTokens(cost, model)
  }
}

/** What was not yet taken when the call was admitted. */
export function completionChargeOf(cost: Cost, charge: LimitCharge, completionTokens: number): number {
  return charge === 'actual' && cost.countsTokens ? completionTokens : 0
}

/** What no answer of the model can have is not reserved: such a call is refused after it was admitted. */
function maxCompletionTokens({ maxTokens = 16, choices }: Cost, { contextWindowTokens }: Model): number {
  return Math.min(maxTokens, contextWindowTokens) * choices
}

/** The product of a ratio like 1.1 may lie a hair above a whole number, which must not make it the next one. */
function requestsFor(tokensPerMinute: number, requestsPerThousandTokens: number): number {
  if (tokensPerMinute === 0) return 0
  const requests = (tokensPerMinute * requestsPerThousandTokens) / 1000
  return Math.max(1, Math.ceil(requests * (1 - 1e-12)))
}
