/** What is other than in an earlier run. */
import type { RunReport } from '../../sim/index.ts'
import { escaped, lengthText, msText, numberText, shareText } from './html.ts'
import type { ResourceRun, Run } from './run.ts'
import { lengthOf, sumOf, titleOf } from './words.ts'
import { quantilesAcross } from './figures.ts'

type Figure = {
  readonly name: string
  readonly of: (report: RunReport) => number | undefined
  readonly text: (value: number) => string
  /** Whether more of it is worse, better, or neither. */
  readonly more?: 'worse' | 'better'
}

const requestsOf = (report: RunReport) => sumOf(report, ({ totals }) => totals.requests)

/** `undefined` where nothing was asked. */
const shareOf = (value: (totals: RunReport['rows'][number]['totals']) => number) => (report: RunReport) => {
  const requests = requestsOf(report)
  return requests === 0 ? undefined : sumOf(report, ({ totals }) => value(totals)) / requests
}

const figures: readonly Figure[] = [
  { name: 'Length', of: lengthOf, text: lengthText },
  { name: 'Requests', of: requestsOf, text: numberText },
  { name: 'Answered', of: shareOf(({ ok }) => ok), text: shareText, more: 'better' },
  {
    name: 'Refused with 429',
    of: shareOf((totals) => totals.limitedByTokens + totals.limitedByRequests + totals.limitedOtherwise),
    text: shareText,
    more: 'worse',
  },
  { name: 'Failed (5xx)', of: shareOf(({ failed }) => failed), text: shareText, more: 'worse' },
  { name: 'Left by the client', of: shareOf(({ left }) => left), text: shareText, more: 'worse' },
  {
    name: 'Tokens a minute',
    of: (report) =>
      lengthOf(report) === 0
        ? undefined
        : (60_000 * sumOf(report, ({ totals }) => totals.promptTokens + totals.completionTokens)) / lengthOf(report),
    text: numberText,
  },
  { name: 'First byte, p50', of: (report) => quantilesAcross(report, 'firstByteMs')?.p50, text: msText, more: 'worse' },
  { name: 'First byte, p95', of: (report) => quantilesAcross(report, 'firstByteMs')?.p95, text: msText, more: 'worse' },
  { name: 'To the end, p50', of: (report) => quantilesAcross(report, 'totalMs')?.p50, text: msText, more: 'worse' },
  { name: 'To the end, p95', of: (report) => quantilesAcross(report, 'totalMs')?.p95, text: msText, more: 'worse' },
  { name: 'Requests at once, at most', of: ({ inFlight }) => Math.max(0, ...inFlight), text: numberText },
]

export function differencesBetweenRuns(run: ResourceRun, baseline: Run): string {
  const before = baseline.resources.find(({ report }) => report.resource === run.report.resource)
  if (!before) return `<p>The earlier run has no resource ${escaped(run.report.resource)}.</p>`
  const settings = settingsThatDiffer(before.report, run.report)
  return [
    `<p>The earlier run is of ${escaped(new Date(before.report.fromMs ?? before.report.nowMs).toLocaleString('en-GB'))}.</p>`,
    '<div class="wide" tabindex="0"><table><thead><tr><th scope="col">Figure</th><th scope="col">Earlier</th><th scope="col">This run</th><th scope="col">Change</th></tr></thead><tbody>',
    ...figures.map((figure) => figureRow(figure, before.report, run.report)),
    ...marksThatDiffer(before, run),
    '</tbody></table></div>',
    settings.length === 0
      ? '<p>All settings are the same.</p>'
      : `<h4>Settings that are other</h4><div class="wide" tabindex="0"><table><tbody>${settings.join('')}</tbody></table></div>`,
  ].join('\n')
}

function figureRow({ name, of, text, more }: Figure, before: RunReport, after: RunReport): string {
  const [one, other] = [of(before), of(after)]
  const shown = (value: number | undefined) => (value === undefined ? '–' : text(value))
  return `<tr><th scope="row">${name}</th><td>${shown(one)}</td><td>${shown(other)}</td>${changeCell(one, other, more)}</tr>`
}

/** Less than a twentieth is no change. */
const noticeable = 0.05
/** Of all requests: one in two hundred may be chance. */
const minShare = 0.005

function changeCell(one: number | undefined, other: number | undefined, more: Figure['more']): string {
  if (one === undefined || other === undefined) return '<td>–</td>'
  if (one === other) return '<td>same</td>'
  const change = one === 0 ? Infinity : other / one - 1
  const text = change === Infinity ? 'new' : `${change > 0 ? '+' : '−'}${shareText(Math.abs(change))}`
  if (more === undefined || Math.abs(change) < noticeable || (other < 1 && Math.abs(other - one) < minShare))
    return `<td>${text}</td>`
  const isWorse = change > 0 === (more === 'worse')
  return `<td class="${isWorse ? 'fail' : 'pass'}">${text}, ${isWorse ? 'worse' : 'better'}</td>`
}

const ranks = { pass: 0, unknown: 0, warn: 1, fail: 2 } as const

function marksThatDiffer(before: ResourceRun, after: ResourceRun): readonly string[] {
  return after.verdict.marks.flatMap((mark) => {
    const level = before.verdict.marks.find(({ name }) => name === mark.name)?.level
    if (level === undefined || level === mark.level) return []
    const change = ranks[mark.level] - ranks[level]
    const text = change === 0 ? '' : change > 0 ? 'worse' : 'better'
    return [
      `<tr><th scope="row">${escaped(titleOf(mark))}</th><td>${level}</td><td>${mark.level}</td><td class="${change > 0 ? 'fail' : change < 0 ? 'pass' : ''}">${text}</td></tr>`,
    ]
  })
}

function settingsThatDiffer(before: RunReport, after: RunReport): readonly string[] {
  const earlier = new Map(before.settings.map(({ setting, value }) => [setting, value]))
  const now = new Map(after.settings.map(({ setting, value }) => [setting, value]))
  return [...new Set([...now.keys(), ...earlier.keys()])].flatMap((setting) => {
    const [one, other] = [earlier.get(setting), now.get(setting)]
    if (one === other) return []
    return [
      `<tr><th scope="row"><code>${escaped(setting)}</code></th><td>${escaped(one ?? 'not set')}</td><td>${escaped(other ?? 'not set')}</td></tr>`,
    ]
  })
}
