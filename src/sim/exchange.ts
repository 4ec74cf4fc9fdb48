/** One request on its way, and what is known of it so far: all that its answer, its refusal and its record are made of. */
import type { KnownRule } from './config/rules.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config/config.ts'
import type { FaultName } from './config/fault-names.ts'
import { ClientGone } from './base/slices.ts'
import { ApiError, internalError, requestTimeout } from './errors.ts'
import { errorAnswer } from './http/error-answer.ts'
import { headerText } from './http/header-text.ts'
import { type About, answerHeaders } from './http/headers.ts'
import type { Refusal } from './http/limit-headers.ts'
import { watched } from './live/watched.ts'
import { newSession, type SessionTold } from './base/session-told.ts'
import { send } from './http/send.ts'
import { parseTarget } from './http/target.ts'
import { type ToldError, toldError } from './base/told-error.ts'
import { errorIn, watchError } from './http/error-in.ts'
import { type AskedFor, isStreamIn } from './http/asked-for.ts'
import { refusalHint } from './http/refusal-hint.ts'
import { observationOf } from './metrics/observation.ts'
import type { AnyCall, AnyOperation, Family, Match } from './operation.ts'
import { uuid } from './random.ts'
import { waitIn } from './verdict/seen.ts'
import type { Snapshot } from './snapshot.ts'
import type { LimitState, Plan, SimRequest, SimResponse, Target, Usage } from './types.ts'

export type Ruled = { readonly label: string; readonly headers: Readonly<Record<string, string>> }

/** Of so much work the operator should know. */
const longWorkMs = 100

export class Exchange implements About {
  readonly request: SimRequest
  readonly requestId: string
  readonly clientRequestId: string | null
  readonly receivedAtMs: number
  readonly target: Target
  /** What the path names, where it names anything. */
  readonly found: Match | undefined
  readonly family: Family | undefined
  readonly operation: AnyOperation | undefined
  /** With the content filter of its own, where it has one. */
  config: Config
  readonly clock: Clock
  call: AnyCall | undefined = undefined
  state: LimitState | undefined = undefined
  refusal: Refusal | undefined = undefined
  /** What it asks for, where it came to no call. */
  asked: AskedFor = {}
  /** What was said to be wrong with it. */
  error: ToldError | undefined = undefined
  /** Where it came to nothing for want of a recording. */
  missed: string | undefined = undefined
  plannedAtMs: number | undefined = undefined
  /** Of a long answer, its bytes, which count as in flight. */
  takenBytes = 0
  firstAtMs: number | undefined = undefined
  /** That a rule has brought about. */
  fault: FaultName | undefined = undefined
  /** What became of a live connection. */
  session: SessionTold | undefined = undefined
  /** How long its client was told to wait. */
  waitMs = NaN
  /** What a rule had a hand in: as the journal names the rule, and headers that are its doing. */
  ruled: Ruled | undefined = undefined
  /** The rule that fitted. */
  rule: KnownRule | undefined = undefined
  /** What a rule does to the error that it answers with. */
  changeError: ((answer: SimResponse) => SimResponse | Promise<SimResponse>) | undefined = undefined
  /** The provisioned deployment that could not answer, and what it would have said. */
  spilled: { readonly from: string; readonly status: number } | undefined = undefined
  /** Work that was done for it, in all and at a stretch. */
  #workMs = 0
  #longestMs = 0
  readonly #sim: Snapshot

  constructor(request: SimRequest, sim: Snapshot) {
    this.receivedAtMs = sim.clock.now()
    this.requestId = uuid(sim.random)
    this.request = sim.bodies ? sim.bodies.heard(request, this.requestId) : request
    this.target = parseTarget(request.url)
    this.clientRequestId = request.headers.get('x-ms-client-request-id')
    this.found = sim.router.find(request.method, this.target.path)
    this.family = this.found?.family
    this.operation = this.found?.operation
    this.config = sim.config
    this.clock = sim.clock
    this.#sim = sim
    sim.arrived()
  }

