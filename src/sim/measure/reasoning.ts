/** How much a model thinks before it answers: tokens that are charged and take time, but that nobody sees. */
import type { Random } from '../random.ts'
import type { Model } from '../types.ts'

export type ReasoningWish = {
  readonly model: Model
  /** `reasoning_effort`; absent for the model's default. One that is not known counts as `medium`. */
  readonly effort: string | null | undefined
  /** `max_completion_tokens`: thinking and answer together. */
  readonly maxTokens: number | undefined
  readonly random: Random
}

export type ReasoningPlan = {
  readonly reasoningTokens: number
  /** As many as the usage says were thoughts. */
  readonly toldTokens: number
  /** What is left for the answer: 0 where thinking took all, which ends it with `length` and without a text. */
  readonly visibleMaxTokens: number | undefined
}

/** Draws nothing where the model does not think, so that a seeded answer without thinking stays as it is. */
export function planReasoning({ model, effort, maxTokens, random }: ReasoningWish): ReasoningPlan {
  const medianTokens = medianOf(model, effort)
  if (medianTokens === 0) return { reasoningTokens: 0, toldTokens: 0, visibleMaxTokens: maxTokens }
  const drawnTokens = medianTokens * Math.exp(sigma * random.normal())
  // Half of what the model can write is left to the answer.
  const maxReasoningTokens = Math.floor(model.maxOutputTokens / 2)
  const wantedTokens = Math.min(maxReasoningTokens, Math.max(1, Math.round(drawnTokens)))
  if (maxTokens === undefined)
    return { reasoningTokens: wantedTokens, toldTokens: toldOf(wantedTokens, model), visibleMaxTokens: undefined }
  // Of thoughts that took all that might be written, all were told (recorded April 2025).
  if (wantedTokens >= maxTokens) return { reasoningTokens: maxTokens, toldTokens: maxTokens, visibleMaxTokens: 0 }
  const visibleMaxTokens = maxTokens - wantedTokens
  return { reasoningTokens: wantedTokens, toldTokens: toldOf(wantedTokens, model), visibleMaxTokens }
}

/**
 * Models before gpt-5.1 tell their thoughts in whole steps, rounded down; what is over stands in the sum alone (recorded
 * August 2025 to February 2026), so that a thought of less than a step tells none. Later ones tell each token (June 2026).
 */
const toldOf = (tokens: number, model: Model): number => (isStepped(model) ? tokens - (tokens % stepTokens) : tokens)

const isStepped = ({ name }: Model) => /^(?:o\d|gpt-5(?!\.))/.test(name)

/** Whether the model thinks at all, with this effort or its default. */
export const isThinking = (model: Model, effort: string | null | undefined): boolean => medianOf(model, effort) > 0

/** Of a model that can do without thought: sampling is refused only while it thinks (documented of gpt-5.4, measured of gpt-5.1 and gpt-5.2 by users, 2026). */
export const takesSampling = (model: Model, effort: string | null | undefined): boolean =>
  model.isReasoning && !isThinking(model, effort) && supportedEfforts(model).includes('none')

/**
 * What a model does where it is not told: gpt-5.1 to gpt-5.4 do not think (Microsoft's model pages; recorded of gpt-5.1
 * and gpt-5.4), gpt-5.5 and gpt-5.6 do (recorded July 2026). That later ones do as these, and codex and pro models as
 * all before gpt-5.1, is a guess.
 */
export const defaultEffort = ({ name }: Model): 'none' | 'medium' =>
  /^gpt-5\.[1-4]/.test(name) && !/codex|pro|chat/.test(name) ? 'none' : 'medium'

/** What may be asked of a model (Microsoft's page on reasoning models, 2026); nothing of one that does not reason. */
export function supportedEfforts(model: Model): readonly string[] {
  const { name } = model
  // Recorded April 2026: gpt-5.2-chat says that its effort is medium.
  if (/^gpt-(?:5\.\d-chat|chat-latest)/.test(name)) return ['medium']
  const usual = ['low', 'medium', 'high']
  // It hands the effort on to whichever model it chooses (documented).
  if (name === 'model-router') return ['none', 'minimal', ...usual, 'xhigh']
  // Thinks as much as it is told to (its model card, 2025); how much is not simulated.
  if (name.startsWith('gpt-oss')) return usual
  if (!model.isReasoning || /^o1-(?:mini|preview)$/.test(name)) return []
  if (/^grok-3-mini$/.test(name)) return ['low', 'high']
  if (!name.startsWith('gpt-')) return usual
  if (/^gpt-5(?:-mini|-nano)?$/.test(name)) return ['minimal', ...usual]
  if (name === 'gpt-5-pro') return ['high']
  if (name === 'gpt-5-codex') return usual
  return /^gpt-5\.1/.test(name) && name !== 'gpt-5.1-codex-max' ? ['none', ...usual] : ['none', ...usual, 'xhigh']
}

const stepTokens = 64

/**
 * Medians. As recorded: gpt-5-nano 192 with `low`, and 192, 192, 640, 1,792 and 2,368 with its default, `medium`; gpt-5-mini
 * 0 to 640 with `medium`, ten times, half of them below 128; o1, o3 and o3-mini 0, 128, 320 and 512; gpt-5.2 67 to 215 with
 * `high`, eight times; gpt-5.5 9 with `medium`. All between and beyond are guesses, as is the spread.
 */
const deep: Medians = { low: 192, medium: 640, high: 2_048, xhigh: 4_096, max: 8_192 }
const usual: Medians = { low: 60, medium: 120, high: 250, xhigh: 500, max: 1_000 }
const brief: Medians = { low: 30, medium: 60, high: 120, xhigh: 300, max: 600 }
const sigma = 0.8

type Medians = Readonly<Record<string, number>>

function medianOf(model: Model, asked: string | null | undefined): number {
  if (!model.isReasoning) return 0
  const effort = asked ?? defaultEffort(model)
  if (effort === 'none' || effort === 'minimal') return 0
  const medians = /^gpt-(?:5\.|[6-9])/.test(model.name)
    ? brief
    : isStepped(model) && model.name !== 'gpt-5-nano'
      ? usual
      : deep
  return medians[effort] ?? medians['medium'] ?? 0
}
