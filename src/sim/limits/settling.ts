/** What is counted of a call after it was admitted: what it has used that was not known then. */
import type { Admission, Usage } from '../types.ts'
import { deductionOf, restOf } from './charge.ts'
import type { LimitedCall, Take } from './limiter.ts'
import type { RecentOutput } from './recent-output.ts'

type Settling = Pick<Extract<Admission, { ok: true }>, 'settle' | 'deduct'>

export function settling(call: LimitedCall, amount: number, recent: RecentOutput, take: Take): Settling {
  const { throughput } = call.deployment
  if (!throughput) {
    return {
      settle(usage) {
        const rest = restOf(call, amount, usage)
        if (rest > 0) take(rest)
      },
    }
  }
  let taken = amount
  const takeAnd = (more: number) => {
    taken += more
    if (more !== 0) take(more)
  }
  return {
    deduct: (cachedTokens) => takeAnd(-deductionOf(cachedTokens, throughput.cachedRatio)),
    settle(usage: Usage) {
      recent.add(call.deployment, usage)
      takeAnd(restOf(call, taken, usage))
    },
  }
}
