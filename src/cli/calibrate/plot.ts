/** What was measured and what was fitted, as a picture: the share of times that lie below. */
import { quantileOf } from '../../sim/index.ts'
import { type Axis, type PlotSeries, logTicks, shareAxis, svgOf } from './chart.ts'
import type { Fit } from './fit.ts'

/** An SVG with one panel for each fit. */
export const plotOf = (fits: readonly Fit[]): string => svgOf('Times as measured and as fitted', fits.map(panelOf))

const shares = Array.from({ length: 199 }, (_, at) => (at + 1) / 200)

function panelOf({ name, distribution, samples, rows }: Fit) {
  const max = Math.max(...rows.map(({ measured, fitted }) => Math.max(measured, fitted))) * 1.1
  const min = Math.max(0.1, Math.min(...rows.map(({ measured, fitted }) => Math.min(measured, fitted))) / 1.5)
  const x: Axis = { min, max, isLog: true, ticks: logTicks(min, max), told: (ms) => `${ms} ms` }
  const measured: PlotSeries =
    samples.length > 0
      ? { name: 'measured', points: shares.map((share) => [samples[Math.floor(share * samples.length)] ?? 0, share]) }
      : { name: 'measured', as: 'dots', points: rows.map((row) => [row.measured, row.share]) }
  const fitted: PlotSeries = {
    name: 'fitted',
    as: 'dashes',
    points: shares.map((share) => [quantileOf(distribution, share), share]),
  }
  return { title: `${name}: share of times below`, x, y: shareAxis, drawn: [measured, fitted] }
}
