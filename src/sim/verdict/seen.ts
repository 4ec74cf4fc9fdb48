/** From a request that has ended to what the verdict keeps of it. */
import type { FaultName } from '../config/fault-names.ts'
import type { AnyCall } from '../operation.ts'
import { hashText32, hashWords32, mix32 } from '../random.ts'
import type { LimitState, SimRequest, Target, Usage } from '../types.ts'
import type { SharedSighting } from './sighting.ts'

/** What is known of a request from its way. */
export type AttemptFacts = {
  readonly request: SimRequest
  readonly requestId: string
  readonly clientRequestId: string | null
  readonly target: Target
  readonly call: AnyCall | undefined
  readonly receivedAtMs: number
  readonly firstAtMs: number | undefined
  readonly state: LimitState | undefined
  readonly refusal: { readonly state: LimitState } | undefined
  readonly fault: FaultName | undefined
  readonly waitMs: number
  readonly isStreamAsked: boolean
}

export type End = { readonly status: number; readonly usage: Usage | undefined; readonly endedAtMs: number }

export const kindOf = (facts: AttemptFacts): SharedSighting => {
  const deployment = facts.call?.deployment
  return {
    deployment: deployment?.name,
    model: deployment?.model.name,
    agent: agentOf(facts),
    isStream: facts.isStreamAsked,
    isProvisioned: deployment?.throughput !== undefined,
    fault: facts.fault,
  }
}

/** Whether that is what it would be, too: most requests that come one after another are alike, and make no other. */
export const isOfKind = (kind: SharedSighting, facts: AttemptFacts): boolean => {
  const deployment = facts.call?.deployment
  return (
    kind.deployment === deployment?.name &&
    kind.model === deployment?.model.name &&
    kind.isStream === facts.isStreamAsked &&
    kind.isProvisioned === (deployment?.throughput !== undefined) &&
    kind.fault === facts.fault &&
    kind.agent === agentOf(facts)
  )
}

function agentOf({ request }: AttemptFacts): string | undefined {
  const agent = request.headers.get('user-agent')
  return agent === null ? undefined : agent.length > longestAgent ? agent.slice(0, longestAgent) : agent
}

/**
 * Writes what is its own from `at` on, in the order of `numberNames`: each by itself, as a loop over names takes several
 * times as long, and an object that holds them would be made for nothing else.
 */
export function putNumbers(
  columns: Float64Array,
  at: number,
  facts: AttemptFacts,
  { status, usage, endedAtMs }: End,
): void {
  const { call, clientRequestId, state, refusal } = facts
  const { headers } = facts.request
  const retries = headers.get('x-stainless-retry-count')
  const cost = call?.cost
  columns[at] = facts.receivedAtMs
  columns[at + 1] = facts.firstAtMs ?? endedAtMs
  columns[at + 2] = endedAtMs
  columns[at + 3] = status
  columns[at + 4] = facts.waitMs
  columns[at + 5] = printOf(facts)
  columns[at + 6] = connectionOf(facts.request)
  columns[at + 7] = retries !== null && /^\d{1,4}$/.test(retries) ? Number(retries) : NaN
  columns[at + 8] = clientRequestId === null ? NaN : hashText32(clientRequestId)
  columns[at + 9] = usage ? usage.promptTokens : NaN
  columns[at + 10] = usage?.cachedTokens ?? NaN
  columns[at + 11] = usage ? usage.completionTokens : NaN
  columns[at + 12] = usage?.sentTokens ?? NaN
  columns[at + 13] = cost?.maxTokens === undefined ? NaN : cost.maxTokens * cost.choices
  columns[at + 14] = state?.utilization ?? refusal?.state.utilization ?? NaN
}

/** A proxy's connections are not its client's. */
const connectionOf = ({ headers, connection }: SimRequest): number =>
  connection !== undefined && headers.get('x-forwarded-for') === null && headers.get('via') === null ? connection : NaN

const longestAgent = 200

/** By whom: two who ask the same by keys of their own are two, though a gateway sends for both. */
function hashOfKey({ headers }: SimRequest): number {
  const key = headers.get('api-key') ?? headers.get('authorization') ?? headers.get('x-api-key') ?? ''
  if (key !== lastSeen.key) {
    lastSeen.key = key
    lastSeen.hash = hashText32(key)
  }
  return lastSeen.hash
}

/** Tokens are long, and the same one comes again and again. */
const lastSeen = { key: '', hash: 0 }

/** The same question of the same key has the same, whatever deployment it names: in the path, or as the model of its body. */
function printOf({ call, request, target }: AttemptFacts): number {
  const operation = hashOfKey(request) ^ (call ? ofName(call.match.operation.name) : hashText32(target.path))
  const bytes = call?.wire.bytes
  if (bytes === undefined || bytes.length === 0)
    return mix32(operation) * lengths + (Number(request.headers.get('content-length') ?? 0) % lengths)
  const hash = call?.match.surface === 'dated' ? hashWords32(bytes) : hashWithoutModel(bytes)
  return mix32(hash ^ operation) * lengths + (bytes.length % lengths)
}

/** One an operation. */
const ofNames = new Map<string, number>()

function ofName(name: string): number {
  let hash = ofNames.get(name)
  if (hash === undefined) ofNames.set(name, (hash = hashText32(name)))
  return hash
}

/** So that the sum is a whole number that is kept exactly. */
const lengths = 1_048_576

function hashWithoutModel(bytes: Uint8Array): number {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = body.indexOf('"model"')
  const start = at < 0 ? -1 : body.indexOf('"', at + 7)
  const end = start < 0 ? -1 : body.indexOf('"', start + 1)
  return end < 0 ? hashWords32(body) : mix32(hashWords32(body.subarray(0, at)) ^ mix32(hashWords32(body.subarray(end))))
}

/** Milliseconds, of either header; not a number where there is none. */
export function waitIn(headers: Readonly<Record<string, string>>): number {
  let waitMs = NaN
  for (const name of Object.keys(headers)) {
    const lower = name.length === 14 || name.length === 11 ? name.toLowerCase() : ''
    if (lower === 'retry-after-ms') return Number(headers[name])
    if (lower === 'retry-after') waitMs = 1000 * Number(headers[name])
  }
  return waitMs
}
