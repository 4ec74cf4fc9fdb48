/** What all instances together have used, as this one was told last; what has drained since then is worked out. */
import { Memo } from '../base/memo.ts'
import type { Deployment, LimitState } from '../types.ts'
import { usedShare } from '../base/used-share.ts'

type Last = { readonly state: LimitState; readonly atMs: number }

const maxNames = 1_000

export class ToldLimits {
  readonly #last = new Memo<string, Last>(maxNames)

  put({ name }: Deployment, last: Last): void {
    this.#last.set(name, last)
  }

  /** As it stands by now; undefined where nothing was told yet. */
  left(deployment: Deployment, atMs: number): LimitState | undefined {
    const last = this.#last.get(deployment.name)
    if (!last) return undefined
    const passedMs = Math.max(0, atMs - last.atMs)
    const { state } = last
    const drained = (limit: number | undefined, left: number, resetMs: number) =>
      passedMs >= resetMs ? (limit ?? left) : left + ((limit ?? left) - left) * (passedMs / resetMs)
    if (state.utilization !== undefined)
      return { ...state, utilization: Math.round(this.utilization(deployment, atMs) ?? 0) }
    return {
      ...state,
      remainingTokens: Math.floor(drained(state.limitTokens, state.remainingTokens, state.resetTokensMs)),
      remainingRequests: Math.floor(drained(state.limitRequests, state.remainingRequests, state.resetRequestsMs)),
    }
  }

  /** In percent; undefined where nothing was told yet. */
  utilization({ name, throughput }: Deployment, atMs: number): number | undefined {
    const last = this.#last.get(name)
    if (!last) return undefined
    const { state } = last
    const used = usedShare(state)
    const resetMs = state.limitTokens === undefined ? state.resetRequestsMs : state.resetTokensMs
    const drainsInMs = throughput ? (throughput.burstMs * used) / 100 : resetMs
    const passedMs = Math.max(0, atMs - last.atMs)
    return passedMs >= drainsInMs ? 0 : used * (1 - passedMs / drainsInMs)
  }
}
