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
  /** What is left for the answer: 0 where thinking took all, which ends it with `length` and without a text. */
  readonly visibleMaxTokens: number | undefined
}

/** Draws nothing where the model does not think, so that a seeded answer without thinking stays as it is. */
export function planReasoning({ model, effort, maxTokens, random }: ReasoningWish): ReasoningPlan {
  const medianTokens = medianOf(model, effort)
  if (medianTokens === 0) return { reasoningTokens: 0, visibleMaxTokens: maxTokens }
  const drawnTokens = medianTokens * Math.exp(sigma * random.normal())
  // Half of what the model can write is left to the answer.
  const maxSteps = Math.floor(model.maxOutputTokens / 2 / stepTokens)
  const steps = Math.min(maxSteps, Math.max(1, Math.round(drawnTokens / stepTokens)))
  const reasoningTokens = Math.min(steps * stepTokens, maxTokens ?? Infinity)
  return { reasoningTokens, visibleMaxTokens: maxTokens === undefined ? undefined : maxTokens - reasoningTokens }
}

/** Whether the model thinks at all, with this effort or its default. */
export const isThinking = (model: Model, effort: string | null | undefined): boolean => medianOf(model, effort) > 0

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
  if (!model.isReasoning || /^o1-(?:mini|preview)$/.test(name)) return []
  const usual = ['low', 'medium', 'high']
  if (/^grok-3-mini$/.test(name)) return ['low', 'high']
  if (!name.startsWith('gpt-')) return usual
  if (/^gpt-5(?:-mini|-nano)?$/.test(name)) return ['minimal', ...usual]
  if (name === 'gpt-5-pro') return ['high']
  if (name === 'gpt-5-codex') return usual
  return /^gpt-5\.1/.test(name) && name !== 'gpt-5.1-codex-max' ? ['none', ...usual] : ['none', ...usual, 'xhigh']
}

/** Counts in chat completions were multiples of this (gpt-5-nano, recorded 2025-2026). */
const stepTokens = 64

/**
 * Medians: 192 was recorded with `low`, and 192, 192, 640, 1,792 and 2,368 with the default on gpt-5-nano. The others
 * are guesses, as is the spread.
 */
const medians: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 0,
  low: 192,
  medium: 640,
  high: 2_048,
  xhigh: 4_096,
}
const sigma = 0.8

function medianOf(model: Model, effort: string | null | undefined): number {
  if (!model.isReasoning) return 0
  return medians[effort ?? defaultEffort(model)] ?? 640
}
