/** `/++/timeline`: where the timeline of a resource is, and what moves it on. */
import { gatewayError } from '../errors.ts'
import type { SimResponse } from '../types.ts'
import { json } from './answers.ts'

export type TimelineView = {
  readonly plan: {
    readonly start: string
    readonly repeat: boolean
    readonly phases: readonly { readonly name: string; readonly forMs: number }[]
  }
  readonly position: () => { readonly state: string; readonly index?: number; readonly elapsedMs?: number }
  readonly start: () => void
  readonly stop: () => void
  readonly skip: () => boolean
}

export function answerTimeline(
  method: string,
  action: string | undefined,
  timeline: TimelineView | undefined,
): SimResponse {
  if (method === 'GET' && action === undefined)
    return json(200, timeline ? toldOf(timeline) : { state: 'none', phases: [] })
  if (method !== 'POST' || action === undefined)
    throw gatewayError(405, '405', 'GET /++/timeline says where it is; POST /++/timeline/start, stop and skip move it.')
  if (!timeline)
    throw gatewayError(409, 'NoTimeline', 'There is no timeline: set `timeline` where the resource is described.')
  if (action === 'start') timeline.start()
  else if (action === 'stop') timeline.stop()
  else if (action !== 'skip') throw gatewayError(404, '404', 'A timeline knows start, stop and skip.')
  else if (!timeline.skip())
    throw gatewayError(409, 'NoPhase', `No phase is under way: the timeline is ${timeline.position().state}.`)
  return json(200, toldOf(timeline))
}

function toldOf(timeline: Pick<TimelineView, 'plan' | 'position'>) {
  const { plan } = timeline
  const { state, index, elapsedMs } = timeline.position()
  const phase = index === undefined ? undefined : plan.phases[index]
  return {
    state,
    phase: phase ? phase.name : null,
    ...(phase &&
      elapsedMs !== undefined && {
        index,
        elapsedMs: Math.round(elapsedMs),
        remainingMs: phase.forMs === Infinity ? null : Math.round(phase.forMs - elapsedMs),
      }),
    start: plan.start,
    repeat: plan.repeat,
    phases: plan.phases.map(({ name, forMs }) => ({ name, forMs: forMs === Infinity ? null : forMs })),
  }
}
