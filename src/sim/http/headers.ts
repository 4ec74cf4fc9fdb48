/** The headers of an answer that is no error. Those of errors and of limits are beside. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { AnyDeploymentOperation, AnyOperation } from '../operation.ts'
import { hashText32, hexText, seededRandom, uuid } from '../random.ts'
import type { AnyCall, Deployment, LimitState, Plan } from '../types.ts'
import { headerText } from './header-text.ts'
import { addLimits } from './limit-headers.ts'

export type Headers = Record<string, string>

/** What is known of a request when it is answered. */
export type About = {
  readonly requestId: string
  readonly config: Config
  /** What the path names, also where there is no call yet. */
  readonly operation: AnyOperation | undefined
  readonly call: AnyCall | undefined
  readonly state: LimitState | undefined
  /** As the client sent it: the service gives it back. */
  readonly clientRequestId: string | null
  readonly receivedAtMs: number
  readonly clock: Clock
}

export const strictTransportSecurity = 'max-age=31536000; includeSubDomains; preload'

/** `modelRequestId` is the id that the model's layer gave the request. */
export function answerHeaders(plan: Plan, about: About, modelRequestId: string, bytes: number | undefined): Headers {
  if (plan.isRelayed) return relayedHeaders(plan, about, bytes)
  const { call, state, clientRequestId } = about
  const isWhole = bytes !== undefined
  const deployment = call?.deployment
  const headers = deployment ? { ...likeOf(deployment, { call, state, config: about.config, isWhole }) } : usual(about)
  headers['Content-Type'] = plan.contentType
  headers['apim-request-id'] = about.requestId
  headers['x-request-id'] = modelRequestId
  if (isWhole) headers['Content-Length'] = String(bytes)
  if (state) addLimits(headers, state, about)
  if (clientRequestId !== null) headers['x-ms-client-request-id'] = clientRequestId
  if (call?.deployment) addOfRequest(headers, call, about)
  for (const name in plan.headers) headers[name] = plan.headers[name] ?? ''
  return about.operation?.headers ? { ...headers, ...about.operation.headers(about) } : headers
}

/** What is the same in all answers, and places for what is in all of them. */
const usual = ({ config }: Pick<About, 'config'>): Headers => ({
  'Content-Type': '',
  'Strict-Transport-Security': strictTransportSecurity,
  'apim-request-id': '',
  'x-content-type-options': 'nosniff',
  'x-ms-region': config.azure.region,
  'x-request-id': '',
})

type Like = Pick<About, 'state' | 'config'> & { readonly call: AnyCall; readonly isWhole: boolean }

/**
 * The headers of another answer like this one, to be copied: to copy an object and put values in its places takes a
 * fraction of the time that it takes to make it grow by a name at a time.
 */
function likeOf(deployment: Deployment, { call, state, config, isWhole }: Like): Headers {
  const { operation } = call.match
  const shape =
    (isWhole ? 1 : 0) +
    (call.stream ? 2 : 0) +
    (state?.limitRequests === undefined ? 0 : 4) +
    (state?.limitTokens === undefined ? 0 : 8) +
    (state ? 16 : 0)
  let likes = made.get(deployment)
  if (likes?.operation !== operation || likes.config !== config)
    made.set(deployment, (likes = { operation, config, byShape: [] }))
  const known = likes.byShape[shape]
  if (known) return known
  const headers = usual({ config })
  if (isWhole) headers['Content-Length'] = ''
  addModel(headers, call, deployment, config)
  if (state) addLimits(headers, state, { config, call })
  return (likes.byShape[shape] = headers)
}

type Likes = Pick<About, 'config'> & { readonly operation: AnyOperation; readonly byShape: Headers[] }

/** Of each deployment what its last operation was answered with: most have one operation alone. */
const made = new WeakMap<Deployment, Likes>()

/**
 * What the layer of the models adds: as recorded of chat completions (classic front end, March 2026; new one, June
 * 2026), of responses (April 2026) and of embeddings (February 2024), which other kinds of answers are taken to be like.
 */
