import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { Admission, Cost, Deployment } from '../types.ts'
import { chargeOf, completionChargeOf, limitsOf } from './charge.ts'
import { WindowsByDeployment } from './windows-by-deployment.ts'

export type LimitedCall = { readonly deployment: Deployment; readonly cost: Cost; readonly atMs: number }

/** Decides before any work is done whether a call may pass. */
export type Limiter = {
  /** May be asynchronous, so that a limiter can share its counts between instances. */
  admit(call: LimitedCall): Admission | Promise<Admission>
  /** Starts over: every window is empty, and calls that were admitted before no longer count. */
  forget?(): void
}

const unlimited: Admission = { ok: true, state: undefined, settle: () => undefined }

/** Lets everything pass, and counts nothing. */
export const openLimiter: Limiter = { admit: () => unlimited }

/**
 * Counts in memory. `settings` is asked for each call, and limits come with the deployment: what was used belongs to
 * the deployment's name alone, and outlives any change of those.
 */
export function createLimiter({ clock, settings }: { clock: Clock; settings: () => Config['limits'] }): Limiter {
  let deployments = new WindowsByDeployment()

  const admit = ({ deployment, cost, atMs }: LimitedCall): Admission => {
    const limits = limitsOf(deployment, cost)
    if (!limits) return unlimited
    const { algorithm, charge } = settings()
    const home = deployments
    const windows = home.of(deployment.name, atMs)
    const ms = windows.moment(atMs)
    const tokens = chargeOf(cost, deployment.model, charge)

    const waits = windows.waits(ms, tokens, limits, algorithm)
    if (waits.tokensMs > 0 || waits.requestsMs > 0) {
      const { tokensMs, requestsMs } = windows.refuse(ms, limits, waits, algorithm)
      const state = windows.state(ms, limits, algorithm)
      return {
        ok: false,
        reason: requestsMs > tokensMs ? 'requests' : 'tokens',
        retryAfterMs: Math.max(tokensMs, requestsMs),
        // What a slice refuses is not there, even if the minute has some left.
        state: requestsMs > 0 ? { ...state, remainingRequests: Math.min(0, state.remainingRequests) } : state,
      }
    }

    windows.admit(ms, tokens, limits, algorithm)
    return {
      ok: true,
      state: windows.state(ms, limits, algorithm),
      settle: ({ completionTokens }) => {
        const rest = completionChargeOf(cost, charge, completionTokens)
        if (rest <= 0) return
        const endedAtMs = clock.now()
        // Looked up anew: the deployment may have been idle, and dropped, for as long as the answer took.
        const then = home.of(deployment.name, endedAtMs)
        then.take(then.moment(endedAtMs), rest, settings().algorithm)
      },
    }
  }

  return { admit, forget: () => (deployments = new WindowsByDeployment()) }
}
