import type { Snapshot } from '../snapshot.ts'
import type { AnyCall } from '../operation.ts'
import type { Admission, Usage } from '../types.ts'

type Verdict = Admission | undefined

/** Whether a call may pass: an extension may say so first, then the limits of its deployment, where it has one. */
export function admit(call: AnyCall, { hooks, limiter, config }: Snapshot): Verdict | Promise<Verdict> {
  const { deployment, cost, receivedAtMs } = call
  const usual = () =>
    deployment && limiter.admit({ deployment, cost, atMs: receivedAtMs, settings: deployment.limits ?? config.limits })
  return hooks?.admit ? Promise.resolve(hooks.admit(call)).then((verdict) => verdict ?? usual()) : usual()
}

/** What counts the rest of a call when its answer has ended. A prompt whose tokens only the service knew was not charged before. */
export const settlerOf = ({ cost }: AnyCall, admission: Extract<Admission, { ok: true }> | undefined) =>
  admission &&
  (({ promptTokens, completionTokens, cachedTokens = 0, sentTokens }: Usage) => {
    const uncharged = Math.max(0, promptTokens - cost.promptTokens)
    admission.settle({ promptTokens, completionTokens: completionTokens + uncharged, cachedTokens, sentTokens })
  })
