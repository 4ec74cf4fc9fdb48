/** How often one call is tried. */
import { idsOf, type MarkJudge, levelOf, mark, unknown } from '../mark.ts'
const name = 'retryStorm'
const advice = 'Bound the attempts of a call: two to five, and let one layer alone repeat it.'

export const retryStorm: MarkJudge = ({ calls, ambiguous, warn, fail }) => {
  if (calls.length === 0) return unknown(name, 'There were no calls.', advice)
  const worst = calls.reduce((most, call) => (call.attempts.length > most.attempts.length ? call : most))
  const value = worst.attempts.length
  return mark({
    name,
    level: levelOf(value, warn.retryStorm, fail.retryStorm),
    count: calls.filter(({ attempts }) => attempts.length > warn.retryStorm).length,
    of: calls.length,
    value,
    threshold: warn.retryStorm,
    ambiguous,
    ...(value > 1 && { example: idsOf(worst.attempts.slice(0, 12)) }),
    why: value === 1 ? 'No call was tried again.' : `At most ${value} attempts were made of one call.`,
    advice,
  })
}
