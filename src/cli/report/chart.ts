/** A plot over the time of a run, as SVG: stacked sums or lines, with the phases behind. Colours are the page's. */
import { escaped, numberText } from './html.ts'

/** What a colour of the page stands for. */
export type Tone = 'good' | 'tokens' | 'requests' | 'other' | 'refused' | 'failed' | 'left' | 'low' | 'middle' | 'high'

export type Series = {
  readonly name: string
  readonly tone: Tone
  /** One for each moment; null where there is nothing. */
  readonly values: readonly (number | null)[]
}

export type Chart = {
  readonly title: string
  readonly unit: string
  readonly kind: 'stacked' | 'lines'
  readonly series: readonly Series[]
  /** A line across. */
  readonly limit?: { readonly name: string; readonly value: number } | undefined
}

export type TimeSpan = {
  readonly fromMs: number
  readonly momentMs: number
  readonly phases: readonly { readonly name: string; readonly fromMs: number; readonly toMs: number }[]
}

const width = 720
const height = 230
const left = 62
const right = 14
const top = 24
const bottom = 30
const plotWidth = width - left - right
const plotHeight = height - top - bottom

/** Empty where nothing was seen. */
export function chartOf(chart: Chart, times: TimeSpan): string {
  const series = chart.series.filter(({ values }) => values.some((value) => value !== null && value > 0))
  const moments = Math.max(1, ...chart.series.map(({ values }) => values.length))
  if (series.length === 0) return ''
  const tops = chart.kind === 'stacked' ? stackedTops(series, moments) : series.map(({ values }) => values)
  const highest = Math.max(...tops.flatMap((values) => values.map((value) => value ?? 0)))
  const most = niceTop(Math.max(highest, withinReach(chart.limit?.value, highest)))
  const x = (moment: number) => left + (moment / moments) * plotWidth
  const y = (value: number) => top + (1 - Math.min(value, most) / most) * plotHeight
  const body = chart.kind === 'stacked' ? areas(series, tops, x, y) : lines(series, x, y)
  return [
    `<figure><figcaption><b>${escaped(chart.title)}</b> <span class="unit">${escaped(chart.unit)}</span>`,
    `<span class="legend">${series.map((each) => legend(each)).join(' ')}${chart.limit ? ` <i class="limit"></i>${escaped(chart.limit.name)}` : ''}</span></figcaption>`,
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(told(chart, series))}">`,
    ...phaseBands(times, moments, x),
    ...[0, 0.25, 0.5, 0.75, 1].map((share) => gridLine(share * most, y(share * most))),
    ...timeTicks(times.momentMs * moments, moments * times.momentMs, x, moments),
    body,
    ...(chart.limit && chart.limit.value <= most
      ? [
          `<line class="limit" x1="${left}" x2="${width - right}" y1="${fixed(y(chart.limit.value))}" y2="${fixed(y(chart.limit.value))}"/>`,
        ]
      : []),
    '</svg></figure>',
  ].join('\n')
}

const fixed = (value: number) => value.toFixed(1)

const legend = ({ name, tone }: Series) => `<i class="${tone}"></i>${escaped(name)}`

/** For those who do not see it. */
function told({ title, unit, limit }: Chart, series: readonly Series[]): string {
  const parts = series.map(({ name, values }) => {
    const known = values.filter((value) => value !== null)
    const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length)
    return `${name}: mean ${numberText(mean)}, most ${numberText(Math.max(...known))}`
  })
  return `${title} (${unit}). ${parts.join('; ')}${limit ? `; ${limit.name}` : ''}.`
}

/** A limit that is far above all would flatten the rest. */
const withinReach = (limit: number | undefined, highest: number) =>
  limit !== undefined && limit <= 4 * highest ? limit * 1.05 : 0

function niceTop(value: number): number {
  if (value <= 0) return 1
  const scale = 10 ** Math.floor(Math.log10(value))
  return ([1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10].find((step) => step * scale >= value) ?? 10) * scale
}

