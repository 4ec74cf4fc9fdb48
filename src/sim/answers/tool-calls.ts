/** Calls of tools: of which, and with what arguments. */
import { isObject } from '../base/object.ts'
import { step } from '../base/slices.ts'
import { drawJson } from '../generators/json/schema.ts'
import { recordOf, type Source } from '../generators/json/value.ts'
import { drawShare, type Share, type Work } from '../generators/json/work.ts'
import { loremText, noText, type TokenText } from '../generators/text/lorem.ts'
import { countTokens } from '../models/tokenizer.ts'
import { base62Text, type Random } from '../random.ts'
import type { Model } from '../types.ts'
import type { Choice, ToolCall, ToolCalls } from './choice.ts'
import { cutText } from './cut-text.ts'
import type { Offer, Tool } from './offer.ts'

export type CallWish = {
  readonly offer: Offer
  readonly model: Model
  /** No more than this; what does not fit is cut off. */
  readonly tokenLimit: number
  /** Draws what is said. */
  readonly random: Random
  /** Draws ids. */
  readonly timing: Random
  /** What arguments may still cost. */
  readonly work: Work
  /** Of it. */
  readonly share: Share
}

export function callChoice({ offer, random, work, share, ...wish }: CallWish): Choice {
  const tools = chooseTools(offer, random)
  const planned = tools.map((tool) => ({
    kind: tool.kind,
    name: tool.name,
    input: () => step(() => drawShare(work, share, () => inputOf(tool, tools.length > 1, { random, work }))),
  }))
  const { calls, isCut } = layCalls(planned, { ...wish, isNamed: offer.mode === 'named' })
  // A call that was asked for by name ends with `stop` (documented for the upstream API).
  const finishReason = isCut ? 'length' : offer.mode === 'named' ? 'stop' : 'tool_calls'
  return { text: noContent, finishReason, calls }
}

export type PlannedCall = {
  readonly kind: Tool['kind']
  readonly name: string
  /** Made when its turn comes, and not at all where the tokens were at an end before. */
  readonly input: () => string
}

/** Calls as tokens, cut off where there are no more than `tokenLimit`. */
export function layCalls(
  planned: readonly PlannedCall[],
  {
    model,
    tokenLimit,
    timing,
    isNamed = false,
  }: Omit<CallWish, 'offer' | 'random' | 'work' | 'share'> & { readonly isNamed?: boolean },
): { readonly calls: ToolCalls; readonly isCut: boolean } {
  const calls: ToolCall[] = []
  let left = tokenLimit
  let isCut = false
  for (const [index, { kind, name, input: make }] of planned.entries()) {
    const needed = isNamed
      ? namedOpeningTokens(model)
      : countTokens(name, model.encoding) + aroundTokens(index, planned.length, model)
    const openingTokens = Math.min(left, needed)
    const input = cutText(make(), left - openingTokens, model.encoding)
    calls.push({ kind, id: callId(timing), name, input: input.text, openingTokens })
    left -= openingTokens + input.text.count
    isCut = input.isCut || openingTokens < needed
    // What begins when no token is left does not begin.
    if (isCut || left <= 0) {
      isCut ||= index < planned.length - 1
      break
    }
  }
  const tokens = calls.reduce((sum, { openingTokens, input }) => sum + openingTokens + input.count, 0)
  return { calls: { calls, tokens }, isCut }
}

const callId = (timing: Random) => `call_${base62Text(timing, 24)}`

/** The same calls once more, as another choice has them. */
export const sameCalls = ({ calls, tokens }: ToolCalls, timing: Random): ToolCalls => ({
  calls: calls.map((call) => ({ ...call, id: callId(timing) })),
  tokens,
})

export const noContent: TokenText = { ...noText, json: () => 'null' }

/** Mostly one tool. Where several may be called, each further one joins with this probability: a guess. */
const parallelProbability = 0.25
const maxParallel = 4

function chooseTools({ tools, mayBeParallel }: Offer, random: Random): readonly Tool[] {
  const first = tools[random.below(tools.length)] as Tool
  if (!mayBeParallel || tools.length === 1) return [first]
  const others = tools.filter((tool) => tool !== first && random.fraction() < parallelProbability)
  const chosen = new Set([first, ...others.slice(0, maxParallel - 1)])
  return tools.filter((tool) => chosen.has(tool))
}

function inputOf({ kind, parameters }: Tool, isParallel: boolean, { random, work }: Source): string {
  if (kind === 'custom') return loremText(6 + random.below(10), random)
  const schema =
    isObject(parameters) && parameters.type !== undefined ? parameters : { type: 'object', ...recordOf(parameters) }
  const value = drawJson(schema, random, work)
  // Recorded: parallel calls have spaces in their arguments, a single one has none.
  return isParallel ? spacedJson(value) : JSON.stringify(value)
}

function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${spacedJson(inner)}`)
    .join(', ')}}`
}

/**
 * What a model writes around its calls: 8 tokens for a single one (5 of 5 recordings of gpt-4o and gpt-4o-mini), 10
 * more for the gpt-5 family (single and three, one each), and 27 more for three than for one in both; two are between.
 */
function aroundTokens(index: number, count: number, { promptFormat }: Model): number {
  if (index > 0) return callTokens
  return callTokens + (promptFormat === 'gpt-5' ? channelTokens : 0) + (count > 1 ? parallelTokens : 0)
}
/** The rest stands in the prompt: see `namedCallTokens`. */
const namedOpeningTokens = ({ encoding }: Model): number => (encoding === 'o200k_base' ? 1 : 0)
const callTokens = 8
const channelTokens = 10
const parallelTokens = 11
