/** How long a client waits for an answer that has fallen silent. */
import { idsOf, type MarkJudge, levelOf, mark, rounded, unknown } from '../mark.ts'
import type { Sighting } from '../sighting.ts'
const name = 'noReadTimeout'
const advice =
  'Set a time-out for the silence between two parts of an answer, a minute or so, beside the one for the whole.'

export const noReadTimeout: MarkJudge = ({ sightings, warn, fail }) => {
  const stalled = sightings.filter(({ fault }) => fault === 'stall' || fault === 'slowHeaders')
  if (stalled.length === 0)
    return unknown(name, 'No answer fell silent; a rule with the fault stall shows what happens.', advice)
  const heldOf = ({ atMs, endedAtMs }: Sighting) => (endedAtMs - atMs) / 1000
  const worst = stalled.reduce((most, seen) => (heldOf(seen) > heldOf(most) ? seen : most))
  const value = rounded(heldOf(worst))
  return mark({
    name,
    level: levelOf(value, warn.noReadTimeout, fail.noReadTimeout),
    count: stalled.filter((seen) => heldOf(seen) > warn.noReadTimeout).length,
    of: stalled.length,
    value,
    threshold: warn.noReadTimeout,
    example: idsOf([worst]),
    why: `The longest was held for ${value} s.`,
    advice,
  })
}
