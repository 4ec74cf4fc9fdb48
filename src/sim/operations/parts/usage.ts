import type { Usage } from '../../types.ts'

/** As chat completions tell it, keys sorted (recorded 2025-2026). */
export const chatUsage = ({ promptTokens, completionTokens }: Usage): string =>
  `{"completion_tokens":${completionTokens},"completion_tokens_details":{"accepted_prediction_tokens":0,` +
  `"audio_tokens":0,"reasoning_tokens":0,"rejected_prediction_tokens":0},"prompt_tokens":${promptTokens},` +
  `"prompt_tokens_details":{"audio_tokens":0,"cached_tokens":0},"total_tokens":${promptTokens + completionTokens}}`

export const plainUsage = ({ promptTokens, completionTokens }: Usage): string =>
  `{"completion_tokens":${completionTokens},"prompt_tokens":${promptTokens},"total_tokens":${promptTokens + completionTokens}}`
