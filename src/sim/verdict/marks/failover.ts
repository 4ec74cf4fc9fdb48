/** Whether another deployment of the same model is asked where one refuses. */
import { idsOf, type MarkJudge, levelOf, mark, rounded, unknown } from '../mark.ts'
import type { Sighting } from '../sighting.ts'
const name = 'failover'
const advice =
  'Ask another deployment of the model when one answers 429 or 503, and come back to the first after its wait.'

export const failover: MarkJudge = ({ sightings, deployments, fail }) => {
  const siblings = (of: string | undefined) => {
    const own = deployments.find((one) => one.name === of)
    return deployments.filter((one) => own && one.model === own.model && one.name !== own.name).map((one) => one.name)
  }
  const refused = sightings.filter(
    ({ status, deployment }) => (status === 429 || status === 503) && siblings(deployment).length > 0,
  )
  if (refused.length === 0)
    return unknown(name, 'No deployment that has another of its model refused anything.', advice)
  let worstSeconds = 0
  let worst: readonly Sighting[] = []
  let fastestMs = Infinity
  for (const deployment of new Set(refused.map((seen) => seen.deployment))) {
    const others = siblings(deployment)
    const asked = sightings.filter((seen) => seen.deployment !== undefined && others.includes(seen.deployment))
    let since: Sighting | undefined
    for (const seen of refused.filter((each) => each.deployment === deployment)) {
      const before = since
      if (before && asked.some(({ atMs }) => atMs >= before.atMs && atMs <= seen.atMs)) since = undefined
      since ??= seen
      const next = asked.find(({ atMs }) => atMs >= seen.endedAtMs)
      if (next) fastestMs = Math.min(fastestMs, next.atMs - seen.endedAtMs)
      const seconds = (seen.atMs - since.atMs) / 1000
      if (seconds > worstSeconds) [worstSeconds, worst] = [seconds, [since, seen]]
    }
  }
  return mark({
    name,
    level: levelOf(worstSeconds, undefined, fail.failover),
    count: refused.length,
    of: sightings.length,
    value: rounded(worstSeconds),
    threshold: fail.failover,
    ...(worst.length > 0 && { example: idsOf(worst) }),
    why: `A deployment refused for ${rounded(worstSeconds)} s while none of its others was asked${
      fastestMs < Infinity ? `; the fastest change took ${Math.round(fastestMs)} ms` : ''
    }.`,
    advice,
  })
}
