import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { Admission, Cost, Deployment, Usage } from '../types.ts'
import { toAdmission, unlimited } from './admission.ts'
import { chargeOf, completionChargeOf, limitsOf } from './charge.ts'
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
  /** Starts over: every window is empty, and calls that were admitted before no longer count. */
  forget?(): void
}

/** Counts in this process alone, and therefore at once. */
export type LocalLimiter = {
  admit(call: LimitedCall): Admission
  /** Counts a call that was admitted elsewhere. Gives its `settle`. */
  note(call: LimitedCall): (usage: Usage) => void
  forget(): void
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
  let deployments = new WindowsByDeployment()

  /** `home` is where the call was counted: what ends after a `forget` belongs to what was forgotten. */
  const settler = (home: WindowsByDeployment, { deployment, cost, settings }: LimitedCall) => {
    const { algorithm, charge } = settings
    return ({ completionTokens }: Usage) => {
      const rest = completionChargeOf(cost, charge, completionTokens)
      if (rest <= 0) return
      const endedAtMs = clock.now()
      // Looked up anew: the deployment may have been idle, and dropped, for as long as the answer took.
      const then = home.of(deployment.name, endedAtMs)
      then.take(then.moment(endedAtMs), rest, algorithm)
    }
  }

  return {
    admit(call) {
      const { deployment, cost, atMs, settings } = call
      const limits = limitsOf(deployment, cost)
      if (!limits) return unlimited
      const { algorithm, charge } = settings
      const home = deployments
      const windows = home.of(deployment.name, atMs)
      const ms = windows.moment(atMs)
      const tokens = chargeOf(cost, deployment.model, charge)

      const waits = windows.waits(ms, tokens, limits, algorithm)
      if (waits.tokensMs > 0 || waits.requestsMs > 0) {
        const after = windows.refuse(ms, limits, waits, algorithm)
        const state = windows.state(ms, limits, algorithm)
        return toAdmission({ isAdmitted: false, waits: after, state }, nothing)
      }
      windows.admit(ms, tokens, limits, algorithm)
      const state = windows.state(ms, limits, algorithm)
      return toAdmission({ isAdmitted: true, waits, state }, settler(home, call))
    },

    note(call) {
      const { deployment, cost, atMs, settings } = call
      const limits = limitsOf(deployment, cost)
      if (!limits) return nothing
      const { algorithm, charge } = settings
      const windows = deployments.of(deployment.name, atMs)
      windows.admit(windows.moment(atMs), chargeOf(cost, deployment.model, charge), limits, algorithm)
      return settler(deployments, call)
    },

    forget: () => void (deployments = new WindowsByDeployment()),
  }
}
