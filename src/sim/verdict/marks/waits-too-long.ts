/** Whether a client waits for much longer than it was asked to. */
import { idsOf, type MarkJudge, levelOf, mark, pairsOf, rounded, unknown } from '../mark.ts'
const name = 'waitsTooLong'
const advice = 'Come back soon after the wait that was asked for, instead of by a back-off of your own.'
/** Shorter waits are no measure: a timer of any client is longer. */
const minWaitMs = 1_000

export const waitsTooLong: MarkJudge = ({ calls, ambiguous, warn, fail }) => {
  const asked = pairsOf(calls).filter(({ last }) => last.waitMs >= 0)
  if (asked.length === 0) return unknown(name, 'No attempt followed one that was told to wait.', advice)
  const timesOf = ({ last, gapMs }: (typeof asked)[number]) => gapMs / Math.max(minWaitMs, last.waitMs)
  const worst = asked.toSorted((one, other) => timesOf(other) - timesOf(one))[0] as (typeof asked)[number]
  const value = rounded(timesOf(worst))
  return mark({
    name,
    level: levelOf(value, warn.waitsTooLong, fail.waitsTooLong),
    count: asked.filter((pair) => timesOf(pair) > warn.waitsTooLong).length,
    of: asked.length,
    value,
    threshold: warn.waitsTooLong,
    ambiguous,
    example: idsOf([worst.last, worst.next]),
    why: `The longest was ${value} times as long as asked, of waits of a second or more.`,
    advice,
  })
}
