/** In one sentence a deployment: what limits it, if anything does. */
import type { LiveSecond } from '../sim/metrics/live.ts'
import { amount } from './format.ts'
import { type Cause, causeNames, causes, rowsOf, sumsOf, type TrafficSums, utilizationOf } from './seconds.ts'

export type QuotaLimits = {
  readonly tokensPerMinute?: number | undefined
  readonly requestsPerMinute?: number | undefined
}

export type Diagnosis = { readonly level: 'ok' | 'limited' | 'failing'; readonly text: string }

/** `minute` is what happened in the last sixty seconds. */
export function diagnose(
  deployment: string,
  minute: readonly LiveSecond[],
  limits: QuotaLimits,
): Diagnosis | undefined {
  const rows = rowsOf(minute, deployment)
  const sums = sumsOf(rows)
  if (sums.requests === 0) return undefined
  const many = `${amount(sums.requests)} ${sums.requests === 1 ? 'request' : 'requests'}`
  const spilled = sums.spilled > 0 ? ` ${amount(sums.spilled)} came from a provisioned deployment that was full.` : ''
  if (sums.limited > 0) {
    const head = `${deployment}: ${amount(sums.limited)} of ${many} in the last minute got a 429.`
    return { level: 'limited', text: `${head} ${reasons(sums, limits, utilizationOf(rows))}${spilled}` }
  }
  if (sums.failed > 0)
    return {
      level: 'failing',
      text: `${deployment}: ${amount(sums.failed)} of ${many} in the last minute failed with a 5xx.${spilled}`,
    }
  if (sums.refused > 0)
    return {
      level: 'failing',
      text: `${deployment}: ${amount(sums.refused)} of ${many} in the last minute ${sums.refused === 1 ? 'was' : 'were'} refused with a 4xx. What is wrong is told under Last errors.${spilled}`,
    }
  return { level: 'ok', text: `${deployment}: ${many} in the last minute, none of them limited.${spilled}` }
}

function reasons({ limitedBy }: TrafficSums, limits: QuotaLimits, utilization: number | undefined): string {
  const found = causes.filter((cause) => limitedBy[cause] > 0).sort((a, b) => limitedBy[b] - limitedBy[a])
  const [first, ...others] = found
  if (first === undefined) return ''
  const also = others.map((cause) => `${amount(limitedBy[cause])} by ${shortNames[cause]}`)
  return `${inWords(first, limits, utilization)}${also.length > 0 ? ` (${also.join(', ')})` : ''}.`
}

const shortNames: Readonly<Record<Cause, string>> = { ...causeNames, rule: 'a rule', other: 'something else' }

function inWords(cause: Cause, limits: QuotaLimits, utilization: number | undefined): string {
  switch (cause) {
    case 'tokens':
      return `The cause is the limit of tokens per minute${of(limits.tokensPerMinute)}`
    case 'requests': {
      const { requestsPerMinute: requests = 0, tokensPerMinute: tokens = 0 } = limits
      const ratio = tokens > 0 ? (1_000 * requests) / tokens : 0
      const why = ratio > 0 ? `: ${round(ratio)} for each 1,000 tokens per minute (${amount(tokens)})` : ''
      return `The cause is the limit of requests per minute${of(limits.requestsPerMinute)}${why}`
    }
    case 'provisioned':
      return `The cause is that its provisioned throughput is used up${utilization === undefined ? '' : ` (${amount(utilization)} %)`}`
    case 'rule':
      return 'The cause is a rule, which answers so on purpose'
    case 'other':
      return 'No limit is the cause: a queue is full, or an extension says so'
  }
}

const round = (value: number) => Math.round(value * 100) / 100
const of = (limit: number | undefined) => (limit === undefined ? '' : ` (${amount(limit)})`)
