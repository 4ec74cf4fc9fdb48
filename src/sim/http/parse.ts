/** From what was sent to a `Call`: the deployment found, the body checked, its size known. */
import {
  ApiError,
  contextLengthExceeded,
  contentTooLarge,
  deploymentNotFound,
  invalidBody,
  operationNotSupported,
  requestTimeout,
  serviceUnavailable,
} from '../errors.ts'
import { type AskedFor, askedFor, inputOf, isStreamAsked, maxPeekedBytes, placedIn } from './asked-for.ts'
import { NoRoom } from '../base/flight.ts'
import { inSlicesOf, type Meter, Slices, step } from '../base/slices.ts'
import { backEnds } from '../base/back-ends.ts'
import { hash32, hashText32, mix32, type Random, seededRandom } from '../random.ts'
import type { Snapshot } from '../snapshot.ts'
import type { AnyCall, AnyDeploymentOperation, BodyContext, Family, Match, Parsed } from '../operation.ts'
import type { Cost, Deployment, SimRequest, Target } from '../types.ts'
import { keepRead, longJsonBytes, parseJsonObject } from './body.ts'
import { isFormData, parseForm } from '../base/form.ts'
import { unreadCost } from '../base/unread-cost.ts'
import { parseLongJsonObject } from './long-json.ts'
import { checkVersion, unknownOperation } from './router.ts'

const nothing: Cost = { promptTokens: 0, promptCharacters: 0, maxTokens: undefined, choices: 1, countsTokens: true }

/** What a model cannot do is counted all the same, with the tokens of no particular limit (recorded December 2023 and March 2024). */
const unable: Cost = { ...nothing, promptTokens: 16, promptCharacters: 64 }

export type Arrival = {
  readonly request: SimRequest
  readonly target: Target
  readonly match: Match
  readonly requestId: string
  readonly receivedAtMs: number
  readonly meter?: Meter
  /** Written to as soon as it is known: it is all that is, of what comes to no call. */
  readonly asked: AskedFor
}

type LookUp = NonNullable<Snapshot['mode']['lookUp']>

/**
 * From a request to its call. Where the service is the judge, its mode may recall what the call costs; where it does
 * not, and in generate mode, the simulator judges it.
 */
export const parse = (arrival: Arrival, sim: Snapshot): Promise<Parsed> =>
  sim.mode.lookUp ? lookUpFirst(arrival, sim, sim.mode.lookUp) : judge(arrival, sim)

async function lookUpFirst(arrival: Arrival, sim: Snapshot, lookUp: LookUp): Promise<Parsed> {
  const bytes = await readBody(arrival.request, sim)
  const call = await lookUp(unjudged(arrival, bytes, sim), sim.config)
  if (call) return { call, refusal: undefined }
  checkVersion(arrival.match, arrival.target, hasGates(sim))
  return judge(arrival, sim, bytes)
}

/**
 * As in generate mode, by `given` in place of the deployment that the request names. Throws for what is refused before a
 * limiter counts it; a body that the model's layer refuses is told beside the call.
 */