/** Of each, the sum of it and all before it. */
function stackedTops(series: readonly Series[], moments: number): (readonly number[])[] {
  let below = new Array<number>(moments).fill(0)
  return series.map(({ values }) => (below = below.map((sum, moment) => sum + (values[moment] ?? 0))))
}

type Scale = (value: number) => number

function areas(series: readonly Series[], tops: readonly (readonly (number | null)[])[], x: Scale, y: Scale): string {
  return series
    .map(({ tone }, at) => {
      const upper = tops[at] ?? []
      const lower = upper.map((_, moment) => (at === 0 ? 0 : (tops[at - 1]?.[moment] ?? 0)))
      const steps = (values: readonly (number | null)[]) =>
        values.flatMap((value, moment) => [
          `${fixed(x(moment))},${fixed(y(value ?? 0))}`,
          `${fixed(x(moment + 1))},${fixed(y(value ?? 0))}`,
        ])
      return `<polygon class="${tone}" points="${[...steps(upper), ...steps(lower).reverse()].join(' ')}"/>`
    })
    .join('\n')
}

function lines(series: readonly Series[], x: Scale, y: Scale): string {
  return series
    .map(({ tone, values }) => {
      let isDown = false
      const path = values.flatMap((value, moment) => {
        if (value === null) {
          isDown = false
          return []
        }
        const isAlone = !isDown && (values[moment + 1] ?? null) === null
        const command = `${isDown ? 'L' : 'M'}${fixed(x(moment + (isAlone ? 0 : 0.5)))} ${fixed(y(value))}`
        isDown = true
        return [isAlone ? `${command}H${fixed(Math.max(x(moment) + 3, x(moment + 1)))}` : command]
      })
      return `<path class="${tone}" d="${path.join('')}"/>`
    })
    .join('\n')
}

const gridLine = (value: number, y: number) =>
  `<line class="grid" x1="${left}" x2="${width - right}" y1="${fixed(y)}" y2="${fixed(y)}"/>` +
  `<text x="${left - 8}" y="${fixed(y + 4)}" text-anchor="end">${numberText(value)}</text>`

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400]

function timeTicks(lengthMs: number, spanMs: number, x: Scale, moments: number): readonly string[] {
  const seconds = lengthMs / 1000
  const step = steps.find((each) => seconds / each <= 9) ?? Math.ceil(seconds / 9 / 86_400) * 86_400
  const ticks: string[] = []
  for (let at = 0; at <= seconds; at += step) {
    const position = x(((at * 1000) / spanMs) * moments)
    const anchor = at === 0 ? 'start' : position > width - right - 20 ? 'end' : 'middle'
    ticks.push(`<text x="${fixed(position)}" y="${height - 10}" text-anchor="${anchor}">${clockText(at)}</text>`)
  }
  return ticks
}

/** Since the beginning: `1:30`, `2:15:00`. */
function clockText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

function phaseBands({ fromMs, momentMs, phases }: TimeSpan, moments: number, x: Scale): readonly string[] {
  return phases.map(({ name, fromMs: start, toMs }, at) => {
    const place = (ms: number) => x(Math.min(moments, Math.max(0, (ms - fromMs) / momentMs)))
    const next = phases[at + 1]
    const [begin, end] = [place(start), place(next ? next.fromMs : toMs)]
    const shown = Math.floor((end - begin) / 6.5)
    const label = name.length <= shown ? name : shown > 3 ? `${name.slice(0, shown - 1)}…` : ''
    return (
      `<rect class="phase${at % 2}" x="${fixed(begin)}" y="${top - 18}" width="${fixed(Math.max(1, end - begin))}" height="${plotHeight + 18}"><title>${escaped(name)}</title></rect>` +
      `<text class="phase" x="${fixed(begin + 4)}" y="${top - 6}">${escaped(label)}</text>`
    )
  })
}
