/** Whether a stream that broke off is taken for a whole one. */
import { idsOf, type MarkJudge, mark, unknown } from '../mark.ts'
import { isCut, type Sighting } from '../sighting.ts'
const name = 'cutStreamAccepted'
const advice =
  'A stream is whole when [DONE], response.completed or message_stop has come: take anything else as a failure, and ask again.'
const isSuch = (seen: Sighting) => seen.isStream && isCut(seen)

export const cutStreamAccepted: MarkJudge = ({ calls, ambiguous }) => {
  const found = calls.filter(({ attempts, isOpen }) => attempts.some(isSuch) && !isOpen)
  if (found.length === 0) return unknown(name, 'There were no streams that broke off.', advice)
  const taken = found.filter(({ attempts }) => isSuch(attempts.at(-1) as Sighting))
  return mark({
    name,
    level: taken.length > 0 ? 'fail' : 'pass',
    count: taken.length,
    of: found.length,
    ambiguous,
    ...(taken[0] && { example: idsOf(taken[0].attempts) }),
    why: taken[0] ? 'Nothing was asked again after it.' : 'All of them were asked again.',
    advice,
  })
}
