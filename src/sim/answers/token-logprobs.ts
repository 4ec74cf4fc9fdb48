/** How likely each token of a text was, and which others might have stood in its place. Made up, from a seed. */
import { invalidValue } from '../errors.ts'
import { words } from '../generators/text/words.ts'
import { mix32, type Random, seededRandom } from '../random.ts'
import type { Likelihood } from './choice.ts'

export type TokenLogprob = { readonly token: string; readonly logprob: number }

export type Weighed = TokenLogprob & {
  /** As many as asked for, the likeliest first; the token itself is mostly the first of them. */
  readonly top: readonly TokenLogprob[]
}

/** Of the token at `index`: the same each time it is asked. */
export function weighToken({ seed, alternatives }: Likelihood, token: string, index: number): Weighed {
  const random = seededRandom(mix32(seed + index))
  // A model is mostly sure of what it writes: three of four tokens are likelier than all others together.
  const share = 1 - random.fraction() ** 2 * 0.75
  const all: TokenLogprob[] = [{ token, logprob: logOf(share) }]
  let left = 1 - share
  for (const other of others(token, alternatives, random)) {
    const taken = left * (0.4 + 0.4 * random.fraction())
    left -= taken
    all.push({ token: other, logprob: logOf(taken) })
  }
  all.sort((one, another) => another.logprob - one.logprob)
  return { token, logprob: logOf(share), top: all.slice(0, alternatives) }
}

/** More than these in one answer would fill the memory. */
const maxWeights = 300_000
/** One choice may have all that models of 16,384 tokens can say, with 20 alternatives each. */
const maxWeightsOfOne = 350_000

/** Throws where `count` choices of so many tokens in all would have too many likelihoods: a bound of the simulator's. */
export function refuseManyWeights(count: number, tokens: number, alternatives: number | undefined): void {
  if (count === 1) refuseManyAlternatives(tokens, alternatives, maxWeightsOfOne)
  if (alternatives === undefined || count === 1 || tokens * (alternatives + 1) <= maxWeights) return
  const max = Math.max(1, Math.floor((count * maxWeights) / (tokens * (alternatives + 1))))
  throw invalidValue(
    'n',
    `Invalid 'n': integer above maximum value. Expected a value <= ${max}, but got ${count} instead.`,
    'integer_above_max_value',
  )
}

/** The same of one answer, which has fewer tokens than `max`. */
export function refuseManyAlternatives(tokens: number, alternatives: number | undefined, max: number): void {
  if (!alternatives || tokens * (alternatives + 1) <= max) return
  const most = Math.max(0, Math.floor(max / tokens) - 1)
  throw invalidValue(
    'top_logprobs',
    `Invalid 'top_logprobs': integer above maximum value. Expected a value <= ${most} for an answer of ${tokens} tokens, but got ${alternatives} instead.`,
    'integer_above_max_value',
  )
}

/** The service's figures have about eight digits, and the least is far below any other (upstream API). */
const logOf = (share: number) => (share > 0 ? Number(Math.min(0, Math.log(share)).toPrecision(8)) : minLogprob)
const minLogprob = -9999

/** Other words that are one token each, written as the token is: behind a space, with a capital. */
function others(token: string, count: number, random: Random): readonly string[] {
  const space = token.startsWith(' ') ? ' ' : ''
  const isCapital = /^ ?\p{Lu}/u.test(token)
  const start = random.below(words.length)
  const found: string[] = []
  for (let at = 0; found.length < count && at < words.length; at++) {
    // A prime step reaches every word once.
    const word = words[(start + at * 101) % words.length] ?? ''
    const other = space + (isCapital ? word.charAt(0).toUpperCase() + word.slice(1) : word)
    if (other !== token) found.push(other)
  }
  return found
}

/** As chat completions write it, keys sorted. */
export function logprobJson(likelihood: Likelihood, token: string, index: number): string {
  const { logprob, top } = weighToken(likelihood, token, index)
  const members = (one: TokenLogprob) =>
    `"bytes":[${bytesOf(one.token)}],"logprob":${one.logprob},"token":${JSON.stringify(one.token)}`
  const listed = top.map((one) => `{${members(one)}}`).join(',')
  return `{${members({ token, logprob })},"top_logprobs":[${listed}]}`
}

const bytesOf = (token: string) => Buffer.from(token, 'utf8').join(',')
