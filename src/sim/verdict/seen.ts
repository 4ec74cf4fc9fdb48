/** From a request that has ended to what the verdict keeps of it. */
import type { FaultName } from '../config/fault-names.ts'
import type { AnyCall } from '../operation.ts'
import { hashText32, hashWords32, mix32 } from '../random.ts'
import type { LimitState, SimRequest, Target, Usage } from '../types.ts'
import type { Sightings } from './sightings.ts'

/** What is known of a request from its way. */
type Facts = {
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

type End = { readonly status: number; readonly usage: Usage | undefined; readonly endedAtMs: number }

export function sightingOf(sightings: Sightings, facts: Facts, { status, usage, endedAtMs }: End): void {
  const { request, call, receivedAtMs, clientRequestId } = facts
  const { headers } = request
  const deployment = call?.deployment
  const allowed = call?.cost.maxTokens
  const retries = headers.get('x-stainless-retry-count')
  const agent = headers.get('user-agent')
  sightings.add(
    {
      deployment: deployment?.name,
      model: deployment?.model.name,
      agent: agent === null ? undefined : agent.slice(0, longestAgent),
      isStream: facts.isStreamAsked,
      isProvisioned: deployment?.throughput !== undefined,
      fault: facts.fault,
    },
    {
      id: facts.requestId,
      atMs: receivedAtMs,
      firstAtMs: facts.firstAtMs ?? endedAtMs,
      endedAtMs,
      status,
      waitMs: facts.waitMs,
      print: printOf(facts),
      // A proxy's connections are not its client's.
      connection:
        headers.get('x-forwarded-for') === null && headers.get('via') === null ? (request.connection ?? NaN) : NaN,
      retryCount: retries !== null && /^\d{1,4}$/.test(retries) ? Number(retries) : NaN,
      clientHash: clientRequestId === null ? NaN : hashText32(clientRequestId),
      promptTokens: usage?.promptTokens ?? NaN,
      cachedTokens: usage?.cachedTokens ?? NaN,
      completionTokens: usage?.completionTokens ?? NaN,
      sentTokens: usage?.sentTokens ?? NaN,
      allowedTokens: allowed === undefined ? NaN : allowed * (call?.cost.choices ?? 1),
      utilization: facts.state?.utilization ?? facts.refusal?.state.utilization ?? NaN,
    },
  )
}

const longestAgent = 200

/** The same question has the same, whatever deployment it names: in the path, or as the model of its body. */
function printOf({ call, request, target }: Facts): number {
  const operation = call ? ofOperation(call.match.operation) : hashText32(target.path)
  const bytes = call?.wire.bytes
  if (bytes === undefined || bytes.length === 0)
    return mix32(operation) * lengths + (Number(request.headers.get('content-length') ?? 0) % lengths)
  const hash = call?.match.surface === 'dated' ? hashWords32(bytes) : hashWithoutModel(bytes)
  return mix32(hash ^ operation) * lengths + (bytes.length % lengths)
}

const operationHashes = new WeakMap<object, number>()

function ofOperation(operation: AnyCall['match']['operation']): number {
  let hash = operationHashes.get(operation)
  if (hash === undefined) operationHashes.set(operation, (hash = hashText32(operation.name)))
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
