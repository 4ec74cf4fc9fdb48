/** Figures of all deployments of a run together. */
import type { Quantiles, RunReport } from '../../sim/index.ts'

/** Of the deployment with most answers, where there are several: percentiles of different ones cannot be added up. */
export function quantilesAcross({ rows }: RunReport, name: 'firstByteMs' | 'totalMs'): Quantiles | undefined {
  const [busiest] = rows.toSorted((one, other) => other.totals.ok - one.totals.ok)
  return busiest?.totals[name] ?? undefined
}
