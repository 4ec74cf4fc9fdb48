import type { Admission } from '../types.ts'
import { toRefusal, unlimited } from './admission.ts'
import { type Bill, billOf, countedAs, stateOf } from './charge.ts'
import { createLimiter, type LimitedCall, type Limiter, type LimiterOptions, type Take } from './limiter.ts'
import { RecentOutput } from './recent-output.ts'
import { inBatches, type RunOne } from './redis-pipelining.ts'
import { settling } from './settling.ts'
import { ToldLimits } from './told.ts'
import { commandOf, countKeysOf, noLimits, type SharedCounts } from './shared-counts.ts'

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
  const recent = new RecentOutput()
  /** What all instances together had used of each deployment when this one asked last. */
  const told = new ToldLimits()
  let countedAlone = 0

  const alone = (call: LimitedCall): Admission => {
    countedAlone++
    return local.admit(call)
  }

  const takerOf = (call: LimitedCall, bill: Bill, keys: readonly string[]): Take => {
    const takeHere = local.note(call, bill)
    return (amount) => {
      takeHere(amount)
      if (counts.state() !== 'shared') return
      run(keys, commandOf('take', bill.strategy, amount, noLimits)).catch(() => {
        // Whoever holds the connection has noticed, and says so.
      })
    }
  }

  const together = async (call: LimitedCall, bill: Bill): Promise<Admission> => {
    const { limits, strategy, amount } = bill
    const keys = countKeysOf(prefix, countedAs(call))
    let reply: unknown
    try {
      reply = await run(keys, commandOf('admit', strategy, amount, limits))
    } catch {
      return alone(call)
    }
    const decision = toDecision(reply, bill)
    if (!decision) return alone(call)
    const { isAdmitted, waits, state } = decision
    told.put(call.deployment, { state, atMs: call.atMs })
    if (!isAdmitted) return toRefusal(waits, state)
    return { ok: true, state, ...settling(call, amount, recent, takerOf(call, bill, keys)) }
  }

  return {
    admit(call) {
      const bill = billOf(call, recent.of(call.deployment))
      if (!bill) return unlimited
      const state = counts.state()
      if (state === 'shared') return together(call, bill)
      if (state === 'away') return alone(call)
      return counts.started.then(() => (counts.state() === 'shared' ? together(call, bill) : alone(call)))
    },
    utilization: (call) =>
      (counts.state() === 'shared' ? told.utilization(call.deployment, call.atMs) : undefined) ??
      local.utilization(call),
    left: (call) =>
      (counts.state() === 'shared' ? told.left(call.deployment, call.atMs) : undefined) ?? local.left(call),
    countedAlone: () => countedAlone,
  }
}

/** Undefined for what no script of ours would answer. */
function toDecision(reply: unknown, bill: Bill) {
  if (!Array.isArray(reply) || reply.length !== 7 || !reply.every((value) => typeof value === 'number'))
    return undefined
  const [isAdmitted, tokensMs, requestsMs, remainingTokens, resetTokensMs, remainingRequests, resetRequestsMs] =
    reply as [number, number, number, number, number, number, number]
  const state = stateOf({ remainingTokens, resetTokensMs, remainingRequests, resetRequestsMs }, bill)
  return { isAdmitted: isAdmitted === 1, waits: { tokensMs, requestsMs }, state }
}
