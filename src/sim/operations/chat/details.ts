/** What a usage tells beside its sums; nothing where all of it is zero. */
import type { Call } from '../../operation.ts'
import { hasSound } from '../../models/abilities.ts'
import type { ChatBody } from './body.ts'
import type { Choice } from '../../answers/choice.ts'
import { promptAudioTokens } from '../../measure/prompt-tokens.ts'
import type { UsageDetails } from '../parts/chat-usage.ts'

export function detailsOf(
  { body, deployment: { model } }: Call<ChatBody>,
  choices: readonly Choice[],
  cachedTokens: number,
  cacheWriteTokens: number | undefined,
): UsageDetails | undefined {
  const isSounding = hasSound(model)
  if (!model.isReasoning && !isSounding && !body.prediction && cachedTokens === 0) return undefined
  return {
    isSounding,
    reasoningTokens: sumOf(choices, ({ toldReasoningTokens }) => toldReasoningTokens),
    completionAudioTokens: sumOf(choices, ({ speech }) => speech?.soundTokens),
    acceptedPredictionTokens: sumOf(choices, ({ prediction }) => prediction?.acceptedTokens),
    rejectedPredictionTokens: sumOf(choices, ({ prediction }) => prediction?.rejectedTokens),
    promptAudioTokens: isSounding ? promptAudioTokens(body.messages) : 0,
    cachedTokens,
    cacheWriteTokens,
  }
}

const sumOf = (choices: readonly Choice[], tokensOf: (choice: Choice) => number | undefined) =>
  choices.reduce((sum, choice) => sum + (tokensOf(choice) ?? 0), 0)
