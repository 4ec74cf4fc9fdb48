/** Client secrets: keys for browsers and phones, each for one session (recorded July 2026); and those of the previews. */
import type { JsonObject } from '../../base/object.ts'
import * as z from 'zod'
import { deploymentNotFound, operationNotSupported, unknownParameterNamed } from '../../errors.ts'
import { parseBody, integer, later } from '../../http/validate.ts'
import { keepSecret, secretShelf } from '../../live/client-secrets.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import { base62Text, hexText } from '../../random.ts'
import { optional } from '../parts/body-fields.ts'
import { bodyJson } from '../parts/json-body.ts'
import { jsonPlan } from '../parts/whole-plan.ts'
import { wholeTools } from './mcp-named.ts'
import { session, previewSession } from './session-schema.ts'
import { changePreviewSettings, changeSettings, type RealtimeSettings, usualSettings } from './settings.ts'
import { toldPreviewSession, toldSession } from './shape.ts'

/** The start of a session that a secret opens. */
export type Opening = {
  readonly kind?: undefined
  readonly deployment: string | undefined
  readonly settings: RealtimeSettings
}

const usualModel = 'gpt-realtime-mini'
const usualSeconds = 600
const previewSeconds = 60

const creating = later(() =>
  z.strictObject({
    expires_after: optional(
      z.strictObject({ anchor: optional(z.literal('created_at')), seconds: optional(integer(10, 7_200)) }),
    ),
    session: optional(session()),
  }),
)

/** Throws an `ApiError` if no deployment of that name has sessions. */
export function realtimeDeployment({ resource }: AnyCall, name: string) {
  const deployment = resource.findDeployment(name, usualModel)
  if (!deployment) throw deploymentNotFound()
  if (!deployment.model.kinds.includes('realtime')) throw operationNotSupported('realtime', deployment.model.name)
  return deployment
}

export function keepOpening({ resource }: AnyCall, opening: object, seconds = usualSeconds) {
  const value = `ek_${hexText(resource.random, 32)}`
  const expiresAt = Math.floor(resource.clock.now() / 1000) + seconds
  keepSecret(resource, { value, expiresAtMs: expiresAt * 1000, session: opening })
  return { value, expires_at: expiresAt }
}

const sessionId = ({ resource }: AnyCall) => `sess_${base62Text(resource.random, 21)}`

export const clientSecrets: ResourceOperation = {
  scope: 'resource',
  name: 'Realtime_ClientSecrets_Create',
  method: 'POST',
  path: '/realtime/client_secrets',
  routes: [{ surface: 'v1', template: '/openai/v1/realtime/client_secrets' }],
  accepts: { json: creating },
  backEnd: 'realtimeSecrets',
  keeps: [secretShelf],
  answer: (call) => {
    const given = parseBody(creating(), bodyJson(call), unknownParameterNamed)
    const asked = (given.session ?? { type: 'realtime' }) as JsonObject
    const isWriting = asked['type'] === 'transcription'
    const named = typeof asked['model'] === 'string' ? asked['model'] : usualModel
    if (!isWriting) realtimeDeployment(call, named)
    const settings = usualSettings(named, isWriting)
    changeSettings(settings, asked)
    wholeTools(settings.tools, 'session.tools')
    const { value, expires_at } = keepOpening(
      call,
      { deployment: isWriting ? undefined : named, settings },
      given.expires_after?.seconds ?? usualSeconds,
    )
    // The session has not begun, so it has no end yet.
    return jsonPlan({ value, expires_at, session: toldSession({ id: sessionId(call), expiresAt: 0, settings }) })
  },
}

/** The previews' sessions: in a flat form, with a key that is valid for a minute (remembered). */
export const previewSessions: ResourceOperation = {
  scope: 'resource',
  name: 'Realtime_Sessions_Create',
  method: 'POST',
  path: '/realtimeapi/sessions',
  routes: [
    { surface: 'dated', template: '/openai/realtimeapi/sessions' },
    { surface: 'dated', template: '/openai/realtime/sessions' },
  ],
  accepts: { json: previewSession },
  backEnd: 'realtimeSecrets',
  keeps: [secretShelf],
  answer: (call) => {
    const asked = parseBody(previewSession(), bodyJson(call), unknownParameterNamed) as JsonObject
    const named = typeof asked['model'] === 'string' ? asked['model'] : usualModel
    realtimeDeployment(call, named)
    const settings = usualSettings(named, false)
    changePreviewSettings(settings, asked)
    const secret = keepOpening(call, { deployment: named, settings }, previewSeconds)
    return jsonPlan({
      ...toldPreviewSession({ id: sessionId(call), expiresAt: 0, settings }),
      client_secret: { value: secret.value, expires_at: secret.expires_at },
    })
  },
}
