/** The headers of an answer that is no error. Those of errors and of limits are beside. */
import { addAccount } from '../base/account-headers.ts'
import { asAsked, type BackEnd } from '../base/back-end.ts'
import { backEnds } from '../base/back-ends.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { AnyCall, AnyDeploymentOperation, AnyOperation, Family } from '../operation.ts'
import { hashText32, hexText, mix32, seededRandom, uuid } from '../random.ts'
import type { Deployment, LimitState, Plan } from '../types.ts'
import { raiInvoked } from './filter-headers.ts'
import { headerText } from './header-text.ts'
import { addLimits, beforeCall } from './limit-headers.ts'
import { Likes, shapedBy } from './likes.ts'

export type Headers = Record<string, string>

/** What is known of a request when it is answered. */
export type About = {
  readonly requestId: string
  readonly config: Config
  /** What the path names, also where there is no call yet. */
  readonly family: Family | undefined
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
  const { call } = about
  const isWhole = bytes !== undefined
  const deployment = call?.deployment
  const backEnd = asAsked(plan.backEnd ? backEnds[plan.backEnd] : backEndOf(about), call)
  const now = backEnd.isDirect || backEnd.tellsNoLimits ? undefined : about.state
  const state = now && backEnd.tellsLimitsBefore ? beforeCall(now) : now
  const headers = deployment
    ? { ...likeOf(deployment, { call, state, config: about.config, backEnd, isWhole }) }
    : { ...usual(about), ...headersOf(backEnd, { config: about.config, isWhole }) }
  headers['Content-Type'] = typeOf(plan, call, backEnd)
  headers['apim-request-id'] = about.requestId
  if (backEnd.hasRequestId) headers['x-request-id'] = modelRequestId
  if (isWhole) headers['Content-Length'] = String(bytes)
  if (state) addLimits(headers, state, about)
  addClientId(headers, backEnd, about)
  addTold(headers, backEnd, about)
  if (call?.deployment) addOfRequest(headers, call, backEnd, about)
  for (const name in plan.headers) headers[name] = plan.headers[name] ?? ''
  const { family } = about
  return family?.headers ? { ...headers, ...family.headers(about) } : headers
}

/** What is the same in all answers, and places for what is in all of them. */
const usual = ({ config }: Pick<About, 'config'>): Headers => ({
  'Content-Type': '',
  'Strict-Transport-Security': strictTransportSecurity,
  'apim-request-id': '',
  'x-content-type-options': 'nosniff',
  'x-ms-region': config.azure.region,
})

/** The service that answers, or says no. */
export const backEndOf = ({ call, operation }: Pick<About, 'call' | 'operation'>): BackEnd =>
  call?.backEnd ?? backEnds[operation?.backEnd ?? 'model']

/** What a back end adds to each of its answers. */
function headersOf(backEnd: BackEnd, { config, isWhole }: Pick<Like, 'config' | 'isWhole'>): Headers {
  const headers: Headers = { ...backEnd.headers, ...backEnd.answerHeaders }
  if (!isWhole) Object.assign(headers, backEnd.streamHeaders)
  addAccount(headers, backEnd, config.azure.region)
  if (backEnd.tellsFilter === 'always') headers['x-ms-rai-invoked'] = raiInvoked(config)
  for (const name of [...(backEnd.times ?? []), ...(backEnd.ids ?? [])]) headers[name] = ''
  if (backEnd.hasRequestId) headers['x-request-id'] = ''
  return headers
}

/** What is replayed has the type that was recorded. */
function typeOf({ contentType }: Plan, call: AnyCall | undefined, { json, events }: BackEnd): string {
  if (call?.body === undefined) return contentType
  if (json !== undefined && contentType === 'application/json') return json
  return events !== undefined && contentType.startsWith('text/event-stream') ? events : contentType
}

export function addClientId(headers: Headers, { clientId }: BackEnd, about: About): void {
  if (clientId === 'dropped') return
  const told = about.clientRequestId ?? (clientId === 'named' ? about.requestId : null)
  if (told !== null) headers['x-ms-client-request-id'] = told
}

