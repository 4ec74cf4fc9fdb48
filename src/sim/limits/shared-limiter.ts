import type { Admission, Usage } from '../types.ts'
import { toAdmission, unlimited } from './admission.ts'
import { inBatches, type RunOne } from './redis-pipelining.ts'
import { chargeOf, completionChargeOf, type Limits, limitsOf, stateOf } from './charge.ts'
import { createLimiter, type LimitedCall, type Limiter, type LimiterOptions } from './limiter.ts'
import { commandOf, keysOf, noLimits, type SharedCounts } from './shared-counts.ts'

export type SharedLimiter = Limiter & {
  /** How many calls this instance has counted alone, as the counts were away. */
  readonly countedAlone: () => number
}

export type SharedLimiterOptions = LimiterOptions & {
  readonly counts: SharedCounts
  /** How a command gets there: with those that come in the same turn, where nothing else is said. */
  readonly run?: RunOne
  /** What the names of its keys begin with. */
  readonly prefix?: string
}

/**
 * Counts together with other instances, in one round trip for each call and those that come with it; what an answer
 * used after all is told without waiting for it. Where that is not to be had the instance counts alone, going on from what it has itself admitted: no
 * call fails for it.
 */
export function createSharedLimiter({
  counts,
  run = inBatches(counts.run),
  prefix = 'aoai-sim',
  ...options
}: SharedLimiterOptions): SharedLimiter {
  const local = createLimiter(options)
  let countedAlone = 0

  const alone = (call: LimitedCall): Admission => {
    countedAlone++
    return local.admit(call)
  }

  const settler = (call: LimitedCall, keys: readonly string[]) => {
    const settleHere = local.note(call)
    const { algorithm, charge } = call.settings
    return (usage: Usage) => {
      settleHere(usage)
      const rest = completionChargeOf(call.cost, charge, usage.completionTokens)
      if (rest <= 0 || counts.state() !== 'shared') return
      run(keys, commandOf('take', algorithm, rest, noLimits)).catch(() => {
        // Whoever holds the connection has noticed, and says so.
      })
    }
  }

  const together = async (call: LimitedCall, limits: Limits): Promise<Admission> => {
    const { deployment, cost, settings } = call
    const { algorithm, charge } = settings
    const keys = keysOf(prefix, deployment.name)
    const amount = chargeOf(cost, deployment.model, charge)
    let reply: unknown
    try {
      reply = await run(keys, commandOf('admit', algorithm, amount, limits))
    } catch {
      return alone(call)
    }
    const decision = toDecision(reply, limits)
    return decision ? toAdmission(decision, decision.isAdmitted ? settler(call, keys) : ignore) : alone(call)
  }

  return {
    admit(call) {
      const limits = limitsOf(call.deployment, call.cost)
      if (!limits) return unlimited
      const state = counts.state()
      if (state === 'shared') return together(call, limits)
      if (state === 'away') return alone(call)
      return counts.started.then(() => (counts.state() === 'shared' ? together(call, limits) : alone(call)))
    },
    countedAlone: () => countedAlone,
  }
}

const ignore = () => undefined

/** Undefined for what no script of ours would answer. */
function toDecision(reply: unknown, limits: Limits) {
  if (!Array.isArray(reply) || reply.length !== 7 || !reply.every((value) => typeof value === 'number'))
    return undefined
  const [isAdmitted, tokensMs, requestsMs, remainingTokens, resetTokensMs, remainingRequests, resetRequestsMs] =
    reply as [number, number, number, number, number, number, number]
  const state = stateOf({ remainingTokens, resetTokensMs, remainingRequests, resetRequestsMs }, limits)
  return { isAdmitted: isAdmitted === 1, waits: { tokensMs, requestsMs }, state }
}
