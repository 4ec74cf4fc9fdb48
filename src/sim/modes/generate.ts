/** Answers that are computed, request by request. */
import type { Config } from '../config/config.ts'
import { schedule, wholeMs } from '../timing/schedule.ts'
import type { AnyDeploymentOperation, Generated } from '../operation.ts'
import type { Call, Latency, Plan } from '../types.ts'
import type { Mode } from './mode.ts'

export const generateMode: Mode = {
  plan: (call, config) => {
    const { operation } = call.match
    // Whoever makes a call gives it the deployment that its operation needs.
    return operation.scope === 'resource' ? operation.answer(call, config) : generate(operation, call as Call, config)
  },
}

/** The same without a wait and without a stream. */
export const atOnceMode: Mode = {
  plan: async (call, config) => {
    const plan = await generateMode.plan({ ...call, stream: false }, config)
    return plan.body.kind === 'whole' ? { ...plan, body: { ...plan.body, atMs: 0 } } : plan
  },
}

function generate(operation: AnyDeploymentOperation, call: Call, config: Config): Plan {
  const latency: Latency = call.deployment.latency ?? config.latency[operation.latency]
  const answer = operation.generate(call, config) as Generated
  const { usage } = answer
  if (call.stream && operation.events) {
    const frames = schedule(operation.events(call, answer), latency, call.timing)
    return { status: 200, contentType: 'text/event-stream; charset=utf-8', usage, body: { kind: 'stream', frames } }
  }
  if (call.stream && operation.paced) {
    const { contentType, frames } = operation.paced(call, answer, latency)
    return { status: 200, contentType, usage, body: { kind: 'stream', frames } }
  }
  if (!operation.whole) throw new Error(`${operation.name} has no answer in one piece, and makes no stream of it`)
  const { contentType, data } = operation.whole(call, answer)
  return {
    status: 200,
    contentType,
    usage,
    body: { kind: 'whole', atMs: wholeMs(latency, answer.units, call.timing), data },
  }
}
