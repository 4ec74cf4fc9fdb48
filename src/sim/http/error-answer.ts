/** An error as it is answered: which headers there are depends on how far the request came. */
import type { Config } from '../config/config.ts'
import type { ApiError } from '../errors.ts'
import { raiInvoked } from './filter-headers.ts'
import { type About, type Headers, strictTransportSecurity } from './headers.ts'
import type { SimResponse } from '../types.ts'
import { addLimits, addRefusal, type Refusal } from './limit-headers.ts'

/** `modelRequestId` gives the id that the model's layer gave the request, where it came so far. */
export function errorAnswer(
  error: ApiError,
  about: About,
  refusal: Refusal | undefined,
  modelRequestId: () => string,
): SimResponse {
  const { status, body } = error
  const headers = errorHeaders(error, about, refusal, modelRequestId)
  // The reason that the headers give stands beside the status, too (recorded March 2025).
  return status === 400 && isOfModel(error, about)
    ? { status, phrase: modelError, headers, body }
    : { status, headers, body }
}

const modelError = 'model_error'

const isOfModel = ({ origin }: ApiError, { call }: About): boolean =>
  origin === 'model' && call?.deployment !== undefined

function errorHeaders(
  error: ApiError,
  about: About,
  refusal: Refusal | undefined,
  modelRequestId: () => string,
): Headers {
  const headers = usualHeaders(error, about, refusal, modelRequestId)
  // What is refused at the door does not come as far as a family of APIs.
  const family = error.origin === 'access' ? undefined : about.operation?.headers
  return family ? { ...headers, ...family({ ...about, state: refusal?.state ?? about.state }) } : headers
}

function usualHeaders(
  error: ApiError,
  about: About,
  refusal: Refusal | undefined,
  modelRequestId: () => string,
): Headers {
  const { config, clientRequestId, requestId, state } = about
  const headers: Headers = {
    'Content-Length': String(Buffer.byteLength(error.body)),
    'Content-Type': error.contentType,
    'apim-request-id': requestId,
  }
  // A wrong key is refused before anything else is known (recorded March 2026).
  if (error.origin === 'access') return headers
  headers['Strict-Transport-Security'] = strictTransportSecurity
  headers['x-content-type-options'] = 'nosniff'
  // So is a path that leads nowhere (recorded January 2026).
  if (error.origin === 'route') return headers
  headers['x-ms-region'] = config.azure.region
  if (clientRequestId !== null) headers['x-ms-client-request-id'] = clientRequestId
  if (refusal) addRefusal(headers, refusal, about)
  if (!isOfModel(error, about)) return headers
  addModel(headers, error.status, modelRequestId(), config)
  // What came as far as the model was counted (recorded March 2025); what the gateway refuses was not.
  if (state) addLimits(headers, state, about)
  return headers
}

/** As the model's layer refuses (recorded March 2025). */
function addModel(headers: Headers, status: number, modelRequestId: string, config: Config): void {
  headers['ms-azureml-model-error-reason'] = modelError
  headers['ms-azureml-model-error-statuscode'] = String(status)
  headers['x-ms-rai-invoked'] = raiInvoked(config)
  headers['x-request-id'] = modelRequestId
}
