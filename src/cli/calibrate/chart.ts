/** Lines and dots as an SVG, one panel below the other, for light and dark. */

export type Point = readonly [x: number, y: number]
export type PlotSeries = {
  readonly name: string
  readonly points: readonly Point[]
  /** A line where it is absent. */
  readonly as?: 'dashes' | 'dots' | 'steps'
}
export type Axis = {
  readonly min: number
  readonly max: number
  readonly ticks: readonly number[]
  readonly told: (value: number) => string
  readonly isLog?: boolean
}
export type Panel = {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly drawn: readonly PlotSeries[]
}

const width = 720
const height = 320
const [left, right, top, bottom] = [64, 20, 64, 40]

const style =
  'text{font-family:system-ui,sans-serif;font-size:12px;fill:#1b1f24}.title{font-size:14px;font-weight:600}.ground{fill:#fff}' +
  '.grid{stroke:#dde2e7}.line{fill:none;stroke-width:2}.dashes{stroke-dasharray:6 4}' +
  '.c0{stroke:#0b5cad;fill:#0b5cad}.c1{stroke:#b3261e;fill:#b3261e}.c2{stroke:#2e7d32;fill:#2e7d32}.c3{stroke:#8a5a00;fill:#8a5a00}.c4{stroke:#6a3fa0;fill:#6a3fa0}.line{fill:none}' +
  '@media (prefers-color-scheme:dark){text{fill:#e8ebee}.ground{fill:#14171b}.grid{stroke:#333b44}' +
  '.c0{stroke:#6cb2ff;fill:#6cb2ff}.c1{stroke:#ff8a80;fill:#ff8a80}.c2{stroke:#81c784;fill:#81c784}.c3{stroke:#e0b050;fill:#e0b050}.c4{stroke:#c4a3f5;fill:#c4a3f5}.line{fill:none}}'

export function svgOf(title: string, panels: readonly Panel[]): string {
  const whole = height * panels.length
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${whole}" role="img" aria-labelledby="t"><title id="t">${escaped(title)}</title>\n` +
    `<style>${style}</style>\n<rect class="ground" width="${width}" height="${whole}"/>\n` +
    `${panels.map((panel, at) => `<g transform="translate(0 ${at * height})">\n${panelOf(panel)}\n</g>`).join('\n')}\n</svg>\n`
  )
}

function panelOf({ title, x, y, drawn }: Panel): string {
  const across = placed(x, left, width - right)
  const up = placed(y, height - bottom, top)
  const at = ([of, value]: Point) => `${across(of)},${up(value)}`
  return [
    `<text class="title" x="${left}" y="22">${escaped(title)}</text>`,
    ...y.ticks.map(
      (tick) =>
        `<line class="grid" x1="${left}" x2="${width - right}" y1="${up(tick)}" y2="${up(tick)}"/>` +
        `<text x="${left - 8}" y="${up(tick) + 4}" text-anchor="end">${escaped(y.told(tick))}</text>`,
    ),
    ...x.ticks.map(
      (tick) =>
        `<text x="${across(tick)}" y="${height - bottom + 20}" text-anchor="middle">${escaped(x.told(tick))}</text>`,
    ),
    ...drawn.map(({ points, as }, index) =>
      as === 'dots'
        ? points
            .map((point) => `<circle class="c${index % 5}" r="4" cx="${across(point[0])}" cy="${up(point[1])}"/>`)
            .join('')
        : `<polyline class="c${index % 5} line${as === 'dashes' ? ' dashes' : ''}" points="${(as === 'steps' ? stepsOf(points) : points).map(at).join(' ')}"/>`,
    ),
    ...legend(drawn),
  ].join('\n')
}

function legend(drawn: readonly PlotSeries[]): readonly string[] {
  let from = left
  return drawn.map(({ name }, index) => {
    const x = from
    from += 26 + 6.6 * name.length
    return `<rect class="c${index % 5}" x="${x.toFixed(0)}" y="36" width="10" height="10"/><text x="${(x + 15).toFixed(0)}" y="45">${escaped(name)}</text>`
  })
}

/** What stays as it was until it changes. */
const stepsOf = (points: readonly Point[]): readonly Point[] =>
  points.flatMap((point, at): readonly Point[] => {
    const before = points[at - 1]
    return before ? [[point[0], before[1]], point] : [point]
  })

function placed({ min, max, isLog }: Axis, from: number, to: number): (value: number) => number {
  const of = (value: number) => (isLog ? Math.log(value) : value)
  return (value) => {
    const inside = Math.min(max, Math.max(min, value))
    return Math.round((from + ((of(inside) - of(min)) / (of(max) - of(min))) * (to - from)) * 10) / 10
  }
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Round ones, for a logarithmic axis of times. */
export const logTicks = (min: number, max: number): readonly number[] =>
  [0.1, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000].filter((ms) => ms >= min && ms <= max)

export const shareAxis: Axis = {
  min: 0,
  max: 1,
  ticks: [0, 0.25, 0.5, 0.75, 1],
  told: (share) => `${Math.round(share * 100)} %`,
}
