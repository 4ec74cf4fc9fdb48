import type { Usage } from '../../types.ts'

/** What a usage says beside its sums; what is absent is zero. */
export type UsageDetails = {
  /** Part of the completion's tokens. */
  readonly reasoningTokens?: number | undefined
  readonly completionAudioTokens?: number | undefined
  readonly acceptedPredictionTokens?: number | undefined
  readonly rejectedPredictionTokens?: number | undefined
  /** Part of the prompt's tokens. */
  readonly promptAudioTokens?: number | undefined
  readonly cachedTokens?: number | undefined
  /** Absent where the model does not tell it. */
  readonly cacheWriteTokens?: number | undefined
  /** Of models with sound, which tell text and pictures apart (recorded February and April 2025). */
  readonly isSounding?: boolean | undefined
}

/** As chat completions tell it, keys sorted (recorded 2025-2026). `usage` counts what is told in the details, too. */
export const chatUsage = ({ promptTokens, completionTokens }: Usage, details: UsageDetails = none): string =>
  `{"completion_tokens":${completionTokens},"completion_tokens_details":${details === none ? noCompletion : completionDetails(details, completionTokens)},` +
  `"prompt_tokens":${promptTokens},"prompt_tokens_details":${details === none ? noPrompt : promptDetails(details, promptTokens)},` +
  `"total_tokens":${promptTokens + completionTokens}}`

const textOf = (isSounding: boolean | undefined, tokens: number): string =>
  isSounding ? `,"text_tokens":${tokens}` : ''

const completionDetails = (details: UsageDetails, completionTokens = 0): string =>
  `{"accepted_prediction_tokens":${details.acceptedPredictionTokens ?? 0},` +
  `"audio_tokens":${details.completionAudioTokens ?? 0},"reasoning_tokens":${details.reasoningTokens ?? 0},` +
  `"rejected_prediction_tokens":${details.rejectedPredictionTokens ?? 0}${textOf(details.isSounding, completionTokens - (details.completionAudioTokens ?? 0))}}`

const promptDetails = (
  { promptAudioTokens = 0, cachedTokens = 0, cacheWriteTokens, isSounding }: UsageDetails,
  promptTokens = 0,
): string =>
  `{"audio_tokens":${promptAudioTokens},${cacheWriteTokens === undefined ? '' : `"cache_write_tokens":${cacheWriteTokens},`}` +
  `"cached_tokens":${cachedTokens}${isSounding ? ',"image_tokens":0' : ''}${textOf(isSounding, promptTokens - promptAudioTokens)}}`

const none: UsageDetails = {}
const noCompletion = completionDetails(none)
const noPrompt = promptDetails(none)

/** Of completions and of answers on own data, which are not sorted (recorded February and November 2025). */
export const plainUsage = ({ promptTokens, completionTokens }: Usage): string =>
  `{"prompt_tokens":${promptTokens},"completion_tokens":${completionTokens},"total_tokens":${promptTokens + completionTokens}}`
