/** Tokens of answers that were asked for again: each is paid for, and nobody has it. */
import { idsOf, type MarkJudge, minCalls, levelOf, mark, pairsOf, tooFew } from '../mark.ts'
import { hasStreamError, isCut, isAbandoned, type Sighting } from '../sighting.ts'
const name = 'wastedTokens'
const advice =
  'Give answers the time that they take (a time-out of minutes, or a stream) before they are asked for again.'

export const wastedTokens: MarkJudge = ({ calls, ambiguous, warn, fail }) => {
  if (calls.length < minCalls) return tooFew(name, calls.length, 'calls', advice)
  const tokensOf = (seen: Sighting) =>
    Number.isNaN(seen.completionTokens) ? 0 : seen.promptTokens + seen.completionTokens
  const all = calls.flatMap(({ attempts }) => attempts).reduce((sum, seen) => sum + tokensOf(seen), 0)
  // What the server cut had to be asked for again.
  const again = pairsOf(calls).filter(
    ({ last }) => (isAbandoned(last) || last.status < 400) && !isCut(last) && !hasStreamError(last),
  )
  const wasted = again.reduce((sum, { last }) => sum + tokensOf(last), 0)
  return mark({
    name,
    level: levelOf(all === 0 ? 0 : wasted / all, warn.wastedTokens, fail.wastedTokens),
    count: wasted,
    of: all,
    threshold: warn.wastedTokens,
    ambiguous,
    ...(again[0] && { example: idsOf([again[0].last, again[0].next]) }),
    why: `${wasted} of ${all} tokens were of answers that were asked for again.`,
    advice,
  })
}
