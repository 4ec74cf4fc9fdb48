/** Whether requests say who sends them. It is told, and held against nobody. */
import { idsOf, type MarkJudge, mark, unknown } from '../mark.ts'
const name = 'identifiesItself'
const advice = 'Send a user-agent of your own and x-ms-client-request-id: support finds a request by them.'

export const identifiesItself: MarkJudge = ({ sightings }) => {
  if (sightings.length === 0) return unknown(name, 'There were no requests.', advice)
  const nameless = sightings.filter(({ agent }) => agent === undefined)
  const withoutId = sightings.filter(({ clientHash }) => Number.isNaN(clientHash)).length
  return mark({
    name,
    level: 'pass',
    count: nameless.length,
    of: sightings.length,
    ...(nameless[0] && { example: idsOf([nameless[0]]) }),
    why: `${nameless.length} requests had no user-agent, ${withoutId} no x-ms-client-request-id.`,
    advice,
  })
}
