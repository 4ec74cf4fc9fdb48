import type { Snapshot } from '../snapshot.ts'
import type { AnyCall } from '../operation.ts'
import { serviceUnavailable } from '../errors.ts'
import { systemBusy } from '../errors/limit.ts'
import type { Admission, Cost, Deployment, Usage } from '../types.ts'
import { Lines } from './line.ts'

type Verdict = Admission | undefined

/** Whether a call may pass: an extension may say so first, then the limits of its deployment, where it has one. */
export function admit(call: AnyCall, sim: Snapshot): Verdict | Promise<Verdict> {
  const { deployment } = call
  if (deployment?.concurrency !== undefined) return inLine(call, sim, deployment, deployment.concurrency)
  const verdict = limited(call, sim)
  if (!deployment?.underLoad || !deployment.throughput) return verdict
  return Promise.resolve(verdict).then((known) =>
    known?.ok ? { ...known, load: { share: (known.state?.utilization ?? 0) / 100, queuedMs: 0 } } : known,
  )
}

function limited(call: AnyCall, { hooks, limiter, config }: Snapshot): Verdict | Promise<Verdict> {
  const { deployment, receivedAtMs } = call
  const usual = () => {
    if (!deployment) return undefined
    const settings = deployment.limits ?? config.limits
    const cost = settings.charge === 'estimated' ? estimated(call) : call.cost
    return limiter.admit({ deployment, cost, atMs: receivedAtMs, settings })
  }
  return hooks?.admit ? Promise.resolve(hooks.admit(call)).then((verdict) => verdict ?? usual()) : usual()
}

/** What was never read is not estimated. */
function estimated({ cost, body, deployment, match: { operation }, apiVersion }: AnyCall): Cost {
  const estimate = operation.scope === 'deployment' && body !== undefined ? operation.estimate : undefined
  if (!estimate || !deployment) return cost
  return { ...cost, estimatedTokens: estimate(body, cost, { model: deployment.model, apiVersion }) }
}

const usualQueue = 100

/** A deployment that works on so many requests at once lets the others wait, and refuses those for whom there is no room. */
async function inLine(
  call: AnyCall,
  sim: Snapshot,
  { name, underLoad }: Deployment,
  concurrency: number,
): Promise<Verdict> {
  const room = { concurrency, queue: underLoad?.queue ?? usualQueue }
  const place = call.resource.shelf(lines).enter(name, room, call.signal)
  if (!place) throw underLoad?.refusal === '503' ? serviceUnavailable() : systemBusy(busySeconds)
  try {
    const verdict = await limited(call, sim)
    if (!verdict?.ok) {
      place.leave()
      return verdict
    }
    const cameAtMs = sim.clock.now()
    if (place.ready) await place.ready
    const queuedMs = sim.clock.now() - cameAtMs
    const settle = (usage: Usage) => {
      place.leave()
      verdict.settle(usage)
    }
    return { ...verdict, settle, load: { share: place.share, queuedMs } }
  } catch (error) {
    place.leave()
    throw error
  }
}

const lines = () => new Lines()
const busySeconds = 20

/** What counts the rest of a call when its answer has ended. A prompt whose tokens only the service knew was not charged before. */
export const settlerOf = ({ cost }: AnyCall, admission: Extract<Admission, { ok: true }> | undefined) =>
  admission &&
  (({ promptTokens, completionTokens, cachedTokens = 0, sentTokens }: Usage) => {
    const uncharged = Math.max(0, promptTokens - cost.promptTokens)
    admission.settle({ promptTokens, completionTokens: completionTokens + uncharged, cachedTokens, sentTokens })
  })
