/** Settings that are durations or addresses; what a check's error says is what is allowed. */
import * as z from 'zod'
import { durationForm, durationPattern, parseDuration, spreadForm, spreadPattern } from './duration.ts'
import { group, text } from './forms.ts'
import { isPercentiles, percentilesForm, readPercentiles } from './percentiles.ts'
import { isTree } from './tree.ts'

/** The longest wait that Node's timers know: 24 days. */
const longestTimeoutMs = 2_147_483_647

const error = 'a number of milliseconds, 0 or more'
const milliseconds = z.number({ error }).min(0, { error }).max(longestTimeoutMs, { error })

const Spread = group({
  meanMs: milliseconds,
  stdDevMs: milliseconds.default(0),
  percentiles: group({
    p50Ms: milliseconds,
    p95Ms: milliseconds,
    p99Ms: milliseconds.optional(),
    tail: z.number().optional(),
  }).optional(),
})

/** A text is read as a duration, and percentiles as such; `{ meanMs, stdDevMs }` is what they become, and what other sources give. */
export const spread = () => z.preprocess(readSpread, Spread).meta({ pattern: spreadPattern })

function readSpread(value: unknown, context: z.core.$RefinementCtx): unknown {
  if (!isTree(value) || !isPercentiles(value)) return reading(spreadForm, toSpread)(value, context)
  const read = readPercentiles(value)
  if (read) return read
  context.addIssue({ code: 'custom', message: percentilesForm })
  return z.NEVER
}

export const timeout = () => time(1)

/** How long something is kept: no timer is set for that. */
export const lifetime = () => time(1, Number.MAX_SAFE_INTEGER)

/** One duration, in whole milliseconds. */
export function time(minMs: number, maxMs = longestTimeoutMs) {
  const allowed = `${durationForm}; at least ${minMs}ms, and in whole milliseconds`
  const ms = z.int({ error: allowed }).min(minMs, { error: allowed }).max(maxMs, { error: allowed })
  return z
    .preprocess(
      reading(allowed, (value) => {
        const duration = parseDuration(value)
        return duration?.stdDev === 0 ? { ms: duration.mean } : undefined
      }),
      group({ ms }),
    )
    .meta({ pattern: durationPattern })
}

export function redisAddress() {
  const allowed = 'an address of Redis, as redis://name:6379 or rediss://:password@name:10000'
  return text(allowed)
    .refine(
      (address) => {
        const { protocol = '', hostname = '' } = URL.parse(address) ?? {}
        return /^rediss?:$/.test(protocol) && hostname !== ''
      },
      { error: allowed },
    )
    .meta({ pattern: '^[Rr][Ee][Dd][Ii][Ss]{1,2}://[^\\s/?#]' })
}

export function toSpread(value: string): { meanMs: number; stdDevMs: number } | undefined {
  const duration = parseDuration(value)
  return duration && { meanMs: duration.mean, stdDevMs: duration.stdDev }
}

/** Takes what is read already as it is, and a text as `read` reads it. */
export function reading(allowed: string, read: (text: string) => object | undefined) {
  return (value: unknown, context: z.core.$RefinementCtx): unknown => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    const result = typeof value === 'string' ? read(value) : undefined
    if (result !== undefined) return result
    const isBare = typeof value === 'number' || (typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value))
    const found = isBare ? `${value} without a unit` : undefined
    context.addIssue({ code: 'custom', message: allowed, ...(found && { params: { found } }) })
    return z.NEVER
  }
}

export const connectionString = () => text('a connection string of a storage account, or UseDevelopmentStorage=true')

export function containerName() {
  const allowed = '3 to 63 lower-case letters, digits and single "-"'
  return z.string({ error: allowed }).regex(/^[a-z0-9](-?[a-z0-9]){2,62}$/, { error: allowed })
}