function addModel(headers: Headers, call: AnyCall, { name, model }: Deployment, config: Config): void {
  const { frontEnd } = config.azure
  const operation = ofDeployment(call)
  headers['skip-error-remapping'] = 'true'
  headers['x-ms-is-spilled-over'] = 'false'
  if (frontEnd === 'new') headers['azureai-fe-is-streaming'] = call.stream ? 'True' : 'False'
  if (operation?.hidesModel) return
  headers['azureml-model-session'] = sessionOf(model.servedName, frontEnd)
  headers['x-ms-deployment-name'] = headerText(name)
  if (frontEnd === 'new') headers['x-ms-served-model'] = model.servedName
  Object.assign(headers, operation?.modelHeaders?.(config))
}

const ofDeployment = ({ match: { operation } }: AnyCall): AnyDeploymentOperation | undefined =>
  operation.scope === 'deployment' ? operation : undefined

/** What depends on the request alone, and so cannot be copied from another answer. */
function addOfRequest(headers: Headers, call: AnyCall, about: About): void {
  // What is replayed was never read: its recording has what depended on it.
  if (call.body === undefined) return
  const { azure } = about.config
  const operation = ofDeployment(call)
  if (azure.frontEnd === 'new') {
    const tier = operation?.tier?.(call.body)
    if (tier) headers['azureai-fe-requested-service-tier'] = tier
  } else if (operation?.hasPictures?.(call.body)) addVision(headers, about)
  // As some backends of 2025 measured themselves: two names of nearly the same time.
  if (azure.tellsTimes && !operation?.hidesModel)
    headers['cmp-upstream-response-duration'] = headers['ms-azureml-model-time'] = tookMs(about)
}

const tookMs = ({ clock, receivedAtMs }: About) => String(Math.round(clock.now() - receivedAtMs))

/** Of prompts with pictures, which took another way through the service (recorded January 2026, of a whole answer). */
function addVision(headers: Headers, about: About): void {
  if (headers['Content-Type'] === 'application/json') headers['Content-Type'] = 'application/json; charset=utf-8'
  headers['api-supported-versions'] = '1'
  headers['request-id'] = uuid(seededRandom(hashText32(about.requestId)))
  headers['x-envoy-upstream-service-time'] = tookMs(about)
}

type FrontEnd = Config['azure']['frontEnd']

/** The build of the model's backend: the same for a model until it changes, as `d20260526124601-421ae15f`. */
function sessionOf(model: string, frontEnd: FrontEnd): string {
  const known = sessions[frontEnd].get(model)
  if (known !== undefined) return known
  const random = seededRandom(hashText32(`${frontEnd} ${model}`))
  const two = (min: number, max: number) => String(min + random.below(max - min + 1)).padStart(2, '0')
  const [month, codeLength] = frontEnd === 'new' ? (['05', 8] as const) : (['03', 12] as const)
  const built = `d2026${month}${two(1, 28)}${two(0, 23)}${two(0, 59)}${two(0, 59)}`
  const made = `${built}-${hexText(random, codeLength)}`
  sessions[frontEnd].set(model, made)
  return made
}

/** One a model of the catalogue. */
const sessions = { new: new Map<string, string>(), classic: new Map<string, string>() }

/** A real service's, with our limits in place of its own where we have any. */
function relayedHeaders(plan: Plan, about: About, bytes: number | undefined): Headers {
  const { state } = about
  const headers: Headers = {}
  // A status without a body has no length either.
  if (bytes !== undefined && plan.status !== 204 && plan.status !== 304) headers['Content-Length'] = String(bytes)
  if (plan.contentType !== '') headers['Content-Type'] = plan.contentType
  for (const name in plan.headers) {
    const isTheirLimit = state !== undefined && /^x-ratelimit-/i.test(name)
    if (!isTheirLimit) headers[name] = plan.headers[name] ?? ''
  }
  if (state) addLimits(headers, state, about)
  return headers
}
