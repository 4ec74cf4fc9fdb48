/** How many attempts come of each call, over the run and in its worst ten seconds. */
import { idsOf, type MarkJudge, minCalls, levelOf, mark, rounded, tooFew } from '../mark.ts'
const name = 'amplification'
const advice = 'Spend a budget on retries, one in five calls or so: what is overloaded gets more load by every retry.'
const windowMs = 10_000

export const amplification: MarkJudge = ({ calls, ambiguous, warn, fail }) => {
  if (calls.length < minCalls) return tooFew(name, calls.length, 'calls', advice)
  const attempts = calls.flatMap((call) => call.attempts.map(({ atMs }) => ({ atMs, call })))
  const windows = new Map<number, { attempts: number; readonly calls: Set<unknown> }>()
  for (const { atMs, call } of attempts) {
    const at = Math.floor(atMs / windowMs)
    let window = windows.get(at)
    if (!window) windows.set(at, (window = { attempts: 0, calls: new Set() }))
    window.attempts++
    window.calls.add(call)
  }
  const whole = attempts.length / calls.length
  const full = [...windows.values()].filter((window) => window.calls.size >= minCalls)
  const worst = Math.max(whole, ...full.map((window) => window.attempts / window.calls.size))
  const most = calls.reduce((found, call) => (call.attempts.length > found.attempts.length ? call : found))
  return mark({
    name,
    level: levelOf(worst, warn.amplification, fail.amplification),
    count: attempts.length - calls.length,
    of: calls.length,
    value: rounded(worst),
    threshold: warn.amplification,
    ambiguous,
    ...(most.attempts.length > 1 && { example: idsOf(most.attempts.slice(0, 12)) }),
    why: `${rounded(whole)} attempts a call, ${rounded(worst)} in the worst ten seconds.`,
    advice,
  })
}
