/** Whether calls end with a failure that would have passed. A stream that was cut is held against another mark. */
import { idsOf, type MarkJudge, minCalls, levelOf, mark, tooFew } from '../mark.ts'
import { isCut } from '../sighting.ts'
const name = 'givesUp'
const advice = 'Try again after 408, 429 and 5xx, two to five times, and as long as the caller can wait.'

export const givesUp: MarkJudge = ({ calls, ambiguous, warn, fail }) => {
  const ended = calls.filter(({ isOpen }) => !isOpen)
  if (ended.length < minCalls) return tooFew(name, ended.length, 'calls', advice)
  const given = ended.filter(({ attempts }) => {
    const last = attempts.at(-1)
    return last !== undefined && (last.status === 408 || last.status === 429 || last.status >= 500) && !isCut(last)
  })
  return mark({
    name,
    level: levelOf(given.length / ended.length, warn.givesUp, fail.givesUp),
    count: given.length,
    of: ended.length,
    threshold: warn.givesUp,
    ambiguous: ambiguous + calls.length - ended.length,
    ...(given[0] && { example: idsOf(given[0].attempts) }),
    why: given[0]
      ? `The last answer was ${given[0].attempts.at(-1)?.status ?? 0}, and nothing came after it.`
      : 'All calls came to an end of their own.',
    advice,
  })
}
