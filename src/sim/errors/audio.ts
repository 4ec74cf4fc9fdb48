/** What is wrong with sound. */
import { invalidRequest } from '../errors.ts'

/** A sound file of a kind that is not taken, or none at all. Text as the upstream API has it. */
export const invalidAudioFormat = (formats: readonly string[]) =>
  invalidRequest(
    `Invalid file format. Supported formats: [${formats.map((format) => `'${format}'`).join(', ')}]`,
    'file',
    null,
  )

/** Text as the upstream API has it. */
export const audioTooShort = () =>
  invalidRequest('Audio file is too short. Minimum audio length is 0.1 seconds.', 'file', 'audio_too_short')

/** A text longer than a model of speech takes. The limit is on the model's page; the text is a guess. */
export const speechInputTooLong = (mostTokens: number, foundTokens: number) =>
  invalidRequest(
    `Invalid 'input': the text has ${foundTokens} tokens with its instructions, and the model takes ${mostTokens}.`,
    'input',
    'string_above_max_length',
  )
