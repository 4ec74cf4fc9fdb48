/** Makes rows of the catalogue, so that the tables say only what sets a model apart. */
import type { Model, ModelKind } from '../../types.ts'

/** What a table says of one version of a model. Token counts are in tokens; a window counts prompt and completion. */
export type ModelRow = {
  readonly name: string
  readonly version: string
  readonly kinds: readonly ModelKind[]
  readonly windowTokens: number
  /** Where the prompt alone may fill less than the window. */
  readonly inputTokens?: number
  readonly outputTokens: number
  /** `{name}-{version}` where it is absent. */
  readonly servedName?: string
  readonly encoding?: Model['encoding']
  readonly promptFormat?: Model['promptFormat']
  readonly isReasoning?: boolean
  readonly refuses?: readonly string[]
  readonly requestsPerThousandTokens: number
  readonly dimensions?: Model['dimensions']
  /** `YYYY-MM-DD`, where the version is not a date. */
  readonly created?: string
}

/**
 * What a reasoning model takes no part in (facts quoted by users of o-series and gpt-5 models). Each of these in a
 * request is refused, with two refinements: `temperature` and `top_p` only where they are not 1, the penalties only
 * where they are not 0, for the default changes nothing; and `max_tokens` with the advice to use
 * `max_completion_tokens`.
 */
export const samplingParameters: readonly string[] = [
  'max_tokens',
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'logit_bias',
]

export const toModel = (row: ModelRow): Model => ({
  name: row.name,
  version: row.version,
  servedName: row.servedName ?? `${row.name}-${row.version}`,
  kinds: row.kinds,
  encoding: row.encoding ?? 'o200k_base',
  contextWindowTokens: row.windowTokens,
  maxInputTokens: row.inputTokens ?? row.windowTokens,
  maxOutputTokens: row.outputTokens,
  promptFormat: row.promptFormat ?? 'gpt-4',
  isReasoning: row.isReasoning ?? false,
  refuses: row.refuses ?? (row.isReasoning ? samplingParameters : []),
  requestsPerThousandTokens: row.requestsPerThousandTokens,
  ...(row.dimensions && { dimensions: row.dimensions }),
  createdAtSeconds: midnightSeconds(row.created ?? row.version),
})

/** A model counts as made at the start of the day that names its version, as the service's list has it. */
function midnightSeconds(date: string): number {
  const seconds = Date.parse(`${date}T00:00:00Z`) / 1000
  if (Number.isNaN(seconds)) throw new Error(`The catalogue dates a model '${date}', which is no YYYY-MM-DD.`)
  return seconds
}
