/** What is answered to an api-version that a surface does not have. */
import { gatewayError } from '../errors.ts'

const badRequest = (message: string) => gatewayError(400, 'BadRequest', message)

/** A dated version on the v1 surface (quoted by users). */
export const apiVersionNotSupported = () => badRequest('API version not supported')

/** Any version on the v1 surface of a project (quoted by users). */
export const apiVersionNotAllowed = () => badRequest('api-version query parameter is not allowed when using /v1 path')

/** Remembered from public issues of Foundry's other APIs. */
export const missingApiVersion = () => badRequest('Missing required query parameter: api-version')

/** A dated version that is older than an API (remembered from public issues). `name` is the API's. */
export const versionTooOld = (name: string, since: string) =>
  badRequest(`${name} is enabled only for api-version ${since} and later`)

/** What an older dated version does not take (quoted by users, 2025-2026). */
export const featureTooNew = (what: string, since: string) =>
  badRequest(`${what} is enabled only for api versions ${since} and later`)

/** The service does not fill in the model's name (quoted by users, 2025). */
export const modelTooNew = (since: string) => featureTooNew('Model {modelName}', since)
