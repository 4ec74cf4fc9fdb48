import { isPromise } from './base/promise.ts'
import { tooMany } from './errors/limit.ts'
import { Exchange } from './exchange.ts'
import { readAgain } from './http/body.ts'
import { parse, peek } from './http/parse.ts'
import { hasWishes } from './rules/wishes.ts'
import { inSlices, longBytes, roomIn } from './http/slices.ts'
import { ruled } from './ruled.ts'
import { dropAnswer } from './http/send.ts'
import { admit, settlerOf } from './limits/admit.ts'
import type { Match } from './operation.ts'
import type { Snapshot } from './snapshot.ts'
import { spillOf, spillOver } from './spillover.ts'
import type { SimRequest, SimResponse, Usage } from './types.ts'

/** The life of a request, top to bottom. Every folder beside this file is one of these steps. Never rejects. */
export async function handle(arrived: SimRequest, sim: Snapshot): Promise<SimResponse> {
  const { config, hooks } = sim
  const exchange = new Exchange(hooks ? readAgain(arrived) : arrived, sim)
  const { request, target, found } = exchange

  const refused = (error: unknown) => {
    const answer = exchange.refuse(error)
    exchange.observe(request.signal?.aborted ? 499 : answer.status, undefined)
    return answer
  }
  let response: SimResponse
  let settle: ((usage: Usage) => void) | undefined
  let taken = 0
  try {
    const entry = found?.operation.isOpen
      ? undefined
      : sim.gate(request.headers, familyOf(exchange, sim), found?.operation)
    if (entry) await entry
    if (sim.flight.isFull()) await roomIn(sim.flight)
    const match = matched(exchange, sim)
    const early = hooks?.before && (await hooks.before({ request, target, maxBytes: config.server.maxBodyBytes }))
    if (early) {
      exchange.asked = await peek(request, match, sim)
      response = await exchange.reply(early)
    } else {
      const { requestId, receivedAtMs } = exchange
      const arrival = { request, target, match, requestId, receivedAtMs, asked: exchange.asked }
      const parsed = await parse(arrival, sim)
      exchange.call = parsed.call
      const isRuled = !parsed.refusal && (sim.rules ?? hasWishes(request, config))
      const ruling = isRuled ? await ruled(parsed, arrival, exchange, sim) : undefined
      const { call, refusal } = ruling?.parsed ?? parsed
      exchange.call = call

      const asked = ruling?.answer ? undefined : admit(call, sim)
      const admission = isPromise(asked) ? await asked : asked
      if (admission && !admission.ok) {
        exchange.refusal = admission
        throw tooMany(call, admission, config.azure)
      }
      exchange.state = admission?.state
      const settler = (settle = settlerOf(call, admission))
      if (refusal) throw refusal
      const planned = ruling?.answer ?? (ruling?.mode ?? sim.mode).plan(call, config)
      const plan = isPromise(planned) ? await planned : planned
      exchange.plannedAtMs = sim.clock.now()
      taken = longBytes(plan)
      if (taken > 0) sim.flight.take(taken)
      if (plan.usage.cachedTokens !== undefined) admission?.deduct?.(plan.usage.cachedTokens)
      const sent = exchange.reply(ruling ? ruling.change(plan) : plan, settler)
      response = isPromise(sent) ? await sent : sent
      exchange.firstAtMs = sim.clock.now()
    }
  } catch (error) {
    // What was taken for an answer that there is none of is given back.
    settle?.({ promptTokens: exchange.call?.cost.promptTokens ?? 0, completionTokens: 0 })
    const spill = spillOf(exchange, error, sim)
    response = spill ? await spillOver(spill, exchange, sim).catch(refused) : refused(error)
  }
  if (!hooks?.after) return inSlices(response, sim.flight, taken)
  try {
    response = await hooks.after(response, { request, target, maxBytes: config.server.maxBodyBytes }, exchange.call)
  } catch (error) {
    dropAnswer(response)
    response = exchange.refuse(error)
  }
  return inSlices(response, sim.flight, taken)
}

/** The API that the path is of, also where it names nothing of it. */
const familyOf = ({ found, target }: Exchange, { router }: Snapshot) => found?.family ?? router.familyOf(target.path)

/** What the path names; throws where it names nothing that is answered. */
function matched({ request, target, found }: Exchange, { mode, missing, config, router }: Snapshot): Match {
  if (mode.lookUp) return router.ofService(found, target)
  if (!found) missing(request.method, target.path)
  return router.ofSimulator(found, target, config.azure.versionGates === 'on')
}
