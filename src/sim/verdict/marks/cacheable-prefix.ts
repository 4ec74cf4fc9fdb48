/** How much of long prompts was cached. It is told, and held against nobody. */
import { type MarkJudge, mark, unknown } from '../mark.ts'
const name = 'cacheablePrefix'
const advice =
  'Put what is the same in all prompts first, and what differs (names, times, the question) last: 1,024 tokens or more are cached.'
const minTokens = 1_024

export const cacheablePrefix: MarkJudge = ({ sightings }) => {
  const long = sightings.filter(({ promptTokens }) => promptTokens >= minTokens)
  if (long.length === 0) return unknown(name, `No prompt had ${minTokens} tokens.`, advice)
  const all = long.reduce((sum, { promptTokens }) => sum + promptTokens, 0)
  const cached = long.reduce((sum, { cachedTokens }) => sum + (cachedTokens > 0 ? cachedTokens : 0), 0)
  return mark({
    name,
    level: 'pass',
    count: cached,
    of: all,
    why: `${Math.round((100 * cached) / all)} % of the tokens of long prompts were cached.`,
    advice,
  })
}
