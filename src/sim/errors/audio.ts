/** What is wrong with sound. */
import { invalidRequest } from '../errors.ts'

/** A sound file of a kind that is not taken, by its name (quoted by users of Azure, 2024-2025). */
export const invalidAudioFormat = (formats: readonly string[]) =>
  invalidRequest(
    `Unrecognized file format. Supported formats: [${formats.map((format) => `'${format}'`).join(', ')}]`,
    null,
    null,
  )

/** A file that holds no sound. Texts as the upstream API has them, of whisper and of the models after it. */
export const noSound = (isWhisper: boolean) =>
  isWhisper
    ? invalidRequest('The audio file could not be decoded or its format is not supported.', null, null)
    : invalidRequest('Audio file might be corrupted or unsupported', 'file', 'invalid_value')

/** Text as the upstream API has it. */
export const audioTooShort = () =>
  invalidRequest('Audio file is too short. Minimum audio length is 0.1 seconds.', 'file', 'audio_too_short')

/** A text longer than a model of speech takes. The limit is on the model's page; the text is a guess. */
export const speechInputTooLong = (maxTokens: number, foundTokens: number) =>
  invalidRequest(
    `Invalid 'input': the text has ${foundTokens} tokens with its instructions, and the model takes ${maxTokens}.`,
    'input',
    'string_above_max_length',
  )

/** Remembered from public issues; how several formats are listed is a guess. */
export const formatNotCompatible = (format: string, model: string, known: readonly string[]) => {
  const names = known.map((name) => `'${name}'`)
  const listed = names.length > 2 ? `${names.slice(0, -1).join(', ')},` : names[0]
  return invalidRequest(
    `response_format '${format}' is not compatible with model '${model}'. Use ${listed ?? ''} or ${names.at(-1) ?? ''} instead.`,
    'response_format',
    'unsupported_value',
  )
}

/** The upstream API's words (recorded May 2024); which parameter it names is a guess. */
export const granularitiesNeedVerbose = () =>
  invalidRequest(
    'Timestamp granularities are only supported with response_format=verbose_json',
    'timestamp_granularities',
    'timestamp_granularities_format',
  )

/** The rule is in the SDK's description; the text is a guess. */
export const logprobsNeedJson = () =>
  invalidRequest("include 'logprobs' is only supported with response_format 'json'.", 'include', 'unsupported_value')

/** The rule is in the SDK's description; the text is a guess. */
export const speakersDoNotFit = () =>
  invalidRequest(
    'known_speaker_names and known_speaker_references must have the same number of entries.',
    'known_speaker_references',
    'invalid_value',
  )

/** Text as the upstream API has it. */
export const invalidLanguage = (code: string) =>
  invalidRequest(
    `Invalid language '${code}'. Language parameter must be specified in ISO-639-1 format.`,
    'language',
    'invalid_language_format',
  )

/** Text as the upstream API has it. */
export const audioTooLong = (seconds: number, maxSeconds: number) =>
  invalidRequest(
    `audio duration ${seconds} seconds is longer than ${maxSeconds} seconds which is the maximum for this model`,
    'file',
    'invalid_value',
  )

/** The rule is in the SDK's description, the text is the upstream API's. */
export const chunkingNeeded = () =>
  invalidRequest('chunking_strategy is required for diarization models', 'chunking_strategy', 'invalid_value')
