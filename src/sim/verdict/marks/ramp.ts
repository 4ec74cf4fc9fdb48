/** How fast the load grows from one minute to the next. */
import { type MarkJudge, minCalls, levelOf, mark, rounded, unknown } from '../mark.ts'
const name = 'ramp'
const advice =
  'Let the load grow by less than twofold a minute: the service scales over minutes, and refuses what comes faster.'
const minuteMs = 60_000

export const ramp: MarkJudge = ({ calls, warn }) => {
  const first = Math.min(...calls.map(({ attempts }) => attempts[0]?.atMs ?? Infinity))
  const counts: (number | undefined)[] = []
  for (const { attempts } of calls) {
    const minute = Math.floor(((attempts[0]?.atMs ?? first) - first) / minuteMs)
    counts[minute] = (counts[minute] ?? 0) + 1
  }
  const growths = Array.from(counts, (count, minute) => (count ?? 0) / (counts[minute - 1] ?? Infinity)).filter(
    (_, minute) => minute > 0 && (counts[minute - 1] ?? 0) >= minCalls,
  )
  if (growths.length === 0) return unknown(name, `No minute of ${minCalls} calls was followed by another one.`, advice)
  const value = rounded(Math.max(...growths))
  return mark({
    name,
    level: levelOf(value, warn.ramp, undefined),
    count: growths.filter((growth) => growth > warn.ramp).length,
    of: growths.length,
    value,
    threshold: warn.ramp,
    why: `From one minute to the next the calls grew to ${value} times at most.`,
    advice,
  })
}
