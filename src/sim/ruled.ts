/** The step of the pipeline that applies a rule: what it answers, or what it changes of a call and of its answer. */
import type { Exchange } from './exchange.ts'
import { type Arrival, judge } from './http/parse.ts'
import type { KnownRule } from './config/rules.ts'
import type { Mode } from './modes/mode.ts'
import type { AnyCall, Parsed } from './operation.ts'
import type { Moment } from './rules/asked.ts'
import { withFault } from './faults/index.ts'
import { changedCall, errorOf, labelOf, rawPlan, refusalOf, saysSomething, toldHeaders, withSeed } from './rules/act.ts'
import { changedError } from './rules/changed-error.ts'
import { faultContext, faultOf, resetPlan } from './rules/fault.ts'
import { type Wishes, wishesOf, withWishes } from './rules/wishes.ts'
import { withTimes } from './rules/latency.ts'
import type { Snapshot } from './snapshot.ts'
import type { Plan } from './types.ts'

/** What rules may ask of the moment. */
const momentOf = ({ deployment, cost, receivedAtMs }: AnyCall, { phases, limiter, config }: Snapshot): Moment => ({
  phases,
  utilization: () =>
    deployment
      ? limiter.utilization({ deployment, cost, atMs: receivedAtMs, settings: deployment.limits ?? config.limits })
      : 0,
})

export type Ruling = {
  readonly parsed: Parsed
  /** Where the answer comes from. */
  readonly mode: Mode
  /** The answer, where it comes from nowhere else. */
  readonly answer: Plan | undefined
  readonly change: (plan: Plan) => Plan
}

/** Undefined where no rule fits. Throws the error that a rule answers with. */
export async function ruled(
  parsed: Parsed,
  arrival: Arrival,
  exchange: Exchange,
  sim: Snapshot,
): Promise<Ruling | undefined> {
  const wishes = sim.config.simHeaders === 'on' ? wishesOf(arrival.request) : undefined
  const found = sim.rules?.find(parsed.call, momentOf(parsed.call, sim))
  exchange.rule = found instanceof Promise ? await found : found
  return applied({ rule: exchange.rule, wishes }, { parsed, arrival, exchange, sim })
}

/**
 * The same for the deployment that a request spilled over to: rules that name it, else what held for the request before.
 * An error that a rule or the request itself asked for was the first deployment's.
 */
export async function ruledAgain(
  parsed: Parsed,
  arrival: Arrival,
  exchange: Exchange,
  sim: Snapshot,
): Promise<Ruling | undefined> {
  const { rule: before, ruled: label } = exchange
  exchange.ruled = undefined
  if (!sim.rules && !label) return undefined
  const asked = sim.config.simHeaders === 'on' ? wishesOf(arrival.request) : undefined
  const wishes = asked?.then.error === undefined ? asked : undefined
  const named = await sim.rules?.find(parsed.call, { ...momentOf(parsed.call, sim), isSpilled: true })
  const kept = before && before.then.error === undefined && before.when?.deployment === undefined ? before : undefined
  const ruling = await applied({ rule: named ?? kept, wishes }, { parsed, arrival, exchange, sim })
  // Whose error it was that made it spill had a hand in the answer.
  if (!ruling && label && (before?.then.error ?? asked?.then.error) !== undefined)
    exchange.ruled = { label: label.label, headers: toldHeaders({ ...(before ?? asRule), then: {} }) }
  return ruling
}

/** What a request asks for by itself, in the words of a rule. */
const asRule: KnownRule = { id: 'request-headers', then: {} }

type Found = { readonly rule: KnownRule | undefined; readonly wishes: Wishes | undefined }
type Place = {
  readonly parsed: Parsed
  readonly arrival: Arrival
  readonly exchange: Exchange
  readonly sim: Snapshot
}

async function applied(found: Found, { parsed, arrival, exchange, sim }: Place): Promise<Ruling | undefined> {
  const { config } = sim
  const { wishes, rule = wishes && asRule } = found
  if (!rule) return undefined
  const then = wishes ? withWishes(rule.then, wishes.then) : rule.then
  exchange.ruled = { label: labelOf(rule), headers: toldHeaders({ ...rule, then }) }
  exchange.refusal = refusalOf(then, parsed.call)
  const error = errorOf(then, parsed.call, config)
  // Who is refused before any answer is told no error either.
  if (error && then.fault !== 'refuse') {
    const wish = faultOf(then)
    exchange.fault = wish?.fault
    if (wish || then.latency) {
      const { clock, report } = sim
      const { request, receivedAtMs } = exchange
      const change = (plan: Plan) => {
        const timed = then.latency ? withTimes(plan, then.latency) : plan
        return wish ? withFault(timed, wish, faultContext(parsed.call, clock)) : timed
      }
      exchange.changeError = (answer) => changedError(answer, change, { clock, receivedAtMs, request, report })
    }
    throw error
  }

  const isOwn = saysSomething(then)
  // What the service was to judge is the simulator's to answer now, and has to be read first.
  const judged = isOwn && sim.mode.lookUp ? await judge(arrival, sim, parsed.call.wire.bytes) : parsed
  const mode = isOwn ? sim.generate : sim.mode
  const seeded = wishes?.seed === undefined ? judged.call : withSeed(judged.call, wishes.seed)
  const call = judged.refusal ? judged.call : changedCall(seeded, then, config)
  const change = (plan: Plan) => {
    // What is generated takes its time already.
    const isReady = then.raw !== undefined || (plan.origin !== undefined && plan.origin.kind !== 'generated')
    const timed = then.latency && isReady ? withTimes(plan, then.latency) : plan
    const wish = faultOf(then)
    exchange.fault = wish?.fault
    return wish ? withFault(timed, wish, faultContext(call, sim.clock)) : timed
  }
  // Who is refused is not heard, and nobody else is asked for it.
  const answer = then.fault === 'refuse' ? resetPlan : rawPlan(then)
  return { parsed: { ...judged, call }, mode, answer, change }
}
