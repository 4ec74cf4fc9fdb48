import { rateLimited } from './errors/limit.ts'
import { ApiError, internalError } from './errors.ts'
import { authenticate } from './http/auth.ts'
import { errorHeaders } from './http/error-headers.ts'
import { type About, answerHeaders } from './http/headers.ts'
import type { Refusal } from './http/limit-headers.ts'
import { parse } from './http/parse.ts'
import { ofService, ofSimulator } from './http/router.ts'
import { send } from './http/send.ts'
import { parseTarget } from './http/target.ts'
import { uuid } from './random.ts'
import type { Snapshot } from './snapshot.ts'
import type { AnyCall, LimitState, SimRequest, SimResponse, Usage } from './types.ts'

/** The life of a request, top to bottom. Every folder beside this file is one of these steps. Never rejects. */
export async function handle(request: SimRequest, sim: Snapshot): Promise<SimResponse> {
  const { clock, config } = sim
  const receivedAtMs = clock.now()
  const requestId = uuid(sim.random)
  const target = parseTarget(request.url)
  const clientRequestId = request.headers.get('x-ms-client-request-id')
  const found = sim.router(request.method, target.path)
  let call: AnyCall | undefined
  let state: LimitState | undefined
  let refusal: Refusal | undefined

  const about = (): About => ({ requestId, azure: config.azure, call, state, clientRequestId })
  const observe = (status: number, usage: Usage | undefined) =>
    sim.observe({
      method: request.method,
      path: target.path,
      requestId,
      operation: call?.match.operation.name,
      deployment: call?.deployment?.name,
      status,
      receivedAtMs,
      endedAtMs: clock.now(),
      usage,
    })

  try {
    if (!found?.operation.isOpen) authenticate(request.headers, target.path, config.apiKey, found?.operation.keyHeader)
    const match = sim.mode.recall ? ofService(found, target) : ofSimulator(found, target)
    const parsed = await parse({ request, target, match, requestId, receivedAtMs }, sim)
    const admitted = (call = parsed.call)

    const { deployment } = admitted
    let settle: ((usage: Usage) => void) | undefined
    if (deployment) {
      const admission = await sim.limiter.admit({ deployment, cost: admitted.cost, atMs: receivedAtMs })
      if (!admission.ok) {
        refusal = admission
        throw rateLimited({
          deployment: deployment.name,
          model: deployment.model.name,
          azure: config.azure,
          reason: admission.reason,
          operation: match.operation.name,
          apiVersion: admitted.apiVersion,
          retryAfterMs: admission.retryAfterMs,
        })
      }
      ;({ state, settle } = admission)
    }
    if (parsed.refusal) throw parsed.refusal

    const plan = await sim.mode.plan(admitted, config)
    return await send(plan, {
      clock,
      receivedAtMs,
      request,
      headers: (bytes) => answerHeaders(plan, about(), uuid(sim.random), bytes),
      onEnd: (isWhole, live) => {
        const { promptTokens, completionTokens } = live?.usage ?? plan.usage
        // A prompt whose tokens only the service knew was not charged when the call was admitted.
        const uncharged = Math.max(0, promptTokens - admitted.cost.promptTokens)
        settle?.({ promptTokens, completionTokens: completionTokens + uncharged })
        observe(isWhole ? plan.status : live?.isBroken ? 502 : 499, live?.usage ?? plan.usage)
      },
      report: sim.report,
    })
  } catch (error) {
    const ours = error instanceof ApiError ? error : internalError()
    if (ours !== error) sim.report(error)
    const known = found?.operation.toError?.(ours) ?? ours
    observe(request.signal?.aborted ? 499 : known.status, undefined)
    return {
      status: known.status,
      headers: errorHeaders(known, about(), refusal, () => uuid(sim.random)),
      body: known.body,
    }
  }
}