export async function judge(
  arrival: Arrival,
  sim: Snapshot,
  received?: Uint8Array,
  given?: Deployment,
): Promise<Parsed> {
  const { match, request } = arrival
  const { operation } = match
  if (operation === unknownOperation) sim.missing(request.method, arrival.target.path)
  // On the dated surface the path names the deployment, so that nothing needs to be read to refuse it.
  const named = operation.scope === 'deployment' ? match.params['deployment'] : undefined
  let early = given
  if (!early && named !== undefined && operation.scope === 'deployment') {
    try {
      early = deploymentOf(named, operation, sim, match.family)
    } catch (error) {
      Object.assign(arrival.asked, await peek(request, match, sim, received))
      throw error
    }
  }
  const bytes = received ?? (await readBody(request, sim))
  const base = baseOf(arrival, bytes, sim)
  if (sim.lookUp) await sim.lookUp(operation, base.wire, match.params)
  if (operation.scope === 'resource') {
    if (bytes.length > longJsonBytes && !base.wire.contentType.startsWith('multipart/'))
      await readAhead(bytes, slicesOf(arrival, sim))
    const random = randomFor(arrival, bytes, sim)
    const rest = { deployment: undefined, body: undefined, stream: false, cost: nothing, random, timing: random }
    return { call: { ...base, ...rest }, refusal: undefined }
  }

  let slices = bytes.length > longBytes ? slicesOf(arrival, sim) : undefined
  let input: Input | undefined =
    operation.content !== 'json'
      ? parseForm(bytes, base.wire.contentType)
      : slices && bytes.length > longJsonBytes
        ? await parseLongJsonObject(bytes, slices)
        : parseJsonObject(bytes)
  if (slices && bytes.length > longJsonBytes) await slices.turn()
  if (operation.goesOn && input && !isFormData(input) && operation.goesOn(input)) slices ??= slicesOf(arrival, sim)
  let deployment = deploymentFor({ operation, match, input, early, apiVersion: base.apiVersion, arrival }, sim)
  if (operation.routed && !isFormData(input)) ({ deployment, input } = operation.routed(deployment, input))
  const timing = randomFor(arrival, bytes, sim)
  arrival.asked.stream = isStreamAsked(input)
  const known: Known = { base, operation, deployment, timing, input, body: undefined, cost: undefined }
  if (!isAble(known)) return refused(known, operationNotSupported(operation.label, deployment.model.name))
  if (input === undefined) return refused(known, invalidBody())
  try {
    const origin = { surface: match.surface, match, headers: request.headers, resource: sim.resource }
    const read: unknown = slices
      ? parsedIn(slices, known, input, origin)
      : operation.parse(input, deployment.model, origin)
    const body: unknown = read instanceof Promise ? await (read as Promise<unknown>) : read
    known.body = body
    if (slices) await slices.turn()
    if (operation.withoutEffect ?? operation.unused) sim.withoutEffect(operation, body)
    const reading = operation.readAhead?.(bytes, input)
    const note = reading && (await reading)
    if (note) sim.tellOnce(note)
    const measured = slices ? measuredIn(slices, known) : measure(known)
    const cost = measured instanceof Promise ? await measured : measured
    if (slices) await slices.turn()
    if (operation.lookAhead && sim.config.contentFilter.rules.length > 0) {
      const looking = lookAheadIn(slicesOf(arrival, sim), known, sim.config)
      if (looking instanceof Promise) await looking
    }
    const maxPromptTokens = deployment.throughput?.maxPromptTokens
    if (maxPromptTokens !== undefined && cost.promptTokens > maxPromptTokens)
      return refused(known, contextLengthExceeded(maxPromptTokens, cost.promptTokens, {}))
    const seed = operation.seed?.(body)
    const random = seed === undefined ? timing : seededRandom(mix32(seed) + 4_294_967_296 * hash32(bytes))
    const stream = operation.isStream?.(body) ?? false
    const call = { ...base, deployment, backEnd: backEndFor(known), body, stream, cost, random, timing }
    return { call, refusal: undefined }
  } catch (error) {
    if (error instanceof ApiError) return refused(known, error)
    throw uncalled(error, arrival, input, sim)
  }
}

type Input = Readonly<Record<string, unknown>> | FormData

/** What is known of a call to a deployment by and by. */
type Known = {
  readonly base: ReturnType<typeof baseOf>
  readonly operation: AnyDeploymentOperation
  readonly deployment: Deployment
  readonly timing: Random
  readonly input: Input | undefined
  /** As the operation reads it, once it has. */
  body: unknown
  /** Once it was measured. */
  cost: Cost | undefined
}

/** All that a record can say of what comes to no call. */
function uncalled(error: unknown, { asked, match }: Arrival, input: Input | undefined, sim: Snapshot): unknown {
  Object.assign(asked, askedFor(match, input, sim.resource))
  return error
}

type Naming = {
  readonly arrival: Arrival
  readonly operation: AnyDeploymentOperation
  readonly match: Match
  readonly input: Input | undefined
  readonly early: Deployment | undefined
  readonly apiVersion: string
}

function deploymentFor({ arrival, operation, match, input, early, apiVersion }: Naming, sim: Snapshot): Deployment {
  const { family } = match
  try {
    const deployment =
      early ?? deploymentOf(placedIn(match, input, sim.resource) ?? modelOf(input, family), operation, sim, family)
    if (family.hasDatedVersions && hasGates(sim)) operation.checkDated?.(apiVersion, deployment.model, input)
    return deployment
  } catch (error) {
    throw uncalled(error, arrival, input, sim)
  }
}

const isAble = ({ operation, deployment }: Known) => deployment.model.kinds.includes(operation.modelKind)

/** Where it does not depend on the call, it is the operation's own. */
const backEndFor = ({ base: { match, apiVersion }, operation, deployment, body }: Known) =>
  operation.backEndOf && backEnds[operation.backEndOf(body, deployment.model, match, apiVersion)]

function refused(known: Known, refusal: ApiError): Parsed {
  const { base, deployment, timing } = known
  const call = {
    ...base,
    deployment,
    backEnd: backEndFor(known),
    body: undefined,
    stream: false,
    cost: refusedCost(known),
    random: timing,
    timing,
  }
  return { call, refusal }
}

/** Provisioned throughput is not used by what is refused. */
function refusedCost(known: Known): Cost {
  if (!isAble(known)) return unable
  if (known.deployment.throughput) return nothing
  return known.cost ?? unreadCost(known.input, known.operation.modelKind)
}

function measure(known: Known): Cost {
  const {
    operation,
    deployment: { model },
    body,
  } = known
  const cost = (known.cost = step(() => operation.measure(body, model)))
  if (operation.check) step(() => operation.check?.(body, cost, model))
  return cost
}

