/** What the service's limiter takes a prompt to be, which it does not count (recorded January 2025 to June 2026). */
import type { Model } from '../types.ts'
import { isRetired } from '../models/abilities.ts'
import { type ChatMessage, partsOf, contentTexts } from './prompt-tokens.ts'

const pictureTokens = 1000
const usualMaxTokens = 16

/** A quarter of each message's characters and one more, and 1,000 a picture; of retired models `max_tokens` alone. */
export function estimatedChatTokens(
  messages: readonly ChatMessage[],
  maxTokens: number | undefined,
  model: Model,
): number {
  if (isRetired(model)) return maxTokens ?? usualMaxTokens
  return messages.reduce((sum, message) => {
    const characters = contentTexts(message).reduce((count, { length }) => count + length, 0)
    const pictures = partsOf(message).filter(({ image_url: image }) => image !== undefined).length
    return sum + Math.floor(characters / 4) + 1 + pictures * pictureTokens
  }, 0)
}
