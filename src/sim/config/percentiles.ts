/** Durations by their percentiles, as people measure them: `{ p50: 400ms, p95: 900ms, tail: 1.5% }`. */
import { logNormalOf, momentsOf, type Percentiles } from '../base/log-normal.ts'
import type { Spread } from '../types.ts'
import { formatDuration, parseDuration } from './duration.ts'
import { isTree, type Tree } from './tree.ts'

export const percentilesForm =
  'percentiles, as { p50: 400ms, p95: 900ms }, with p99 or a tail of up to 4% where there is one'

export type PercentilesMs = {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms?: number | null | undefined
  readonly tail?: number | null | undefined
}

export type SpreadMs = {
  readonly meanMs: number
  readonly stdDevMs: number
  readonly percentiles?: PercentilesMs | null | undefined
}

export const isPercentiles = (value: object): boolean => 'p50' in value || 'p95' in value

const keys: ReadonlySet<string> = new Set(['p50', 'p95', 'p99', 'tail'])
const maxTail = 0.04

/** Undefined where they are not right. */
export function readPercentiles(value: Tree): SpreadMs | undefined {
  if (Object.keys(value).some((key) => !keys.has(key))) return undefined
  const [p50Ms, p95Ms, p99Ms] = [msOf(value.p50), msOf(value.p95), msOf(value.p99)]
  const tail = shareOf(value.tail)
  if (p50Ms === undefined || p95Ms === undefined || !(p50Ms > 0 && p95Ms >= p50Ms && (p99Ms ?? p95Ms) >= p95Ms))
    return undefined
  if ((value.p99 ?? undefined) !== undefined && p99Ms === undefined) return undefined
  if ((value.tail ?? undefined) !== undefined && (tail === undefined || p99Ms !== undefined)) return undefined
  const percentiles = { p50Ms, p95Ms, ...(p99Ms !== undefined && { p99Ms }), ...(tail !== undefined && { tail }) }
  const { mean, stdDev } = momentsOf(logNormalOf(plain(percentiles)))
  return { meanMs: rounded(mean), stdDevMs: rounded(stdDev), percentiles }
}

const plain = ({ p50Ms, p95Ms, p99Ms, tail }: PercentilesMs): Percentiles => ({
  p50: p50Ms,
  p95: p95Ms,
  p99: p99Ms ?? undefined,
  tail: tail ?? undefined,
})

export function spreadOf({ meanMs, stdDevMs, percentiles }: SpreadMs): Spread {
  const told = { mean: meanMs, stdDev: stdDevMs }
  return percentiles ? { ...told, logNormal: logNormalOf(plain(percentiles)) } : told
}

/** As `sim.yaml` has it. */
export function writtenSpread(value: Tree): unknown {
  const { percentiles } = value
  if (!isTree(percentiles)) return formatDuration({ mean: Number(value.meanMs), stdDev: Number(value.stdDevMs) })
  const { p50Ms, p95Ms, p99Ms, tail } = percentiles
  const ms = (mean: unknown) => formatDuration({ mean: Number(mean), stdDev: 0 })
  return {
    p50: ms(p50Ms),
    p95: ms(p95Ms),
    ...(p99Ms != null && { p99: ms(p99Ms) }),
    ...(tail != null && { tail: `${rounded(Number(tail) * 100)}%` }),
  }
}

const rounded = (value: number) => Math.round(value * 1e6) / 1e6

function msOf(value: unknown): number | undefined {
  const duration = typeof value === 'string' ? parseDuration(value) : undefined
  return duration?.stdDev === 0 ? duration.mean : undefined
}

function shareOf(value: unknown): number | undefined {
  const digits = typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?) ?%\s*$/.exec(value)?.[1] : undefined
  const share = typeof value === 'number' ? value : digits === undefined ? NaN : Number(digits) / 100
  return share >= 0 && share <= maxTail ? share : undefined
}
