/** Whether more than one layer repeats a call: its count of retries begins anew. */
import { idsOf, type MarkJudge, mark, unknown } from '../mark.ts'
const name = 'layeredRetries'
const advice =
  "Let one layer repeat: switch the SDK's retries off (maxRetries: 0) where the application or a proxy repeats, or the other way round."

export const layeredRetries: MarkJudge = ({ calls, ambiguous, fail }) => {
  const counted = calls.filter(
    ({ attempts }) => attempts.length > 1 && attempts.some(({ retryCount }) => retryCount >= 0),
  )
  if (counted.length === 0) return unknown(name, 'No client that counts its retries was seen to retry.', advice)
  const layered = counted.filter(({ attempts }) =>
    attempts.some((seen, at) => seen.retryCount === 0 && (attempts[at - 1]?.retryCount ?? 0) > 0),
  )
  const worst = layered.toSorted((one, other) => other.attempts.length - one.attempts.length)[0]
  return mark({
    name,
    level: worst ? (worst.attempts.length > fail.layeredRetries ? 'fail' : 'warn') : 'pass',
    count: layered.length,
    of: counted.length,
    ...(worst && { value: worst.attempts.length, example: idsOf(worst.attempts.slice(0, 12)) }),
    threshold: fail.layeredRetries,
    ambiguous,
    why: worst
      ? `The client counted ${worst.attempts.map(({ retryCount }) => retryCount).join(', ')}.`
      : 'One layer alone repeats.',
    advice,
  })
}
