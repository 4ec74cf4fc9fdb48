/** A line chart over time that grows on the right. */
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

export type ChartLine = {
  readonly label: string
  /** Name of a colour of the style sheet: `--ok`. */
  readonly color: string
  readonly values: readonly (number | null)[]
  readonly isDashed?: boolean
  readonly isFilled?: boolean
  /** Drawn on where nothing was measured. */
  readonly spansGaps?: boolean
}

type Props = {
  readonly title: string
  readonly unit: string
  /** Milliseconds since the Unix epoch. */
  readonly atMs: readonly number[]
  readonly lines: readonly ChartLine[]
  readonly format: (value: number) => string
  /** What lies between each two lines is filled. */
  readonly hasBands?: boolean
}

const heightPx = 180

export function LineChart({ title, unit, atMs, lines, format, hasBands = false }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const shape = lines.map(({ label }) => label).join()

  useEffect(() => {
    const element = place.current
    if (!element) return
    const draw = () => {
      plot.current?.destroy()
      plot.current = new uPlot(options(element, lines, { format, hasBands }), dataOf(atMs, lines), element)
    }
    draw()
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: heightPx }))
    resized.observe(element)
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', draw)
    return () => {
      resized.disconnect()
      scheme.removeEventListener('change', draw)
      plot.current?.destroy()
      plot.current = undefined
    }
  }, [shape])

  useEffect(() => plot.current?.setData(dataOf(atMs, lines)), [atMs, lines])

  const latest = lines.map(({ label, values }) => `${label} ${latestOf(values, format)}`).join(', ')
  return (
    <figure class="chart">
      <figcaption>
        {title} <span class="unit">{unit}</span>
      </figcaption>
      <div ref={place} role="img" aria-label={`${title}, ${unit}. Latest: ${latest}`} />
      <ul class="legend">
        {lines.map(({ label, color, isDashed, values }) => (
          <li key={label}>
            <i class={`swatch ${color.slice(2)} ${isDashed ? 'dashed' : ''}`} />
            {label} <b>{latestOf(values, format)}</b>
          </li>
        ))}
      </ul>
    </figure>
  )
}

/** The latest that was measured in the last ten seconds. */
function latestOf(values: ChartLine['values'], format: Props['format']): string {
  const value = values.slice(-10).findLast((one) => one !== null)
  return value === undefined ? '–' : format(value)
}

/** Where nobody was told of some seconds there is a gap, and no line that says what nobody knows. */
function dataOf(atMs: readonly number[], lines: readonly ChartLine[]): uPlot.AlignedData {
  const gaps = atMs.flatMap((ms, at) => (at > 0 && ms - (atMs[at - 1] ?? ms) > gapMs ? [at] : []))
  const withGaps = <T,>(values: readonly T[], between: (at: number) => T): T[] =>
    gaps.length === 0
      ? [...values]
      : values.flatMap((value, at) => (gaps.includes(at) ? [between(at), value] : [value]))
  return [
    withGaps(atMs, (at) => (atMs[at - 1] ?? 0) + 1_000).map((ms) => ms / 1_000),
    ...lines.map(({ values }) => withGaps<number | null>(values, () => null)),
  ]
}

const gapMs = 5_000

/** Places that have a value, and none on either side. */
const aloneIn = (values: ArrayLike<number | null | undefined>): number[] =>
  Array.from({ length: values.length }, (_, at) => at).filter(
    (at) => values[at] != null && values[at - 1] == null && values[at + 1] == null,
  )

/** Between two times on the axis. */
const stepsSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600]

/** Whole ones: 2.5 requests would be told as 3. */
const stepsOfValues = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat()

const timeLabel = (atSeconds: number, stepSeconds: number) =>
  new Date(atSeconds * 1_000).toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit',
    ...(stepSeconds < 60 && { second: '2-digit' }),
    hourCycle: 'h23',
  })

type Drawing = { readonly format: Props['format']; readonly hasBands: boolean }

function options(element: HTMLElement, lines: readonly ChartLine[], { format, hasBands }: Drawing): uPlot.Options {
  const style = getComputedStyle(element)
  const color = (name: string) => style.getPropertyValue(name).trim()
  const axis: uPlot.Axis = {
    stroke: color('--faint'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: element.clientWidth || 300,
    height: heightPx,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 28, 0, 0],
    // A minute at least, so that the first seconds are not drawn wide.
    scales: {
      x: { range: (_, min, max) => [Math.min(min, max - 60), max] },
      // Four at least, so that each line of the grid has a number of its own.
      y: { range: (_, __, max) => [0, Math.max(4, max * 1.1)] },
    },
    axes: [
      {
        ...axis,
        values: (...[, splits, , , stepSeconds]) => splits.map((at) => timeLabel(at, stepSeconds)),
        incrs: stepsSeconds,
        space: 70,
        size: 28,
      },
      { ...axis, values: (_, splits) => splits.map(format), incrs: stepsOfValues, size: 64 },
    ],
    ...(hasBands && {
      bands: lines.slice(1).map(({ color: name }, at) => ({
        series: [at + 2, at + 1] as [number, number],
        fill: `color-mix(in srgb, ${color(name)} 16%, transparent)`,
      })),
    }),
    series: [
      {},
      ...lines.map(({ label, color: name, isDashed, isFilled, spansGaps }): uPlot.Series => ({
        label,
        stroke: color(name),
        width: 2,
        // A second alone would be a line without a length.
        points: { show: true, size: 4, filter: (plot, at) => aloneIn(plot.data[at] ?? []) },
        spanGaps: spansGaps ?? false,
        ...(isDashed && { dash: [6, 4] }),
        ...(isFilled && { fill: `color-mix(in srgb, ${color(name)} 18%, transparent)` }),
      })),
    ],
  }
}
