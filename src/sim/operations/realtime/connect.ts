/** Opens a Realtime session, on v1 and on the previews' dated surface. */
import { isObject } from '../../base/object.ts'
import { invalidValue, missingParameter, resourceNotFound } from '../../errors.ts'
import { opensBySecret, secretIn } from '../../live/client-secrets.ts'
import { openLive, sessionPlan } from '../../live/session.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import { type Opening, realtimeDeployment } from './client-secrets.ts'
import { RealtimeSession } from './session.ts'
import { usualSettings } from './settings.ts'

export const realtimeConnect: ResourceOperation = {
  scope: 'resource',
  name: 'Realtime_Connect',
  method: 'GET',
  path: '/realtime',
  takesNoVersion: true,
  about: ({ wire, resource }) =>
    openingIn(wire.headers, resource)?.deployment ??
    wire.target.query.get('model') ??
    wire.target.query.get('deployment'),
  admits: (headers, resource) => opensBySecret(headers, resource, isOpening),
  answer: (call, config) => {
    const { maxTimeMs: maxMs } = config.live
    const opening = openingOf(call)
    const isPreview = call.match.surface === 'dated'
    const open = openLive(call, maxMs, (client) => {
      const settings = { ...opening.settings }
      return new RealtimeSession(call, client, { settings, isPreview, maxMs, mcp: config.mcp })
    })
    return sessionPlan(call, open)
  },
}

/** `undefined` for a secret of another kind of session. */
function openingIn(headers: AnyCall['wire']['headers'], resource: AnyCall['resource']): Opening | undefined {
  const session = secretIn(headers, resource)?.session
  return isOpening(session) ? session : undefined
}

const isOpening = (session: unknown): session is Opening => isObject(session) && session['kind'] === undefined

/** Throws an `ApiError` if the query has too few or too many parameters. */
function openingOf(call: AnyCall): Opening {
  const { query } = call.wire.target
  const isPreview = call.match.surface === 'dated'
  const name = isPreview ? 'deployment' : 'model'
  const named = query.get(name)
  const intent = query.get('intent')
  // There are no calls over WebRTC and SIP to observe.
  if (query.get('call_id') !== null) throw resourceNotFound()
  if (intent !== null && intent !== 'transcription' && intent !== 'realtime')
    throw invalidValue('intent', `Invalid value: '${intent}'. Supported values are: 'transcription'.`)
  const isWriting = intent === 'transcription'
  // Reported by a user.
  if (isWriting && named !== null && !isPreview)
    throw invalidValue(name, 'A transcription session takes no model in its address: session.update names it.')
  const secret = openingIn(call.wire.headers, call.resource)
  if (secret) return secret
  if (named === null && !isWriting) throw missingParameter(name)
  if (named !== null) realtimeDeployment(call, named)
  return { deployment: named ?? undefined, settings: usualSettings(named ?? '', isWriting) }
}
