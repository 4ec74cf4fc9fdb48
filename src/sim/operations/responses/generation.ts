/** Differences between the answers of models (recorded 2025-2026). */
import { usesComputers } from '../../models/abilities.ts'
import type { Model } from '../../types.ts'
import { defaultEffort } from '../../measure/reasoning.ts'

/** Answers of gpt-5.4 and later have more fields: moderation, the phase of a message, the context of reasoning. */
export const isLatest = ({ name }: Model): boolean => /^gpt-(?:5\.[4-9]|[6-9])/.test(name)

/** Models of ChatGPT send an empty reasoning item, and count no reasoning tokens. */
export const thinksInPassing = ({ name, isReasoning, promptFormat }: Model): boolean =>
  !isReasoning && promptFormat === 'gpt-5' && name.includes('-chat')

/** The `top_p` in an answer if the request has none. */
export function defaultTopP(model: Model): number {
  if (isLatest(model) || model.name === 'gpt-5.2') return 0.98
  if (model.name.endsWith('codex-max')) return 0.985
  return thinksInPassing(model) ? 0.85 : 1
}

/** These models have it since May 2026. Only gpt-5.5 is known to keep prompts for a day. */
export const defaultRetention = (model: Model): string | null =>
  model.name.startsWith('gpt-5.5')
    ? '24h'
    : isLatest(model) || /^gpt-(?:4o|4\.1|5\.2)$/.test(model.name)
      ? 'in_memory'
      : null

/** The effort in an answer; `null` for a model without reasoning. */
export const effortTold = (model: Model, asked: string | null | undefined): string | null =>
  asked ?? (usesComputers(model) ? 'medium' : model.isReasoning || thinksInPassing(model) ? defaultEffort(model) : null)

/**
 * Characters that the service adds around a prompt, which the content filter reads, too: from one recording of gpt-5.2-chat, and
 * about the mean of three of gpt-5.4 to gpt-5.6.
 */
export const wrappingCharacters = (model: Model): number => (isLatest(model) ? 813 : 342)
