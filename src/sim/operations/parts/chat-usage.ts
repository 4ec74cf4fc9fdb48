import type { Checkpoint, Usage } from '../../types.ts'

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
export const chatUsage = (
  { promptTokens, completionTokens }: Usage,
  details: UsageDetails = none,
  checkpoint?: Checkpoint,
): string =>
  `{"completion_tokens":${completionTokens},"completion_tokens_details":${details === none ? noCompletion : completionDetails(details, completionTokens)},` +
  `${checkpoint ? `${checkpointMember(checkpoint)},` : ''}"prompt_tokens":${promptTokens},"prompt_tokens_details":${details === none ? noPrompt : promptDetails(details, promptTokens)},` +
  `"total_tokens":${promptTokens + completionTokens}}`

/** The service's own clock: in a whole answer it is in the usage, in a stream beside it (recorded July to October 2026). */
export const checkpointMember = (at: Checkpoint): string =>
  `"latency_checkpoint":{"engine_tbt_ms":${at.engineTbtMs},"engine_ttft_ms":${at.engineTtftMs},"engine_ttlt_ms":${at.engineTtltMs},` +
  `"pre_inference_ms":${at.preInferenceMs},"service_tbt_ms":${at.serviceTbtMs},"service_ttft_ms":${at.serviceTtftMs},` +
  `"service_ttlt_ms":${at.serviceTtltMs},"user_visible_ttft_ms":${at.userVisibleTtftMs}}`

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
