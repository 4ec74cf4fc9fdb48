/** Whether an error within a stream is noticed. */
import { idsOf, type MarkJudge, mark, unknown } from '../mark.ts'
import { hasStreamError, type Sighting } from '../sighting.ts'
const name = 'streamErrorMissed'
const advice = 'Look for an error in the events of a stream, though its status is 200, and ask again.'
const isSuch = (seen: Sighting) => hasStreamError(seen)

export const streamErrorMissed: MarkJudge = ({ calls, ambiguous }) => {
  const found = calls.filter(({ attempts, isOpen }) => attempts.some(isSuch) && !isOpen)
  if (found.length === 0) return unknown(name, 'There were no streams that told an error.', advice)
  const taken = found.filter(({ attempts }) => isSuch(attempts.at(-1) as Sighting))
  return mark({
    name,
    level: taken.length > 0 ? 'warn' : 'pass',
    count: taken.length,
    of: found.length,
    ambiguous,
    ...(taken[0] && { example: idsOf(taken[0].attempts) }),
    why: taken[0] ? 'Nothing was asked again after it.' : 'All of them were asked again.',
    advice,
  })
}
