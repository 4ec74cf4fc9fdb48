/** Whether streams are left before their end, and what was made for nobody. */
import { idsOf, type MarkJudge, minCalls, levelOf, mark, tooFew } from '../mark.ts'
import { isAbandoned } from '../sighting.ts'
const name = 'abandonedStreams'
const advice =
  'Read streams to their end, or ask for fewer tokens: what is made after a client has left is paid for all the same.'

export const abandonedStreams: MarkJudge = ({ sightings, warn, fail }) => {
  const streams = sightings.filter((seen) => seen.isStream && (seen.status < 400 || seen.status === 499))
  if (streams.length < minCalls) return tooFew(name, streams.length, 'streams', advice)
  const left = streams.filter(isAbandoned)
  const lost = left.reduce((sum, { completionTokens, sentTokens }) => {
    const unsent = completionTokens - sentTokens
    return sum + (unsent > 0 ? unsent : 0)
  }, 0)
  return mark({
    name,
    level: levelOf(left.length / streams.length, warn.abandonedStreams, fail.abandonedStreams),
    count: left.length,
    of: streams.length,
    value: lost,
    threshold: warn.abandonedStreams,
    ...(left[0] && { example: idsOf([left[0]]) }),
    why: left[0] ? `${lost} tokens had not been read when their clients left.` : 'All streams were read to their end.',
    advice,
  })
}