/** What an operation reads of it is there when it asks. */
async function readAhead(bytes: Uint8Array, slices: Slices): Promise<void> {
  keepRead(bytes, await parseLongJsonObject(bytes, slices))
  await slices.turn()
}

const slicesOf = ({ request, meter }: Arrival, { clock }: Snapshot) => new Slices(clock, () => request.signal, meter)

const parsedIn = (slices: Slices, { operation, deployment }: Known, input: Input, origin: BodyContext): unknown =>
  slices.timed(() => inSlicesOf(slices, () => operation.parse(input, deployment.model, origin) as unknown))

const measuredIn = (slices: Slices, known: Known): Cost | Promise<Cost> =>
  slices.timed(() => inSlicesOf(slices, () => measure(known)))

const lookAheadIn = (slices: Slices, { operation, body }: Known, config: Snapshot['config']): unknown =>
  slices.timed(() => inSlicesOf(slices, () => operation.lookAhead?.(body, config)))

/** A shorter body is read and measured in one go. */
const longBytes = 16_384

const hasGates = ({ config }: Snapshot) => config.azure.versionGates === 'on'

/** What is known of a call before its body is looked at. */
function baseOf(
  { request, target, match, requestId, receivedAtMs, meter }: Arrival,
  bytes: Uint8Array,
  { resource }: Snapshot,
) {
  const { method, url, base, headers } = request
  const contentType = headers.get('content-type') ?? ''
  const apiVersion = match.family.version ?? target.query.get('api-version') ?? ''
  const wire = { method, url, base, target, contentType, headers, bytes }
  return { requestId, match, apiVersion, receivedAtMs, signal: () => request.signal, wire, resource, meter }
}

/** Nothing is refused: what does not name a deployment of ours has no limits of ours. */
function unjudged(arrival: Arrival, bytes: Uint8Array, sim: Snapshot): AnyCall {
  const { operation, params } = arrival.match
  const base = baseOf(arrival, bytes, sim)
  const random = randomFor(arrival, bytes, sim)
  const rest = { ...base, body: undefined, stream: false, random, timing: random }
  if (operation.scope === 'resource') return { ...rest, deployment: undefined, cost: nothing }
  const model = params['deployment'] ?? (operation.content === 'json' ? parseJsonObject(bytes)?.['model'] : undefined)
  const deployment = typeof model === 'string' ? sim.findDeployment(model, operation.defaultModel) : undefined
  const cost = { ...nothing, countsTokens: operation.content === 'json' }
  return { ...rest, deployment, cost }
}

/** What a request asks for that nobody reads further: a short body is looked at. Never rejects. */
export async function peek(request: SimRequest, match: Match, sim: Snapshot, received?: Uint8Array): Promise<AskedFor> {
  const isShort = Number(request.headers.get('content-length') ?? 0) <= maxPeekedBytes
  const bytes = received ?? (isShort ? await readBody(request, sim).catch(() => undefined) : undefined)
  const input = bytes && inputOf(bytes, request.headers.get('content-type') ?? '')
  try {
    return askedFor(match, input, sim.resource)
  } catch {
    return {}
  }
}

async function readBody(request: SimRequest, { config, flight }: Snapshot): Promise<Uint8Array> {
  const maxBytes = config.server.maxBodyBytes
  if (request.method === 'GET' || request.method === 'HEAD') return new Uint8Array()
  let bytes: Uint8Array | undefined
  try {
    bytes = await request.bytes(maxBytes, flight)
  } catch (error) {
    throw error instanceof NoRoom ? serviceUnavailable() : requestTimeout()
  }
  if (bytes === undefined) throw contentTooLarge(maxBytes)
  return bytes
}

/** Where the path does not name it, the body names the deployment. */
function modelOf(input: Record<string, unknown> | FormData | undefined, family: Family): string {
  if (input === undefined) throw invalidBody()
  const model = isFormData(input) ? input.get('model') : input['model']
  if (typeof model !== 'string' || model === '') throw family.modelMissing()
  return model
}

function deploymentOf(name: string, operation: AnyDeploymentOperation, sim: Snapshot, family: Family): Deployment {
  const deployment = sim.findDeployment(name, operation.defaultModel)
  if (deployment === undefined) throw deploymentNotFound()
  if (family.modelUnfit && !deployment.model.kinds.includes(operation.modelKind)) throw family.modelUnfit()
  return deployment
}

/** Where a seed is configured, the same request draws the same; else every request draws anew. */
function randomFor({ request, target }: Arrival, bytes: Uint8Array, { config, random }: Snapshot): Random {
  if (config.seed === undefined) return random
  const place = hashText32(`${request.method} ${target.path}`)
  return seededRandom(hash32(bytes, config.seed) + 4_294_967_296 * mix32(place ^ config.seed))
}
