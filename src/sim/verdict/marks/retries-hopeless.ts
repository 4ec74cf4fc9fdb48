/** Whether what cannot succeed is tried again. */
import { idsOf, type MarkJudge, mark, pairsOf, unknown } from '../mark.ts'
import { isHopeless } from '../sighting.ts'
const name = 'retriesHopeless'
const advice =
  'Do not repeat what was refused with 400, 401, 403, 404, 413 or 422: change the request, or tell the user.'

export const retriesHopeless: MarkJudge = ({ calls, ambiguous }) => {
  const refused = calls.flatMap(({ attempts }) => attempts.filter(isHopeless))
  if (refused.length === 0) return unknown(name, 'Nothing was refused for good.', advice)
  const again = pairsOf(calls).filter(({ last }) => isHopeless(last))
  const [first] = again
  return mark({
    name,
    level: first ? 'fail' : 'pass',
    count: again.length,
    of: refused.length,
    ambiguous,
    ...(first && { example: idsOf([first.last, first.next]) }),
    why: first ? `After ${first.last.status} the same was asked again.` : 'What was refused was not asked again.',
    advice,
  })
}
