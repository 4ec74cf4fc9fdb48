/** In what the answers of one model differ from those of another (recorded 2025-2026). */
import { usesComputers } from '../../models/abilities.ts'
import type { Model } from '../../types.ts'
import { defaultEffort } from '../../measure/reasoning.ts'

/** From gpt-5.4 on answers say more of themselves: moderation, a message's phase, how thoughts are kept. */
export const isLatest = ({ name }: Model): boolean => /^gpt-(?:5\.[4-9]|[6-9])/.test(name)

/** Models behind ChatGPT think in passing: an empty thought is told of, and no token of it counted. */
export const thinksInPassing = ({ name, isReasoning, promptFormat }: Model): boolean =>
  !isReasoning && promptFormat === 'gpt-5' && name.includes('-chat')

/** What an answer says that was used where the request says nothing. */
export function defaultTopP(model: Model): number {
  if (isLatest(model) || model.name === 'gpt-5.2') return 0.98
  if (model.name.endsWith('codex-max')) return 0.985
  return thinksInPassing(model) ? 0.85 : 1
}

/** Told of these since May 2026; which models keep prompts for a day is known of gpt-5.5 alone. */
export const defaultRetention = (model: Model): string | null =>
  model.name.startsWith('gpt-5.5')
    ? '24h'
    : isLatest(model) || /^gpt-(?:4o|4\.1|5\.2)$/.test(model.name)
      ? 'in_memory'
      : null

/** The effort that an answer tells; `null` for a model that makes none. */
export const effortTold = (model: Model, asked: string | null | undefined): string | null =>
  asked ?? (usesComputers(model) ? 'medium' : model.isReasoning || thinksInPassing(model) ? defaultEffort(model) : null)

/**
 * Characters that the content filter reads beside a prompt's own: what the service wraps around it. Of one recording
 * of gpt-5.2-chat, and about the mean of three of gpt-5.4 to gpt-5.6.
 */
export const wrappingCharacters = (model: Model): number => (isLatest(model) ? 813 : 342)
