/** What was measured and what was fitted, as a picture: the share of times that lie below. */
import { quantileOf } from '../../sim/index.ts'
import type { Fit } from './fit.ts'

const width = 720
const height = 300
const left = 56
const top = 34

/** An SVG with one panel for each fit. */
export function plotOf(fits: readonly Fit[]): string {
  const panels = fits.map((fit, at) => panel(fit, at * height))
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height * fits.length}" font-family="sans-serif" font-size="12">\n` +
    `<rect width="100%" height="100%" fill="white"/>\n${panels.join('\n')}\n</svg>\n`
  )
}

function panel({ name, distribution, samples, rows }: Fit, y: number): string {
  const shares = Array.from({ length: 199 }, (_, at) => (at + 1) / 200)
  const maxMs = Math.max(...rows.map(({ measured, fitted }) => Math.max(measured, fitted))) * 1.1
  const minMs = Math.max(0.1, Math.min(...rows.map(({ measured, fitted }) => Math.min(measured, fitted))) / 1.5)
  const span = Math.log(maxMs / minMs)
  const x = (ms: number) => left + (Math.log(Math.min(maxMs, Math.max(minMs, ms)) / minMs) / span) * (width - left - 20)
  const up = (share: number) => y + top + (1 - share) * (height - top - 46)
  const line = (points: readonly (readonly [number, number])[], colour: string, dash = '') =>
    `<polyline fill="none" stroke="${colour}" stroke-width="2"${dash} points="${points
      .map(([ms, share]) => `${x(ms).toFixed(1)},${up(share).toFixed(1)}`)
      .join(' ')}"/>`
  const fitted = shares.map((share) => [quantileOf(distribution, share), share] as const)
  const measured =
    samples.length > 0
      ? shares.map((share) => [samples[Math.floor(share * samples.length)] ?? 0, share] as const)
      : rows.map((row) => [row.measured, row.share] as const)
  const ticks = [0.1, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000].filter(
    (ms) => ms >= minMs && ms <= maxMs,
  )
  return [
    `<text x="${left}" y="${y + 20}" font-size="14">${name}: share of times below, measured (black) and fitted (red)</text>`,
    ...[0, 0.25, 0.5, 0.75, 1].map(
      (share) =>
        `<line x1="${left}" x2="${width - 20}" y1="${up(share)}" y2="${up(share)}" stroke="#ddd"/><text x="${left - 8}" y="${up(share) + 4}" text-anchor="end">${share * 100} %</text>`,
    ),
    ...ticks.map((ms) => `<text x="${x(ms).toFixed(1)}" y="${y + height - 24}" text-anchor="middle">${ms} ms</text>`),
    line(measured, '#222'),
    line(fitted, '#c22', ' stroke-dasharray="6 4"'),
  ].join('\n')
}
