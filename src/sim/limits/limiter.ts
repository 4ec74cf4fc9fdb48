import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { Admission, Cost, Deployment, Usage } from '../types.ts'
import { toAdmission, unlimited } from './admission.ts'
import { chargeOf, completionChargeOf, limitsOf, stateOf } from './charge.ts'
import { WindowsByDeployment } from './windows-by-deployment.ts'

export type LimitedCall = {
  readonly deployment: Deployment
  readonly cost: Cost
  readonly atMs: number
  readonly settings: Config['limits']
}

/** Decides before any work is done whether a call may pass. */
export type Limiter = {
  /** May be asynchronous, so that a limiter can share its counts between instances. */
  admit(call: LimitedCall): Admission | Promise<Admission>
}

/** Counts in this process alone, and therefore at once. */
export type LocalLimiter = {
  admit(call: LimitedCall): Admission
  /** Counts a call that was admitted elsewhere. Gives its `settle`. */
  note(call: LimitedCall): (usage: Usage) => void
}

export type LimiterOptions = { readonly clock: Clock }

const nothing = () => undefined

/** Lets everything pass, and counts nothing. */
export const openLimiter: Limiter = { admit: () => unlimited }

/**
 * Counts in memory. Settings come with each call, and limits with the deployment: what was used belongs to the
 * deployment's name alone, and outlives any change of those.
 */
export function createLimiter({ clock }: LimiterOptions): LocalLimiter {
  const deployments = new WindowsByDeployment()

  const settler =
    ({ deployment, cost, settings: { algorithm, charge } }: LimitedCall) =>
    ({ completionTokens }: Usage) => {
      const rest = completionChargeOf(cost, charge, completionTokens)
      if (rest <= 0) return
      const endedAtMs = clock.now()
      // Looked up anew: the deployment may have been idle, and dropped, for as long as the answer took.
      const then = deployments.of(deployment.name, endedAtMs)
      then.take(then.moment(endedAtMs), rest, algorithm)
    }

  return {
    admit(call) {
      const { deployment, cost, atMs, settings } = call
      const limits = limitsOf(deployment, cost)
      if (!limits) return unlimited
      const { algorithm, charge } = settings
      const windows = deployments.of(deployment.name, atMs)
      const ms = windows.moment(atMs)
      const amount = chargeOf(cost, deployment.model, charge)

      const before = windows.waits(ms, amount, limits, algorithm)
      const isAdmitted = before.tokensMs === 0 && before.requestsMs === 0
      if (isAdmitted) windows.admit(ms, amount, limits, algorithm)
      const waits = isAdmitted ? before : windows.refuse(ms, limits, before, algorithm)
      const state = stateOf(windows.left(ms, limits, algorithm), limits)
      return toAdmission({ isAdmitted, waits, state }, isAdmitted ? settler(call) : nothing)
    },

    note(call) {
      const { deployment, cost, atMs, settings } = call
      const limits = limitsOf(deployment, cost)
      if (!limits) return nothing
      const { algorithm, charge } = settings
      const windows = deployments.of(deployment.name, atMs)
      windows.admit(windows.moment(atMs), chargeOf(cost, deployment.model, charge), limits, algorithm)
      return settler(call)
    },
  }
}
