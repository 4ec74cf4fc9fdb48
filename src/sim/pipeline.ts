import { answered } from './answered.ts'
import { Exchange } from './exchange.ts'
import { readAgain } from './http/body.ts'
import { type Arrival, parse, peek } from './http/parse.ts'
import { hasWishes } from './rules/wishes.ts'
import { inSlices, roomIn } from './http/slices.ts'
import { ruled, ruledAgain } from './ruled.ts'
import { dropAnswer } from './http/send.ts'
import type { Match, Parsed } from './operation.ts'
import type { Snapshot } from './snapshot.ts'
import { spillOf, spillOver } from './spillover.ts'
import type { SimRequest, SimResponse } from './types.ts'

/** The life of a request, top to bottom. Every folder beside this file is one of these steps. Never rejects. */
export async function handle(arrived: SimRequest, sim: Snapshot): Promise<SimResponse> {
  const { config, hooks } = sim
  const exchange = new Exchange(hooks ? readAgain(arrived) : arrived, sim)
  const { request, target, found } = exchange

  const refused = (error: unknown) => {
    const answer = exchange.refuse(error)
    exchange.observe(request.signal?.aborted ? 499 : answer.status, undefined)
    return exchange.changeError?.(answer) ?? answer
  }
  let response: SimResponse
  try {
    const entering = found?.operation.isOpen ? undefined : enter(exchange, sim)
    if (entering) await entering
    if (sim.flight.isFull()) await roomIn(sim.flight)
    let match: Match
    try {
      match = matched(exchange, sim)
    } catch (error) {
      if (found) exchange.asked = await peek(request, found, sim)
      throw error
    }
    const early = hooks?.before && (await hooks.before({ request, target, maxBytes: config.server.maxBodyBytes }))
    if (early) {
      exchange.asked = await peek(request, match, sim)
      response = await exchange.reply(early)
    } else {
      const { requestId, receivedAtMs } = exchange
      const arrival = { request, target, match, requestId, receivedAtMs, asked: exchange.asked, meter: exchange }
      const parsed = await parse(arrival, sim)
      exchange.call = parsed.call
      const isRuled = !parsed.refusal && (sim.rules ?? hasWishes(request, config))
      const ruling = isRuled ? await ruled(parsed, arrival, exchange, sim) : undefined
      response = await answered(ruling?.parsed ?? parsed, exchange, sim, ruling)
    }
  } catch (error) {
    const spill = spillOf(exchange, error, sim)
    const rule = (parsed: Parsed, arrival: Arrival) => ruledAgain(parsed, arrival, exchange, sim)
    response = await (spill ? spillOver(spill, exchange, sim, rule).catch(refused) : refused(error))
  }
  if (!hooks?.after) return inSlices(response, sim.flight, exchange.takenBytes)
  try {
    response = await hooks.after(response, { request, target, maxBytes: config.server.maxBodyBytes }, exchange.call)
  } catch (error) {
    dropAnswer(response)
    response = exchange.refuse(error)
  }
  return inSlices(response, sim.flight, exchange.takenBytes)
}

/** Throws what who may not come in is answered. */
const enter = (exchange: Exchange, sim: Snapshot) =>
  sim.gate(exchange.request.headers, familyOf(exchange, sim), exchange.operation, sim.resource)

/** The API that the path is of, also where it names nothing of it. */
const familyOf = ({ found, target }: Exchange, { router }: Snapshot) => found?.family ?? router.familyOf(target.path)

/** What the path names; throws where it names nothing that is answered. */
function matched({ request, target, found }: Exchange, { mode, missing, config, router }: Snapshot): Match {
  if (mode.lookUp) return router.ofService(found, target)
  if (!found) missing(request.method, target.path)
  return router.ofSimulator(found, target, config.azure.versionGates === 'on')
}