  /** Sends an answer. `settle` is told what it used, once it has ended. */
  reply(plan: Plan, settle?: (usage: Usage) => void): SimResponse | Promise<SimResponse> {
    const { clock, receivedAtMs, request } = this
    const { report, random } = this.#sim
    const told = (this.session = plan.session && newSession())
    const watching = plan.status < 400 ? plan : watchError(plan, (error) => (this.error = error))
    const answer = send(watching, {
      clock,
      receivedAtMs,
      request,
      headers: (bytes) => this.#told(answerHeaders(plan, this, uuid(random), bytes)),
      onEnd: (isWhole, live, sentTokens) => {
        const usage = live?.usage ?? plan.usage
        const used = sentTokens === undefined ? usage : { ...usage, sentTokens }
        settle?.(used)
        this.observe(isWhole ? plan.status : live?.brokenBy ? this.#broken(plan, live.brokenBy) : 499, used, plan)
      },
      report,
    })
    const { session, closeCode } = plan
    if ((!session || !told) && closeCode === undefined)
      return answer instanceof Promise ? answer.then((sent) => this.#kept(sent)) : this.#kept(answer)
    return Promise.resolve(answer).then((sent) =>
      this.#kept({
        ...sent,
        ...(session && told && { session: watched(session, { told, clock, flight: this.#sim.flight }) }),
        ...(closeCode !== undefined && { closeCode }),
      }),
    )
  }

  #kept(answer: SimResponse): SimResponse {
    return this.#sim.bodies?.answered(answer, this.requestId) ?? answer
  }

  /** The answer to a request that came to nothing: an error of the service, or a mistake of the simulator's own. */
  refuse(error: unknown): SimResponse {
    const { report, random } = this.#sim
    const hasGone = error instanceof ClientGone
    const ours = error instanceof ApiError ? error : hasGone ? requestTimeout() : internalError()
    if (ours !== error && !hasGone) report(error)
    this.missed = ours.recording
    if (ours.hint !== undefined) this.#sim.tellOnce(ours.hint)
    if (this.call === undefined) this.#hint(ours)
    const answer = errorAnswer(ours, this, this.refusal, () => uuid(random))
    this.error = typeof answer.body === 'string' ? errorIn(answer.body) : undefined
    const headers = this.#told(answer.headers)
    if (this.#sim.sightings) this.waitMs = waitIn(headers)
    return this.#kept(headers === answer.headers ? answer : { ...answer, headers })
  }

  /** The status of an answer that broke off: what a service breaks off is a gateway's failure. */
  #broken({ origin, status }: Plan, reason: Error): number {
    if (origin?.kind !== 'extension') return 502
    this.#sim.report(reason)
    this.error = toldError('streamBrokenOff', reason.message)
    return status
  }

  /** Whether it asks for a stream. A body that was refused before it was understood is looked at for that alone. */
  get isStreamAsked(): boolean {
    const { call, asked } = this
    return call
      ? call.stream || (call.body === undefined && (asked.stream ??= isStreamIn(call.wire)))
      : asked.stream === true
  }

  #hint(error: ApiError): void {
    const { request, target, found, config } = this
    const hint = refusalHint(error, { request, target, found, hasGates: config.azure.versionGates === 'on' })
    if (hint !== undefined) this.#sim.tellOnce(hint, 'info')
  }

  #told(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const { ruled, spilled, call } = this
    if (!ruled && !spilled) return headers
    const byRule = ruled?.headers ?? {}
    const added = spilled ? { ...byRule, ...spilledHeaders(spilled, call?.deployment?.name ?? '') } : byRule
    const names = new Set(Object.keys(added).map((name) => name.toLowerCase()))
    const kept = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()))
    return { ...Object.fromEntries(kept), ...added }
  }

  /** Called once, when the answer has ended. */
  observe(status: number, usage: Usage | undefined, plan?: Plan): void {
    const { phases, observe, sightings } = this.#sim
    const endedAtMs = this.clock.now()
    // Who follows the journal is told which attempt it was.
    if (sightings) {
      if (plan && plan.status >= 400 && plan.headers) this.waitMs = waitIn(plan.headers)
      sightings.add(this, { status, usage, endedAtMs })
    }
    const observation = observationOf(this, { status, usage, plan, phases, endedAtMs })
    observe(this.#workMs > longWorkMs ? { ...observation, work: this.#work() } : observation)
  }

  worked(ms: number): void {
    this.#workMs += ms
    if (ms > this.#longestMs) this.#longestMs = ms
  }

  #work() {
    const requestBytes = this.call?.wire.bytes.length ?? 0
    return { totalMs: this.#workMs, longestMs: this.#longestMs, requestBytes }
  }
}

const spilledHeaders = ({ from, status }: { readonly from: string; readonly status: number }, to: string) => ({
  'x-ms-is-spilled-over': 'true',
  'x-ms-spillover-from-deployment': headerText(from),
  'x-ms-spillover-error': String(status),
  'x-ms-deployment-name': headerText(to),
})
