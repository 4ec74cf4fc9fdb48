/** What a deployment does for one call, once it is known which: admit, plan, reply. Also for the one that spills over. */
import { withOwnFilter } from './answers/own-filter.ts'
import type { Load } from './base/latency.ts'
import { tooMany } from './errors/limit.ts'
import type { Exchange } from './exchange.ts'
import { longBytes } from './http/slices.ts'
import { admit, settlerOf } from './limits/admit.ts'
import { servedAs } from './measure/service-tier.ts'
import type { AnyCall, Parsed } from './operation.ts'
import type { Ruling } from './ruled.ts'
import type { Snapshot } from './snapshot.ts'
import { held } from './state/held.ts'
import type { SimResponse, Usage } from './types.ts'

/** Throws what the call is refused with. `ruling` is what a rule has to say of it. */
export async function answered(
  { call: asked, refusal }: Parsed,
  exchange: Exchange,
  sim: Snapshot,
  ruling?: Ruling,
): Promise<SimResponse> {
  const filtered = withOwnFilter(asked, sim.config)
  const config = filtered ?? sim.config
  const call = filtered ? { ...asked, resource: { ...asked.resource, config: filtered } } : asked
  exchange.call = call
  exchange.config = config
  const verdict = ruling?.answer ? undefined : admit(call, sim)
  const admission = verdict instanceof Promise ? await verdict : verdict
  if (admission && !admission.ok) {
    exchange.refusal = admission
    throw tooMany(call, admission, sim.config.azure)
  }
  exchange.state = admission?.state
  const settle = settlerOf(call, admission)
  try {
    if (refusal) throw refusal
    const served = servedAs(call, sim)
    const load = admission?.load
    const told = served || load ? asServed(call, load, served) : call
    exchange.call = told
    const { keeping } = sim.resource.live
    const failures = keeping?.failures() ?? 0
    const making = ruling?.answer ?? (ruling?.mode ?? sim.mode).plan(told, config)
    const made = making instanceof Promise ? await making : making
    const plan = keeping && leavesAnything(call) ? await held(made, keeping, failures, exchange) : made
    exchange.plannedAtMs = sim.clock.now()
    exchange.takenBytes = longBytes(plan)
    if (exchange.takenBytes > 0) sim.flight.take(exchange.takenBytes)
    if (plan.usage.cachedTokens !== undefined) admission?.deduct?.(plan.usage.cachedTokens)
    const count = served?.settle
    const ended = count
      ? (usage: Usage) => {
          settle?.(usage)
          count(usage)
        }
      : settle
    const sent = exchange.reply(ruling ? ruling.change(plan) : plan, ended)
    const response = sent instanceof Promise ? await sent : sent
    exchange.firstAtMs = sim.clock.now()
    return response
  } catch (error) {
    // What was taken for an answer that there is none of is given back.
    settle?.({ promptTokens: call.cost.promptTokens, completionTokens: 0 })
    throw error
  }
}

/** What it takes longer for, and the tier that serves it. */
const asServed = (call: AnyCall, load: Load | undefined, served: ReturnType<typeof servedAs>): AnyCall => ({
  ...call,
  load: served?.factor === undefined ? load : { share: 0, queuedMs: 0, ...load, factor: served.factor },
  tier: served?.tier,
})

const leavesAnything = ({ match: { operation }, body }: AnyCall): boolean =>
  operation.scope === 'resource' ? operation.keeps !== undefined : operation.leaves?.(body) === true
