/** The verdict as JUnit XML, for CI, and as a page of HTML that asks for nothing else. */
import type { Mark, Verdict } from '../sim/index.ts'
import { escaped } from './report/html.ts'

/** Marks that fail are failures, those of which nothing is known are skipped. */
export function junitOf({ marks }: Verdict, failsOn: 'fail' | 'warn'): string {
  const fails = ({ level }: Mark) => level === 'fail' || (failsOn === 'warn' && level === 'warn')
  const cases = marks.map((mark) => {
    const { name, level, why, advice, example = [] } = mark
    const text = [why, advice, ...(example.length > 0 ? [`Example: ${example.join(', ')}`] : [])].join('\n')
    const inside = fails(mark)
      ? `<failure type="${level}" message="${escaped(why)}">${escaped(text)}</failure>`
      : level === 'unknown'
        ? `<skipped message="${escaped(why)}"/>`
        : level === 'warn'
          ? `<system-out>${escaped(text)}</system-out>`
          : ''
    return `    <testcase classname="verdict" name="${escaped(name)}">${inside}</testcase>`
  })
  const count = (wanted: (mark: Mark) => boolean) => marks.filter(wanted).length
  const sums = `tests="${marks.length}" failures="${count(fails)}"`
  const skipped = count(({ level }) => level === 'unknown')
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${sums}>`,
    `  <testsuite name="aoai-sim verdict" ${sums} skipped="${skipped}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

export function htmlOf({ level, marks, calls, attempts, ambiguous, since, until }: Verdict): string {
  const rows = marks.map(
    (mark) =>
      `<tr class="${mark.level}"><th scope="row">${escaped(mark.name)}</th><td>${mark.level}</td><td>${mark.count} of ${mark.of}</td>` +
      `<td>${escaped(mark.why)}${mark.level === 'pass' || mark.level === 'unknown' ? '' : `<br><b>${escaped(mark.advice)}</b>`}` +
      `${mark.example ? `<br><code>${escaped(mark.example.join(' '))}</code>` : ''}</td></tr>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Verdict: ${level}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-bottom: 1px solid #8884 }
.fail td:nth-child(2) { color: #b3261e; font-weight: 700 }
.warn td:nth-child(2) { color: #8a5a00; font-weight: 700 }
.pass td:nth-child(2) { color: #1b6e3c }
.unknown { opacity: .7 }
@media (prefers-color-scheme: dark) {
  .fail td:nth-child(2) { color: #ff8a80 } .warn td:nth-child(2) { color: #ffcc66 } .pass td:nth-child(2) { color: #7ddc9c }
}
</style>
<h1>Verdict: ${level}</h1>
<p>${calls} calls, ${attempts} attempts, ${ambiguous} calls not judged as it is not clear what belongs together; ${escaped(since ?? '')} to ${escaped(until)}.</p>
<table>
<thead><tr><th scope="col">Mark</th><th scope="col">Level</th><th scope="col">Seen</th><th scope="col">Why, and what to change</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</html>
`
}
