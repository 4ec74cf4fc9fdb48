/** The step of the pipeline after a provisioned deployment could not answer: who does in its place, and how. */
import { answered } from './answered.ts'
import { ApiError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { type Arrival, judge } from './http/parse.ts'
import { reachOf } from './models/sku.ts'
import type { AnyCall, Parsed } from './operation.ts'
import type { Ruling } from './ruled.ts'
import type { Snapshot } from './snapshot.ts'
import type { Deployment } from './types.ts'

type Spill = { readonly call: AnyCall; readonly to: Deployment; readonly status: number }

/** Undefined where what went wrong stays with whom it went wrong with. The deployment's own word beats the request's. */
export function spillOf({ call, request }: Exchange, error: unknown, sim: Snapshot): Spill | undefined {
  const from = call?.deployment
  if (!call || !from?.throughput || sim.mode.lookUp || !(error instanceof ApiError) || !spills(error)) return undefined
  const name = from.spilloverDeploymentName ?? request.headers.get('x-ms-spillover-deployment')
  const to = name ? sim.findDeployment(name) : undefined
  return to && mayTake(from, to) ? { call, to, status: error.status } : undefined
}

/** A standard deployment that does the same where the other does it; of one whose type nobody said it is not known. */
const mayTake = (from: Deployment, to: Deployment): boolean =>
  !to.throughput &&
  (to.sku === undefined || from.sku === undefined || reachOf(to.sku) === reachOf(from.sku)) &&
  to.model.kinds.some((kind) => from.model.kinds.includes(kind))

const statuses: ReadonlySet<number> = new Set([429, 500, 503])

const spills = ({ status, code }: ApiError): boolean =>
  statuses.has(status) || (status === 400 && code === 'context_length_exceeded')

type Rule = (parsed: Parsed, arrival: Arrival) => Promise<Ruling | undefined> | undefined

/**
 * Asks the other deployment, whose limits, latency and errors hold from here on, and the rules that are for it. What was
 * ruled so far holds as well, but for the error of a rule, which the first deployment has had.
 */
export async function spillOver({ call, to, status }: Spill, exchange: Exchange, sim: Snapshot, rule: Rule) {
  const { request, target, requestId, receivedAtMs } = exchange
  exchange.spilled = { from: call.deployment?.name ?? '', status }
  exchange.refusal = undefined
  exchange.changeError = undefined
  exchange.fault = undefined
  const { asked } = exchange
  const arrival = { request, target, match: call.match, requestId, receivedAtMs, asked }
  const parsed = await judge(arrival, sim, call.wire.bytes, to)
  exchange.call = parsed.call
  const ruling = parsed.refusal ? undefined : await rule(parsed, arrival)
  return answered(ruling?.parsed ?? parsed, exchange, sim, ruling)
}
