/** Opens Live sessions, and lets others observe them. There are no sessions over WebRTC. */
import { invalidRequest, resourceNotFound } from '../../errors.ts'
import { openLive, sessionPlan } from '../../live/session.ts'
import type { ResourceOperation } from '../../operation.ts'
import { liveCreating } from './live-schema.ts'
import { LiveTalk, liveTalks } from './live-talk.ts'

/** At the path of Microsoft's page, and at that of the official SDKs. */
export const liveConnect: ResourceOperation = {
  scope: 'resource',
  name: 'Live_Connect',
  method: 'GET',
  path: '/live/sessions',
  routes: [
    { surface: 'v1', template: '/openai/v1/live' },
    { surface: 'v1', template: '/openai/v1/live/sessions' },
  ],
  answer: (call, config) => {
    const { maxTimeMs } = config.live
    return sessionPlan(
      call,
      openLive(call, maxTimeMs, (client) => new LiveTalk(call, client, maxTimeMs)),
    )
  },
}

export const liveAttach: ResourceOperation = {
  scope: 'resource',
  name: 'Live_Attach',
  method: 'GET',
  path: '/live/sessions/{session}/attach',
  routes: [{ surface: 'v1', template: '/openai/v1/live/sessions/{session}/attach' }],
  answer: (call, config) => {
    const talk = call.resource.shelf(liveTalks).get(call.match.params['session'] ?? '')
    if (!talk) throw resourceNotFound()
    return sessionPlan(
      call,
      openLive(call, config.live.maxTimeMs, (client) => talk.attach(client)),
    )
  },
}

export const liveCreate: ResourceOperation = {
  scope: 'resource',
  name: 'Live_Create',
  method: 'POST',
  path: '/live/sessions',
  routes: [{ surface: 'v1', template: '/openai/v1/live/sessions' }],
  accepts: { json: liveCreating },
  answer: () => {
    throw invalidRequest(
      'The simulator has no WebRTC: open a WebSocket at /openai/v1/live, and send session.start.',
      'transport',
      'unsupported_transport',
    )
  },
}
