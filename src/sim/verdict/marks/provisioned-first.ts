/** Whether what is paid for already is used first: a standard deployment beside a provisioned one with room. */
import { idsOf, type MarkJudge, minCalls, levelOf, mark, tooFew, unknown } from '../mark.ts'
import type { Sighting } from '../sighting.ts'
const name = 'provisionedFirst'
const advice =
  'Ask the provisioned deployment first, and the standard one when it answers 429; or let the service spill over.'
const roomPercent = 80

export const provisionedFirst: MarkJudge = ({ sightings, deployments, warn, fail }) => {
  const models = new Set(deployments.filter((one) => one.isProvisioned).map((one) => one.model))
  const beside = new Set(
    deployments.filter((one) => !one.isProvisioned && models.has(one.model)).map((one) => one.name),
  )
  if (beside.size === 0) return unknown(name, 'No model has both a provisioned and a standard deployment.', advice)
  const modelOf = (name: string | undefined) => deployments.find((one) => one.name === name)?.model ?? ''
  const uses = new Map<string, number>()
  let count = 0
  let of = 0
  let first: Sighting | undefined
  for (const seen of sightings) {
    const model = modelOf(seen.deployment)
    if (!models.has(model)) continue
    of++
    if (seen.isProvisioned) {
      uses.set(model, seen.status === 429 ? 100 : seen.utilization)
    } else if (beside.has(seen.deployment ?? '') && (uses.get(model) ?? 0) < roomPercent) {
      count++
      first ??= seen
    }
  }
  if (of < minCalls) return tooFew(name, of, 'requests to such models', advice)
  return mark({
    name,
    level: levelOf(count / of, warn.provisionedFirst, fail.provisionedFirst),
    count,
    of,
    threshold: warn.provisionedFirst,
    ...(first && { example: idsOf([first]) }),
    why: `${count} requests went to a standard deployment while the provisioned one was used to less than ${roomPercent} %.`,
    advice,
  })
}
