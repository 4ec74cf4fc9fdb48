/** A run as one page of HTML that asks for nothing else. */
import type { CapacityReport, Mark, RunReport } from '../../sim/index.ts'
import { differencesBetweenRuns } from './differences.ts'
import { quantilesAcross } from './figures.ts'
import { escaped, lengthText, msText, numberText, plural, shareText } from './html.ts'
import { plotsOf } from './plots.ts'
import type { ResourceRun, Run } from './run.ts'
import { style } from './style.ts'
import { lengthOf, summaryOf, sumOf, titleOf, verdictText } from './words.ts'

export function reportPage(run: Run, baseline?: Run): string {
  const isOne = run.resources.length === 1
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What the run came to</title>
<style>${style}</style>
</head>
<body>
<header><h1>What the run came to</h1></header>
<main>
${run.resources.map((each) => section(each, { isOne, address: run.address, baseline })).join('\n')}
</main>
</body>
</html>
`
}

type Around = { readonly isOne: boolean; readonly address: string; readonly baseline: Run | undefined }

function section(run: ResourceRun, { isOne, address, baseline }: Around): string {
  const { report, verdict, capacity } = run
  const [first = '', ...causes] = summaryOf(report)
  const bad = verdict.marks.filter(({ level }) => level === 'fail' || level === 'warn')
  const sorted = bad.toSorted((one, other) => Number(other.level === 'fail') - Number(one.level === 'fail'))
  return [
    `<section><h2>${isOne ? 'In short' : `Resource ${escaped(report.resource)}`}</h2>`,
    `<p class="dim">${escaped(address)}${when(report)}</p>`,
    `<p>${escaped(first)} ${causes.map((cause) => `<b>${escaped(cause)}</b>`).join(' ')}</p>`,
    `<p class="banner ${verdict.level}">${escaped(verdictText(verdict))}</p>`,
    tiles(report),
    sorted.length === 0
      ? ''
      : `<h3>What to change in the client</h3><ol class="marks">${sorted.map(markItem).join('')}</ol>`,
    quietMarks(verdict.marks),
    `<h3>How it went</h3>${phasesText(report)}<div class="plots">${plotsOf(report).join('\n')}</div>`,
    baseline ? `<h3>Against the earlier run</h3>${differencesBetweenRuns(run, baseline)}` : '',
    errorsTable(report),
    capacityTable(capacity, report),
    settingsTables(report),
    '</section>',
  ].join('\n')
}

const localTime = (ms: number) => new Date(ms).toLocaleString('en-GB', { timeZoneName: 'short' })

const when = (report: RunReport) =>
  report.fromMs === undefined
    ? ''
    : `, from ${escaped(localTime(report.fromMs))} on, ${lengthText(lengthOf(report))}; the plots tell minutes and seconds since then, ${lengthText(report.momentMs)} a step`

function tiles(report: RunReport): string {
  const requests = sumOf(report, ({ totals }) => totals.requests)
  const limited = sumOf(
    report,
    ({ totals }) => totals.limitedByTokens + totals.limitedByRequests + totals.limitedOtherwise,
  )
  const spilled = sumOf(report, ({ totals }) => totals.spilled)
  const [first, total] = [quantilesAcross(report, 'firstByteMs'), quantilesAcross(report, 'totalMs')]
  const share = (count: number) => (requests === 0 ? '–' : shareText(count / requests))
  const all = [
    [numberText(requests), 'requests'],
    [share(sumOf(report, ({ totals }) => totals.ok)), 'answered'],
    [share(limited), 'refused with 429'],
    [share(sumOf(report, ({ totals }) => totals.failed)), 'failed (5xx)'],
    [numberText(sumOf(report, ({ totals }) => totals.promptTokens)), 'tokens of prompts'],
    [numberText(sumOf(report, ({ totals }) => totals.completionTokens)), 'tokens of answers'],
    ...(first ? [[msText(first.p50), `to the first byte; 95 % within ${msText(first.p95)}`]] : []),
    ...(total ? [[msText(total.p50), `to the end; 95 % within ${msText(total.p95)}`]] : []),
    [numberText(Math.max(0, ...report.inFlight)), 'requests at once, at most'],
    ...(spilled > 0 ? [[numberText(spilled), 'spilled over']] : []),
  ]
  return `<div class="tiles">${all.map(([value = '', name = '']) => `<div><b>${value}</b><span>${name}</span></div>`).join('')}</div>`
}

function markItem(mark: Mark): string {
  const { level, count, of, why, advice, example } = mark
  const seen = of === 0 ? '' : ` <span class="dim">${numberText(count)} of ${numberText(of)}</span>`
  const ids = example?.length
    ? `<br><span class="dim">Example, by the ids of requests: <code>${escaped(example.slice(0, 3).join(', '))}</code>${example.length > 3 ? ` and ${example.length - 3} more` : ''}</span>`
    : ''
  return (
    `<li class="${level}"><b class="level">${level === 'fail' ? 'wrong' : 'might be better'}</b><b>${escaped(titleOf(mark))}</b>${seen}` +
    `<br>${escaped(why)}<br>→ ${escaped(advice)}${ids}</li>`
  )
}

function quietMarks(marks: readonly Mark[]): string {
  const rows = (level: Mark['level']) =>
    marks
      .filter((mark) => mark.level === level)
      .map((mark) => `<tr><th scope="row">${escaped(titleOf(mark))}</th><td>${escaped(mark.why)}</td></tr>`)
  const table = (title: string, found: readonly string[]) =>
    found.length === 0
      ? ''
      : `<details><summary>${title}</summary><div class="wide" tabindex="0"><table><tbody>${found.join('')}</tbody></table></div></details>`
  const [passed, unknown] = [rows('pass'), rows('unknown')]
  return (
    table(`${plural(passed.length, 'thing')} that it does well`, passed) +
    table(`${plural(unknown.length, 'thing')} of which nothing is known`, unknown)
  )
}

function phasesText({ phases }: RunReport): string {
  if (phases.length === 0) return ''
  const each = phases.map(
    ({ name, fromMs, toMs }, at) =>
      `${escaped(name)} (${lengthText(Math.max(1000, (phases[at + 1]?.fromMs ?? toMs) - fromMs))})`,
  )
  return `<p>Phases of the timeline, as bands behind the plots: ${each.join(', ')}.</p>`
}

function errorsTable({ errors }: RunReport): string {
  if (errors.length === 0) return ''
  const rows = errors
    .slice(0, 12)
    .map(
      ({ status, code, message = '', rule, count, example }) =>
        `<tr><td>${numberText(count)}</td><td>${status}${code !== undefined && code !== String(status) ? ` ${escaped(code)}` : ''}</td><td>${escaped(message)}${rule === undefined ? '' : ` <span class="dim">by the rule “${escaped(rule)}”</span>`}</td><td><code>${escaped(example)}</code></td></tr>`,
    )
  return `<h3>What clients were told is wrong</h3><div class="wide" tabindex="0"><table><thead><tr><th scope="col">Times</th><th scope="col">Status</th><th scope="col">Words</th><th scope="col">Id of the latest</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function capacityTable({ deployments }: CapacityReport, report: RunReport): string {
  if (deployments.length === 0) return ''
  const kept = deployments.reduce((sum, { requests }) => sum + requests, 0)
  const answered = sumOf(report, ({ totals }) => totals.ok)
  const known =
    kept < answered
      ? `This is of the last ${numberText(kept)} answered requests of ${numberText(answered)}: the journal keeps no more (<code>journal.size</code>).`
      : 'What was refused is not in it.'
  const rows = deployments.map(({ deployment, model, requests, standard, provisioned }) => {
    const units = provisioned
      .map(
        ({ sku, forPeakMinute, withoutRefusals }) =>
          `${escaped(sku)}: ${numberText(forPeakMinute.ptu)} PTU for the peak minute, ${numberText(withoutRefusals.ptu)} for no 429 at all`,
      )
      .join('<br>')
    return `<tr><th scope="row">${escaped(deployment)} <span class="dim">${escaped(model)}</span></th><td>${numberText(requests)}</td><td>${numberText(standard.tokensPerMinute)} tokens, ${numberText(standard.requestsPerMinute)} requests per minute</td><td>${units || 'not to be had'}</td></tr>`
  })
  return `<h3>What the answered requests would have needed</h3><p class="dim">${known}</p><div class="wide" tabindex="0"><table><thead><tr><th scope="col">Deployment</th><th scope="col">Requests</th><th scope="col">Standard</th><th scope="col">Provisioned</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function settingsTables({ settings }: RunReport): string {
  const table = (list: RunReport['settings']) =>
    `<div class="wide" tabindex="0"><table><thead><tr><th scope="col">Setting</th><th scope="col">Value</th><th scope="col">From</th></tr></thead><tbody>${list.map(({ setting, value, from }) => `<tr><th scope="row"><code>${escaped(setting)}</code></th><td>${escaped(value)}</td><td>${escaped(from)}</td></tr>`).join('')}</tbody></table></div>`
  const given = settings.filter(({ from }) => from !== 'default')
  const rest = settings.filter(({ from }) => from === 'default')
  return `<h3>Settings</h3>${given.length === 0 ? '<p>All are the defaults.</p>' : table(given)}<details><summary>${plural(rest.length, 'setting')} at ${rest.length === 1 ? 'its' : 'their'} default</summary>${table(rest)}</details>`
}
