/** Durations as people write them: with their unit, and with a deviation where they vary. */
import { table } from '../base/object.ts'
import type { Spread } from '../types.ts'

export const durationForm = 'a duration with its unit, as 250ms, 2s or 1min'
export const spreadForm = `${durationForm}, or with a deviation, as 400ms ± 80ms`

/** For editors; what is accepted besides is only space around the parts. */
export const durationPattern = String.raw`^\d+(\.\d+)?(ms|s|min|h|d)$`
export const spreadPattern = String.raw`^\d+(\.\d+)? ?(ms|s|min|h|d)( ?(±|\+-|\+/-) ?\d+(\.\d+)? ?(ms|s|min|h|d))?$`

const unitMs: Readonly<Record<string, number>> = table({ ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 })
const form = /^(\d+(?:\.\d+)?) ?(ms|s|min|h|d)(?: ?(?:±|\+\/-|\+-) ?(\d+(?:\.\d+)?) ?(ms|s|min|h|d))?$/

/** In milliseconds; `undefined` where the text is not a duration, a bare number among them. */
export function parseDuration(text: string): Spread | undefined {
  const parts = form.exec(text.trim())
  if (!parts) return undefined
  return { mean: toMs(parts[1], parts[2]), stdDev: toMs(parts[3], parts[4]) }
}

/** The shortest text that `parseDuration` reads as the same. */
export function formatDuration({ mean, stdDev }: Spread): string {
  return stdDev === 0 ? msText(mean) : `${msText(mean)} ± ${msText(stdDev)}`
}

function toMs(digits: string | undefined, unit: string | undefined): number {
  if (digits === undefined || unit === undefined) return 0
  // Rounded to a nanosecond, so that 0.007s is 7ms and not 7.000000000000001.
  return Math.round(Number(digits) * (unitMs[unit] ?? NaN) * 1e6) / 1e6
}

function msText(ms: number): string {
  return ms >= 1_000 && ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`
}
