/** How many attempts come of each call, over the run and in its worst ten seconds. */
import { idsOf, type MarkJudge, minCalls, levelOf, mark, rounded, tooFew } from '../mark.ts'
const name = 'amplification'
const advice = 'Spend a budget on retries, one in five calls or so: what is overloaded gets more load by every retry.'
const windowMs = 10_000

export const amplification: MarkJudge = ({ calls, ambiguous, warn, fail }) => {
  if (calls.length < minCalls) return tooFew(name, calls.length, 'calls', advice)
  const attempts = calls.flatMap((call) => call.attempts.map(({ atMs }) => ({ atMs, call })))
  const windows = new Map<number, Map<unknown, number>>()
  for (const { atMs, call } of attempts) {
    const at = Math.floor(atMs / windowMs)
    let window = windows.get(at)
    if (!window) windows.set(at, (window = new Map<unknown, number>()))
    window.set(call, (window.get(call) ?? 0) + 1)
  }
  const whole = attempts.length / calls.length
  const full = [...windows.values()].filter((window) => window.size >= minCalls)
  const means = full.map((window) => meanOf([...window.values()]))
  const worst = means.reduce((most, one) => (one.mean > most.mean ? one : most), { mean: whole, chance: 0 })
  // A few calls that need many attempts are no storm, though one of many windows has several of them by chance.
  const sure = Math.max(whole, ...means.map(({ mean, chance }) => mean - chance))
  const most = calls.reduce((found, call) => (call.attempts.length > found.attempts.length ? call : found))
  return mark({
    name,
    level: levelOf(worst.mean > fail.amplification ? worst.mean : sure, warn.amplification, fail.amplification),
    count: attempts.length - calls.length,
    of: calls.length,
    value: rounded(worst.mean),
    threshold: warn.amplification,
    ambiguous,
    ...(most.attempts.length > 1 && { example: idsOf(most.attempts.slice(0, 12)) }),
    why:
      worst.mean === 1
        ? 'No call was tried again.'
        : `${rounded(whole)} attempts a call, ${rounded(worst.mean)} in the worst ten seconds.`,
    advice,
  })
}

/** And what chance may add to it: twice the error that a mean of so few has. */
function meanOf(counts: readonly number[]): { readonly mean: number; readonly chance: number } {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const spread = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1)
  return { mean, chance: 2 * Math.sqrt(spread / counts.length) }
}
