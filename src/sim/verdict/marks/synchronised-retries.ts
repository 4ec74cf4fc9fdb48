/** Whether many who failed together come back together. Who comes when it was told is not judged. */
import { idsOf, type MarkJudge, minCalls, levelOf, mark, pairsOf, unknown } from '../mark.ts'
import { medianOf } from '../median.ts'
import { mayPass } from '../sighting.ts'
const name = 'synchronisedRetries'
const advice =
  'Draw a part of each wait by chance, a quarter of it or more, so that those who failed together do not come back together.'
/** Failures within it are one event. */
const togetherMs = 1_000
const bins = 40
const minBinMs = 3

export const synchronisedRetries: MarkJudge = ({ calls, ambiguous, warn, fail }) => {
  const groups = new Map<string, ReturnType<typeof pairsOf>>()
  for (const { attempts } of calls)
    for (const pair of pairsOf([{ attempts, isAmbiguous: false, isOpen: false }])) {
      if (!mayPass(pair.last) || pair.last.waitMs > 0) continue
      const key = `${Math.floor(pair.last.endedAtMs / togetherMs)} ${attempts.indexOf(pair.last)}`
      groups.set(key, [...(groups.get(key) ?? []), pair])
    }
  const large = [...groups.values()].filter((pairs) => pairs.length >= minCalls)
  if (large.length === 0)
    return unknown(name, `No ${minCalls} calls failed together without being told to wait.`, advice)
  const shares = large.map((pairs) => ({ pairs, together: fullest(pairs.map(({ gapMs }) => gapMs)) }))
  const worst = shares.reduce((most, one) =>
    one.together / one.pairs.length > most.together / most.pairs.length ? one : most,
  )
  const share = worst.together / worst.pairs.length
  // In the worst of many groups some come together by chance: what one could be is taken off before it is warned of.
  const chance = Math.sqrt((share * (1 - share)) / worst.pairs.length)
  const isFar = share > fail.synchronisedRetries
  return mark({
    name,
    level: levelOf(isFar ? share : share - chance, warn.synchronisedRetries, fail.synchronisedRetries),
    count: worst.together,
    of: worst.pairs.length,
    threshold: warn.synchronisedRetries,
    ambiguous,
    example: idsOf(worst.pairs.slice(0, 6).map(({ next }) => next)),
    why: `Of ${worst.pairs.length} that failed within a second, ${worst.together} came back after the same time.`,
    advice,
  })
}

/** How many lie closest together, within a fortieth of the middle one. */
function fullest(gaps: readonly number[]): number {
  const sorted = gaps.toSorted((one, other) => one - other)
  const width = Math.max(minBinMs, (medianOf(sorted) ?? 0) / bins)
  let most = 0
  for (let first = 0, last = 0; last < sorted.length; last++) {
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) > width) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}
