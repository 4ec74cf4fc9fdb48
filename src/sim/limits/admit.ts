import type { Snapshot } from '../snapshot.ts'
import type { AnyCall } from '../operation.ts'
import type { Admission, Cost, Usage } from '../types.ts'

type Verdict = Admission | undefined

/** Whether a call may pass: an extension may say so first, then the limits of its deployment, where it has one. */
export function admit(call: AnyCall, { hooks, limiter, config }: Snapshot): Verdict | Promise<Verdict> {
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

/** What counts the rest of a call when its answer has ended. A prompt whose tokens only the service knew was not charged before. */
export const settlerOf = ({ cost }: AnyCall, admission: Extract<Admission, { ok: true }> | undefined) =>
  admission &&
  (({ promptTokens, completionTokens, cachedTokens = 0, sentTokens }: Usage) => {
    const uncharged = Math.max(0, promptTokens - cost.promptTokens)
    admission.settle({ promptTokens, completionTokens: completionTokens + uncharged, cachedTokens, sentTokens })
  })
