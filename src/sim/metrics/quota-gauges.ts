/** What deployments have left of their limits, as gauges. */
import { maxUsedShare } from '../base/used-share.ts'
import type { LimitState } from '../types.ts'
import type { Gauge } from './series.ts'

/** Of the deployments of one resource, where anything limits them. */
export type QuotaLeft = () => readonly { readonly deployment: string; readonly left: LimitState }[]

/** More deployments than so many are not told of. */
const maxRows = 300

/** `resource` is undefined for that of the top level. */
export function quotaGauges(quotas: ReadonlyMap<string | undefined, QuotaLeft>): readonly Gauge[] {
  const gauges: Gauge[] = []
  let rows = 0
  for (const [resource, quota] of quotas)
    for (const { deployment, left } of quota()) {
      if (rows++ >= maxRows) return gauges
      const attributes = { deployment, ...(resource !== undefined && { resource }) }
      const add = (about: (typeof kinds)[keyof typeof kinds], value: number) =>
        gauges.push({ ...about, attributes, value })
      add(kinds.utilization, Math.round(10 * maxUsedShare(left)) / 10)
      if (left.limitTokens !== undefined) add(kinds.tokens, Math.max(0, left.remainingTokens))
      if (left.limitRequests !== undefined) add(kinds.requests, Math.max(0, left.remainingRequests))
    }
  return gauges
}

const kinds = {
  utilization: {
    name: 'aoai-api-simulator.limits.utilization',
    unit: 'percent',
    description: 'How much of its limit a deployment uses at the moment.',
  },
  tokens: {
    name: 'aoai-api-simulator.limits.remaining-tokens',
    unit: 'tokens',
    description: 'Tokens that a deployment has left of its limit at the moment.',
  },
  requests: {
    name: 'aoai-api-simulator.limits.remaining-requests',
    unit: 'requests',
    description: 'Requests that a deployment has left of its limit at the moment.',
  },
}