/** Ids and times, which differ from answer to answer. */
export function addTold(headers: Headers, { ids, ownIds, times, seconds }: BackEnd, about: About): void {
  if (ids) for (const name of ids) headers[name] = about.requestId
  if (times) for (const name of times) headers[name] = tookMs(about)
  if (seconds) for (const name of seconds) headers[name] = (Number(tookMs(about)) / 1000).toFixed(3)
  if (ownIds) for (const name of ownIds) headers[name] = ownId(name, about)
}

/** Another than the request's own, and the same whenever that is. */
const ownId = (name: string, { requestId }: About) =>
  uuid(seededRandom(hashText32(requestId) + 4_294_967_296 * mix32(hashText32(name))))

type Like = Pick<About, 'state' | 'config'> & {
  readonly call: AnyCall
  readonly backEnd: BackEnd
  readonly isWhole: boolean
}

const likes = new Likes<Headers>()

/** To be copied: all that does not depend on the request alone, and places for what does. */
function likeOf(deployment: Deployment, { call, state, config, backEnd, isWhole }: Like): Headers {
  let shape = shapedBy(isWhole ? 1 : 0, call.stream)
  if (state) {
    shape = shapedBy(shape, true)
    shape = shapedBy(shape, state.limitRequests !== undefined)
    shape = shapedBy(shape, state.limitTokens !== undefined)
    shape = shapedBy(shape, state.utilization !== undefined)
  }
  return likes.of(deployment, { operation: call.match.operation, config, kind: backEnd, shape }, () => {
    const headers = { ...usual({ config }), ...headersOf(backEnd, { config, isWhole }) }
    if (isWhole) headers['Content-Length'] = ''
    addModel(headers, { call, deployment, config, backEnd })
    if (state) addLimits(headers, state, { config, call })
    return headers
  })
}

/**
 * What the layer of the models adds: as recorded of chat completions (classic front end, March 2026; new one, June
 * 2026), of responses (April 2026) and of embeddings (February 2024), which other kinds of answers are taken to be like.
 */
function addModel(headers: Headers, { call, deployment: { name, model }, config, backEnd }: ModelLike): void {
  const { frontEnd } = config.azure
  if (backEnd.namesServedModel) headers['x-ms-served-model'] = model.servedName
  if (backEnd.isDirect) return
  headers['skip-error-remapping'] = 'true'
  headers['x-ms-is-spilled-over'] = 'false'
  if (frontEnd === 'new') headers['azureai-fe-is-streaming'] = call.stream ? 'True' : 'False'
  if (backEnd.namesDeployment) headers['x-ms-deployment-name'] = headerText(name)
  if (!backEnd.namesModel) return
  headers['azureml-model-session'] = sessionOf(model.servedName, frontEnd)
  if (frontEnd === 'new') headers['x-ms-served-model'] = model.servedName
}

type ModelLike = Omit<Like, 'state' | 'isWhole'> & { readonly deployment: Deployment }

const ofDeployment = ({ match: { operation } }: AnyCall): AnyDeploymentOperation | undefined =>
  operation.scope === 'deployment' ? operation : undefined

/** What depends on the request alone, and so cannot be copied from another answer. */
function addOfRequest(headers: Headers, call: AnyCall, { namesModel }: BackEnd, about: About): void {
  // What is replayed was never read: its recording has what depended on it.
  if (call.body === undefined) return
  const { azure } = about.config
  const operation = ofDeployment(call)
  if (azure.frontEnd === 'new') {
    const tier = operation?.tier?.(call.body)
    if (tier) headers['azureai-fe-requested-service-tier'] = tier
  }
  if (call.tier && 'azureai-processed-tier' in headers) {
    headers['azureai-processed-tier'] = call.tier
    headers['azureai-requested-tier'] = operation?.tier?.(call.body) ?? 'auto'
  }
  // As some backends of 2025 measured themselves: two names of nearly the same time.
  if (azure.timingHeaders && namesModel)
    headers['cmp-upstream-response-duration'] = headers['ms-azureml-model-time'] = tookMs(about)
}

const tookMs = ({ clock, receivedAtMs }: About) => String(Math.round(clock.now() - receivedAtMs))

type FrontEnd = Config['azure']['frontEnd']

/** The build of the model's backend: the same for a model until it changes, as `d20260526124601-421ae15f`. */
export function sessionOf(model: string, frontEnd: FrontEnd): string {
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
