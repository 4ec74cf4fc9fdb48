/** Whether requests say how long an answer may be, and not far more than it is: limits count what is allowed. */
import { idsOf, type MarkJudge, minCalls, levelOf, mark, rounded, tooFew } from '../mark.ts'
const name = 'maxTokens'
const advice =
  'Set max_tokens near what answers have: a limit of tokens per minute is charged with what is allowed when a request arrives.'

export const maxTokens: MarkJudge = ({ sightings, warn, fail }) => {
  const answered = sightings.filter((seen) => seen.status < 400 && seen.completionTokens > 0)
  if (answered.length < minCalls) return tooFew(name, answered.length, 'answers', advice)
  const told = answered.filter(({ allowedTokens }) => !Number.isNaN(allowedTokens))
  const allowed = told.reduce((sum, seen) => sum + seen.allowedTokens, 0)
  const used = told.reduce((sum, seen) => sum + seen.completionTokens, 0)
  const missing = answered.length - told.length
  const value = used === 0 ? 1 : rounded(allowed / used)
  const [first, last] = [sightings[0]?.atMs ?? 0, sightings.at(-1)?.atMs ?? 0]
  const minutes = Math.max(1, (last - first) / 60_000)
  const worst = told.toSorted(
    (one, other) => other.allowedTokens / other.completionTokens - one.allowedTokens / one.completionTokens,
  )[0]
  return mark({
    name,
    level: levelOf(value, warn.maxTokens, fail.maxTokens),
    count: missing,
    of: answered.length,
    value,
    threshold: warn.maxTokens,
    ...(worst && value > warn.maxTokens && { example: idsOf([worst]) }),
    why: `${missing} of ${answered.length} requests set no limit; the others allowed ${value} times what they used, ${Math.round((allowed - used) / minutes)} tokens per minute that nobody used.`,
    advice,
  })
}
