/** The limits of deployments, and what the configured ones of a resource have left of theirs. */
import type { DeploymentLimits } from '../admin/report.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { requestsFor } from '../limits/charge.ts'
import type { Limiter } from '../limits/limiter.ts'
import type { QuotaLeft } from '../metrics/quota-gauges.ts'
import type { FindDeployment } from '../operation.ts'
import type { Cost } from '../types.ts'

export function quotaLeft(parts: {
  readonly config: () => Config
  readonly find: FindDeployment
  readonly limiter: Pick<Limiter, 'left'>
  readonly clock: Pick<Clock, 'now'>
}): QuotaLeft {
  return () => {
    const config = parts.config()
    return Object.keys(config.deployments).flatMap((name) => {
      const deployment = parts.find(name)
      const settings = deployment?.limits ?? config.limits
      const left = deployment && parts.limiter.left({ deployment, cost: nothing, atMs: parts.clock.now(), settings })
      return left ? [{ deployment: name, left }] : []
    })
  }
}

const nothing: Cost = { promptTokens: 0, promptCharacters: 0, maxTokens: 0, choices: 1, countsTokens: true }

/** Of those of these names that anything limits. */
export function limitsOfDeployments(
  names: readonly string[],
  { deployments }: Config,
  find: FindDeployment,
): readonly DeploymentLimits[] {
  return names.flatMap((name) => {
    const found = find(name)
    if (!found) return []
    const { throughput, tokensPerMinute, model } = found
    if (throughput) return { deployment: name, provisionedUnits: deployments[name]?.capacity ?? 0 }
    const requestsPerMinute =
      found.requestsPerMinute ??
      (tokensPerMinute === undefined ? undefined : requestsFor(tokensPerMinute, model.requestsPerThousandTokens))
    if (tokensPerMinute === undefined && requestsPerMinute === undefined) return []
    return {
      deployment: name,
      ...(tokensPerMinute !== undefined && { tokensPerMinute }),
      ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    }
  })
}
