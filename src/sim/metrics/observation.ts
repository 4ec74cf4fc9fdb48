/** What is known of a request when its answer has ended: for logs, metrics and the journal. */
import type { SessionTold } from '../base/session-told.ts'
import type { ToldError } from '../base/told-error.ts'
import type { AnyCall } from '../operation.ts'
import type { Origin } from '../base/origin.ts'
import type { Cost, LimitState, Model, Plan, SimRequest, Target, Usage } from '../types.ts'

/** What `observe` is told of each request, once, when its answer has ended. */
export type Observation = {
  readonly method: string
  readonly path: string
  readonly requestId: string
  /** Its resource and that one's region; absent of the one that the top level of the settings describes. */
  readonly resource?: string
  readonly region?: string
  /** As the client sent it, in `x-ms-client-request-id`. */
  readonly clientId: string | null
  readonly headers: SimRequest['headers']
  /** Of the host's, where it can tell. */
  readonly connection: number | undefined
  readonly operation: string | undefined
  readonly deployment: string | undefined
  /** As the request names it, where it came to no call: there may be none of that name. */
  readonly askedDeployment: string | undefined
  readonly model: Model | undefined
  /** 499 where the client left before the end. */
  readonly status: number
  readonly stream: boolean
  readonly receivedAtMs: number
  /** When it was known what is answered: all after it is latency that is simulated, or a service's. */
  readonly plannedAtMs: number
  /** When the first byte was due. */
  readonly firstAtMs: number
  readonly endedAtMs: number
  /** Known before any work was done; absent of what was refused before it was read. */
  readonly cost: Cost | undefined
  readonly usage: Usage | undefined
  readonly refusedBy: 'tokens' | 'requests' | undefined
  /** Where it was a rule that refused it, and no limit. */
  readonly isRefusedByRule?: true | undefined
  /** The rule that had a hand in it. */
  readonly rule: string | undefined
  /** The phases of timelines that held when it came, where any did. */
  readonly phase?: string | undefined
  /** The provisioned deployment that could not answer it. */
  readonly spilledFrom: string | undefined
  /** What its client was told is wrong. */
  readonly error: ToldError | undefined
  /** As it stood when it was admitted or refused; absent where nothing is limited. */
  readonly limits?: LimitState | undefined
  /** In percent, of provisioned throughput. */
  readonly utilization?: number | undefined
  /** Where it took long: how long it kept the thread, in all and at a stretch. */
  readonly work?: { readonly totalMs: number; readonly longestMs: number; readonly requestBytes: number }
  /** Of a live connection. */
  readonly session?: SessionTold | undefined
  /** Absent of what was refused, but for want of a recording. */
  readonly origin: Origin | undefined
}

/** What is known of a request from its way. */
type Facts = Pick<Observation, 'requestId' | 'receivedAtMs'> & {
  readonly request: Pick<SimRequest, 'method' | 'headers' | 'connection'>
  readonly target: Target
  readonly clientRequestId: string | null
  readonly call: AnyCall | undefined
  readonly operation: { readonly name: string } | undefined
  readonly asked: { readonly deployment?: string }
  readonly found: { readonly params: Readonly<Record<string, string | undefined>> } | undefined
  readonly isStreamAsked: boolean
  readonly error: ToldError | undefined
  readonly session: SessionTold | undefined
  readonly ruled: { readonly label: string } | undefined
  readonly spilled: { readonly from: string } | undefined
  readonly state: LimitState | undefined
  readonly refusal:
    | { readonly reason: 'tokens' | 'requests'; readonly state?: LimitState | undefined; readonly isOfRule?: true }
    | undefined
  /** Name of the recording that there is not. */
  readonly missed: string | undefined
  readonly plannedAtMs: number | undefined
  readonly firstAtMs: number | undefined
}

type End = Pick<Observation, 'status' | 'usage' | 'endedAtMs'> & {
  readonly plan: Plan | undefined
  readonly phases: readonly string[]
}

export function observationOf(facts: Facts, { status, usage, endedAtMs, plan, phases }: End): Observation {
  const { request, target, call, requestId, receivedAtMs } = facts
  return {
    method: request.method,
    path: target.path,
    requestId,
    clientId: facts.clientRequestId,
    headers: request.headers,
    connection: request.connection,
    operation: call?.match.operation.name ?? facts.operation?.name,
    deployment: call?.deployment?.name,
    askedDeployment: call?.deployment ? undefined : (facts.asked.deployment ?? facts.found?.params['deployment']),
    model: call?.deployment?.model,
    status,
    stream: (plan !== undefined && isStream(plan)) || (status >= 400 && facts.isStreamAsked),
    receivedAtMs,
    plannedAtMs: facts.plannedAtMs ?? endedAtMs,
    firstAtMs: facts.firstAtMs ?? endedAtMs,
    endedAtMs,
    cost: call?.cost,
    usage,
    refusedBy: facts.refusal?.reason,
    isRefusedByRule: facts.refusal?.isOfRule,
    rule: facts.ruled?.label,
    phase: phases.length > 0 ? phases.join(', ') : undefined,
    spilledFrom: facts.spilled?.from,
    limits: facts.state ?? facts.refusal?.state,
    utilization: facts.state?.utilization,
    error: status === 499 ? undefined : facts.error,
    session: facts.session,
    origin: plan ? (plan.origin ?? generated) : missedOrigin(facts.missed),
  }
}

const missedOrigin = (name: string | undefined): Origin | undefined =>
  name === undefined ? undefined : { kind: 'missed', recording: () => name }

const isStream = ({ body }: Plan) => body.kind === 'live' || (body.kind === 'stream' && body.isWhole !== true)

const generated: Origin = { kind: 'generated' }
