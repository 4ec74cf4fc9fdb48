import type { Clock } from '../clock.ts'
import type { Admission, Cost, Deployment, LimitSettings, LimitState } from '../types.ts'
import { toRefusal, unlimited } from './admission.ts'
import { usedShare } from '../base/used-share.ts'
import { type Bill, billOf, countedAs, stateOf } from './charge.ts'
import { RecentOutput } from './recent-output.ts'
import { settling } from './settling.ts'
import { WindowsByDeployment } from './windows-by-deployment.ts'

export type LimitedCall = {
  readonly deployment: Deployment
  readonly cost: Cost
  readonly atMs: number
  readonly settings: LimitSettings
}

/** Decides before any work is done whether a call may pass. */
export type Limiter = {
  /** May be asynchronous, so that a limiter can share its counts between instances. */
  admit(call: LimitedCall): Admission | Promise<Admission>
  /** How much of its limit the deployment uses at the moment, in percent: of tokens, or else of requests. */
  utilization(call: LimitedCall): number
  /** What is left of its limits at the moment; undefined where nothing is limited. */
  left(call: LimitedCall): LimitState | undefined
}

/** Counts in this process alone, and therefore at once. */
export type LocalLimiter = {
  admit(call: LimitedCall): Admission
  utilization(call: LimitedCall): number
  left(call: LimitedCall): LimitState | undefined
  /** Counts a call that was admitted elsewhere. Gives what counts the rest of it. */
  note(call: LimitedCall, bill: Bill): Take
}

/** Counts an amount more, or less, at the moment. */
export type Take = (amount: number) => void

export type LimiterOptions = { readonly clock: Clock }

/** Lets everything pass, and counts nothing. */
export const openLimiter: Limiter = { admit: () => unlimited, utilization: () => 0, left: () => undefined }

/**
 * Counts in memory. Settings come with each call, and limits with the deployment: what was used belongs to the
 * deployment's name alone, and outlives any change of those.
 */
export function createLimiter({ clock }: LimiterOptions): LocalLimiter {
  const deployments = new WindowsByDeployment()
  const recent = new RecentOutput()

  const takerOf =
    (call: LimitedCall, { strategy }: Bill): Take =>
    (amount) => {
      const nowMs = clock.now()
      // Looked up anew: the deployment may have been idle, and dropped, for as long as the answer took.
      const then = deployments.of(countedAs(call), nowMs)
      then.take(then.moment(nowMs), amount, strategy)
    }

  const left = (call: LimitedCall): LimitState | undefined => {
    const bill = billOf(call, recent.of(call.deployment))
    if (!bill) return undefined
    const windows = deployments.of(countedAs(call), call.atMs)
    return stateOf(windows.left(windows.moment(call.atMs), bill.limits, bill.strategy), bill)
  }

  return {
    admit(call) {
      const { deployment, atMs } = call
      const bill = billOf(call, recent.of(deployment))
      if (!bill) return unlimited
      const { limits, strategy, amount } = bill
      const windows = deployments.of(countedAs(call), atMs)
      const ms = windows.moment(atMs)

      const before = windows.waits(ms, amount, limits, strategy)
      const isAdmitted = before.tokensMs === 0 && before.requestsMs === 0
      if (isAdmitted) windows.admit(ms, amount, limits, strategy)
      const waits = isAdmitted ? before : windows.refuse(ms, limits, before, strategy)
      const state = stateOf(windows.left(ms, limits, strategy), bill)
      if (!isAdmitted) return toRefusal(waits, state)
      return { ok: true, state, ...settling(call, amount, recent, takerOf(call, bill)) }
    },

    utilization(call) {
      const state = left(call)
      return state ? usedShare(state) : 0
    },
    left,

    note(call, bill) {
      const { limits, strategy, amount } = bill
      const windows = deployments.of(countedAs(call), call.atMs)
      windows.admit(windows.moment(call.atMs), amount, limits, strategy)
      return takerOf(call, bill)
    },
  }
}
