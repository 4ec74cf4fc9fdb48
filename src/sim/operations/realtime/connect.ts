/** Where a Realtime session begins: on v1, and on the dated surface of the previews. */
import { deploymentNotFound, missingParameter, operationNotSupported } from '../../errors.ts'
import { openLive, sessionPlan } from '../../live/session.ts'
import type { ResourceOperation } from '../../operation.ts'
import { RealtimeSession } from './session.ts'

export const realtimeConnect: ResourceOperation = {
  scope: 'resource',
  name: 'Realtime_Connect',
  method: 'GET',
  path: '/realtime',
  answer: (call, config) => {
    const { query } = call.wire.target
    const isPreview = call.match.surface === 'dated'
    const isTranscription = query.get('intent') === 'transcription'
    const named = query.get(isPreview ? 'deployment' : 'model') ?? (isTranscription ? usual : null)
    if (!named) throw missingParameter(isPreview ? 'deployment' : 'model')
    const deployment = call.resource.findDeployment(named, usual)
    if (!deployment) throw deploymentNotFound()
    if (!deployment.model.kinds.includes('realtime')) throw operationNotSupported('realtime', deployment.model.name)
    const { maxTimeMs: maxMs } = config.live
    return sessionPlan(
      call,
      openLive(call, maxMs, (client) => {
        const session = new RealtimeSession(call, client, { model: named, isPreview, maxMs })
        if (isTranscription) session.settings.more = { type: 'transcription' }
        return session
      }),
    )
  },
}

const usual = 'gpt-realtime-mini'
