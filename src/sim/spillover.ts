/** The step of the pipeline after a provisioned deployment could not answer: who does in its place, and how. */
import { isPromise } from './base/promise.ts'
import { ApiError } from './errors.ts'
import { tooMany } from './errors/limit.ts'
import type { Exchange } from './exchange.ts'
import { judge } from './http/parse.ts'
import { admit, settlerOf } from './limits/admit.ts'
import type { AnyCall } from './operation.ts'
import type { Snapshot } from './snapshot.ts'
import type { Deployment, SimResponse } from './types.ts'

type Spill = { readonly call: AnyCall; readonly to: Deployment; readonly status: number }

/** Undefined where what went wrong stays with whom it went wrong with. The deployment's own word beats the request's. */
export function spillOf({ call, request }: Exchange, error: unknown, sim: Snapshot): Spill | undefined {
  const from = call?.deployment
  if (!call || !from?.throughput || sim.mode.lookUp || !(error instanceof ApiError) || !spills(error)) return undefined
  const name = from.spilloverDeploymentName ?? request.headers.get('x-ms-spillover-deployment')
  const to = name === null ? undefined : sim.findDeployment(name)
  return to && !to.throughput ? { call, to, status: error.status } : undefined
}

const statuses: ReadonlySet<number> = new Set([429, 500, 503])

const spills = ({ status, code }: ApiError): boolean =>
  statuses.has(status) || (status === 400 && code === 'context_length_exceeded')

/** Asks the other deployment, whose limits, latency and errors hold from here on. */
export async function spillOver({ call, to, status }: Spill, exchange: Exchange, sim: Snapshot): Promise<SimResponse> {
  const { request, target, requestId, receivedAtMs } = exchange
  exchange.spilled = { from: call.deployment?.name ?? '', status }
  exchange.refusal = undefined
  const parsed = await judge(
    { request, target, match: call.match, requestId, receivedAtMs, asked: exchange.asked },
    sim,
    call.wire.bytes,
    to,
  )
  const next = (exchange.call = parsed.call)
  const asked = admit(next, sim)
  const admission = isPromise(asked) ? await asked : asked
  if (admission && !admission.ok) {
    exchange.refusal = admission
    throw tooMany(next, admission, sim.config.azure)
  }
  exchange.state = admission?.state
  if (parsed.refusal) throw parsed.refusal
  const planned = sim.mode.plan(next, sim.config)
  const plan = isPromise(planned) ? await planned : planned
  exchange.plannedAtMs = sim.clock.now()
  const response = await exchange.reply(plan, settlerOf(next, admission))
  exchange.firstAtMs = sim.clock.now()
  return response
}
