/** The errors of the model inference API, and of a Foundry resource's paths beside Azure OpenAI's. */
import { gatewayError } from '../errors.ts'

/** Parameters that the API does not describe (quoted by users, February 2025; the code is a guess). */
export const extraParameters = (names: readonly string[]) =>
  gatewayError(
    400,
    'Bad Request',
    `Extra parameters [${toldOf(names)}] are not allowed when extra-parameters is not set or set to be 'error'. Set extra-parameters to 'pass-through' to pass to the model.`,
  )

/** More than any client sends; the rest is not told. */
const maxToldNames = 100
const toldOf = (names: readonly string[]) =>
  names
    .slice(0, maxToldNames)
    .map((name) => `'${name}'`)
    .join(', ')

/** Text as quoted by users (January 2025); the shape around it is a guess. */
export const unexpectedExtraParameters = (found: string) =>
  gatewayError(
    400,
    'Bad Request',
    `Unexpected EXTRA_PARAMETERS option ${found}, expected options are ['error', 'drop', 'pass-through']`,
  )

/** Remembered from public issues. */
export const noModelName = () =>
  gatewayError(400, 'no_model_name', 'No model specified in request. Please provide a model name in the request body.')

/** A path that Claude's API does not have (quoted by users of Foundry, April 2026). */
export const claudePathNotSupported = () =>
  gatewayError(404, 'api_not_supported', notSupported, { details: notSupported })

const notSupported = 'Requested API is currently not supported'

/** A model of another family's API, as Claude on the model inference API (quoted by users, June 2026). */
export const apiNotSupported = () => gatewayError(404, 'api_not_supported', notSupported)
