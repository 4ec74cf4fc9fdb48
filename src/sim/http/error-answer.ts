/** An error as it is answered: which headers there are depends on how far the request came. */
import { addAccount } from '../base/account-headers.ts'
import { asAsked, type BackEnd } from '../base/back-end.ts'
import { backEnds } from '../base/back-ends.ts'
import type { ApiError } from '../errors.ts'
import { writeError } from '../errors/layouts.ts'
import type { Worded } from '../operation.ts'
import { raiInvoked } from './filter-headers.ts'
import {
  type About,
  addClientId,
  addTold,
  backEndOf,
  type Headers,
  sessionOf,
  strictTransportSecurity,
} from './headers.ts'
import type { SimResponse } from '../types.ts'
import { addLimits, addRefusal, type Refusal } from './limit-headers.ts'

/** `modelRequestId` gives the id that the model's layer gave the request, where it came so far. */
export function errorAnswer(
  error: ApiError,
  about: About,
  refusal: Refusal | undefined,
  modelRequestId: () => string,
): SimResponse {
  const backEnd = asAsked(error.backEnd ? backEnds[error.backEnd] : backEndOf(about), about.call)
  const { status, ...worded } = word(error, backEnd, about)
  const { body } = worded
  const headers = errorHeaders({ ...worded, error, backEnd }, about, refusal, modelRequestId)
  // The reason that the headers give stands beside the status, too (recorded March 2025).
  return status === 400 && isOfModel(error, about) && !backEnd.refusesItself
    ? { status, phrase: modelError, headers, body }
    : { status, headers, body }
}

const modelError = 'model_error'
const usualType = 'application/json'

type Told = Omit<Worded, 'status'> & { readonly error: ApiError; readonly backEnd: BackEnd }

/** By the family of APIs that was asked, or as the part of the service that says no writes it. */
function word(error: ApiError, { errors }: BackEnd, { family, operation, requestId, call }: About): Worded {
  const context = { requestId, backEnd: errors, call }
  const own = (operation?.wordError ?? family?.wordError)?.(error, context)
  return own ?? { status: error.status, body: writeError(error, context) }
}

const isOfModel = ({ origin }: ApiError, { call }: About): boolean =>
  origin === 'model' && call?.deployment !== undefined

function errorHeaders(told: Told, about: About, refusal: Refusal | undefined, modelRequestId: () => string): Headers {
  const headers = { ...usualHeaders(told, about, refusal, modelRequestId), ...told.error.headers }
  // What is refused at the door does not come as far as a family of APIs.
  const family = told.error.origin === 'access' ? undefined : about.family?.headers
  return family ? { ...headers, ...family({ ...about, state: refusal?.state ?? about.state }) } : headers
}

function usualHeaders(
  { error, body, contentType = usualType, backEnd }: Told,
  about: About,
  refusal: Refusal | undefined,
  modelRequestId: () => string,
): Headers {
  const { config, clientRequestId, requestId, state } = about
  const headers: Headers = {
    'Content-Length': String(Buffer.byteLength(body)),
    // What misses a model says no type (recorded March 2026).
    ...(error.layout !== 'bare' && { 'Content-Type': contentType }),
    'apim-request-id': requestId,
  }
  // A wrong key is refused before anything else is known (recorded March 2026).
  if (error.origin === 'access' && !error.isOfToken) return headers
  headers['Strict-Transport-Security'] = strictTransportSecurity
  headers['x-content-type-options'] = 'nosniff'
  // So is a path that leads nowhere (recorded January 2026).
  if (error.origin === 'route') return headers
  const isOfBackEnd = error.backEnd !== undefined || (backEnd.refusesItself && error.origin === 'model')
  if (clientRequestId !== null && !(isOfBackEnd && backEnd.clientId === 'dropped'))
    headers['x-ms-client-request-id'] = clientRequestId
  // What judges tokens stands at the door, too, but is another (recorded September 2024).
  if (error.origin === 'access') return headers
  headers['x-ms-region'] = config.azure.region
  if (refusal) addRefusal(headers, refusal, about)
  if (isOfBackEnd) {
    addBackEnd(headers, { contentType, backEnd, modelRequestId }, about)
    return headers
  }
  if (!isOfModel(error, about)) {
    // What was let in is counted, and where the limits stand is told (recorded 2023 to February 2025), but by a time-out.
    if (state && error.origin === 'gateway' && error.status !== 408) addLimits(headers, state, about)
    return headers
  }
  addBackEnd(headers, { contentType, backEnd, modelRequestId }, about)
  addModel(headers, { error, backEnd }, about)
  // What came as far as the model was counted (recorded March 2025); what the gateway refuses was not.
  if (state) addLimits(headers, state, about)
  return headers
}

type Sent = Pick<Told, 'contentType' | 'backEnd'> & { readonly modelRequestId: () => string }

/** What it sends with whatever it answers. */
function addBackEnd(headers: Headers, { contentType, backEnd, modelRequestId }: Sent, about: About): void {
  if (backEnd.json !== undefined && contentType === usualType) headers['Content-Type'] = backEnd.json
  addClientId(headers, backEnd, about)
  Object.assign(headers, backEnd.headers)
  addAccount(headers, backEnd, about.config.azure.region)
  addTold(headers, backEnd, about)
  if (backEnd.hasRequestId) headers['x-request-id'] = modelRequestId()
}

/** As the model's layer refuses (recorded 2024 to March 2025). */
function addModel(
  headers: Headers,
  { error: { status }, backEnd }: Pick<Told, 'error' | 'backEnd'>,
  about: About,
): void {
  const { config, call } = about
  headers['ms-azureml-model-error-reason'] = modelError
  headers['ms-azureml-model-error-statuscode'] = String(status)
  if (backEnd.namesSessionOfErrors && call?.deployment)
    headers['azureml-model-session'] = sessionOf(call.deployment.model.servedName, config.azure.frontEnd)
  if (backEnd.tellsFilter !== 'never') headers['x-ms-rai-invoked'] = raiInvoked(config)
}
