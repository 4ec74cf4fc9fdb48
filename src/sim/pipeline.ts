import { tooMany } from './errors/limit.ts'
import { ApiError, internalError } from './errors.ts'
import { readAgain } from './http/body.ts'
import { errorAnswer } from './http/error-answer.ts'
import { type About, answerHeaders } from './http/headers.ts'
import type { Refusal } from './http/limit-headers.ts'
import { parse } from './http/parse.ts'
import { ofService, ofSimulator } from './http/router.ts'
import { dropAnswer, send } from './http/send.ts'
import { parseTarget } from './http/target.ts'
import { isPromise } from './base/promise.ts'
import { admit } from './limits/admit.ts'
import { observationOf } from './metrics/observation.ts'
import { uuid } from './random.ts'
import type { Snapshot } from './snapshot.ts'
import type { AnyCall } from './operation.ts'
import type { LimitState, Plan, SimRequest, SimResponse, Usage } from './types.ts'

/** The life of a request, top to bottom. Every folder beside this file is one of these steps. Never rejects. */
export async function handle(arrived: SimRequest, sim: Snapshot): Promise<SimResponse> {
  const { clock, config, hooks } = sim
  const request = hooks ? readAgain(arrived) : arrived
  const receivedAtMs = clock.now()
  const requestId = uuid(sim.random)
  const target = parseTarget(request.url)
  const clientRequestId = request.headers.get('x-ms-client-request-id')
  const found = sim.router(request.method, target.path)
  const operation = found?.operation
  let call: AnyCall | undefined
  let state: LimitState | undefined
  let refusal: Refusal | undefined
  let plannedAtMs: number | undefined
  let firstAtMs: number | undefined

  const about = (): About => ({ requestId, config, operation, call, state, clientRequestId, receivedAtMs, clock })
  const observe = (status: number, usage: Usage | undefined, plan?: Plan) =>
    sim.observe(
      observationOf({
        request,
        path: target.path,
        requestId,
        clientId: clientRequestId,
        call,
        plan,
        status,
        usage,
        refusedBy: refusal?.reason,
        receivedAtMs,
        plannedAtMs,
        firstAtMs,
        endedAtMs: clock.now(),
      }),
    )
  const reply = (plan: Plan, settle?: (usage: Usage) => void) =>
    send(plan, {
      clock,
      receivedAtMs,
      request,
      headers: (bytes) => answerHeaders(plan, about(), uuid(sim.random), bytes),
      onEnd: (isWhole, live) => {
        const usage = live?.usage ?? plan.usage
        settle?.(usage)
        observe(isWhole ? plan.status : live?.isBroken ? 502 : 499, usage, plan)
      },
      report: sim.report,
    })
  const refuse = (error: unknown): SimResponse => {
    const ours = error instanceof ApiError ? error : internalError()
    if (ours !== error) sim.report(error)
    const known = operation?.toError?.(ours, call, requestId) ?? ours
    return errorAnswer(known, about(), refusal, () => uuid(sim.random))
  }

  let response: SimResponse
  try {
    const entry = found?.operation.isOpen ? undefined : sim.gate(request.headers, target.path, found?.operation)
    if (entry) await entry
    if (!found && !sim.mode.lookUp) sim.missing(request.method, target.path)
    const match = sim.mode.lookUp
      ? ofService(found, target)
      : ofSimulator(found, target, config.azure.versionGates === 'on')
    const early = hooks?.before && (await hooks.before({ request, target, maxBytes: config.server.maxBodyBytes }))
    if (early) response = await reply(early)
    else {
      const parsed = await parse({ request, target, match, requestId, receivedAtMs }, sim)
      const admitted = (call = parsed.call)
      const verdict = admit(admitted, sim)
      const admission = isPromise(verdict) ? await verdict : verdict
      if (admission && !admission.ok) {
        refusal = admission
        throw tooMany(admitted, admission, config.azure)
      }
      state = admission?.state
      if (parsed.refusal) throw parsed.refusal

      const planned = sim.mode.plan(admitted, config)
      const plan = isPromise(planned) ? await planned : planned
      plannedAtMs = clock.now()
      const sent = reply(plan, ({ promptTokens, completionTokens }) => {
        // A prompt whose tokens only the service knew was not charged when the call was admitted.
        const uncharged = Math.max(0, promptTokens - admitted.cost.promptTokens)
        admission?.settle({ promptTokens, completionTokens: completionTokens + uncharged })
      })
      response = isPromise(sent) ? await sent : sent
      firstAtMs = clock.now()
    }
  } catch (error) {
    response = refuse(error)
    observe(request.signal?.aborted ? 499 : response.status, undefined)
  }
  if (!hooks?.after) return response
  try {
    return await hooks.after(response, { request, target, maxBytes: config.server.maxBodyBytes }, call)
  } catch (error) {
    dropAnswer(response)
    return refuse(error)
  }
}
