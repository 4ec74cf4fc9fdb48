/** The schemas of what clients of a Live session send (the official SDK's types, 2026). */
import * as z from 'zod'
import { integer, later, parseBody } from '../../http/validate.ts'
import { isObject, type JsonObject } from '../../base/object.ts'
import { invalidRequest, unknownParameterNamed } from '../../errors.ts'
import { anything, optional } from '../parts/body-fields.ts'
import { noSuchEvent } from './refusals.ts'

const named = (type: string, shape: z.core.$ZodShape = {}) =>
  z.strictObject({ type: z.literal(type), event_id: optional(z.string()), ...shape })

const format = () =>
  optional(z.strictObject({ type: z.enum(['audio/pcm', 'audio/pcmu', 'audio/pcma']), rate: optional(z.number()) }))

const delegation = () =>
  optional(
    z.looseObject({
      type: z.enum(['client', 'responses']),
      acknowledgement_delay_ms: optional(integer(0)),
      responses: optional(z.looseObject({ model: optional(z.string()) })),
    }),
  )

const starting = later(() =>
  z.strictObject({
    model: z.string().min(1),
    audio: optional(
      z.strictObject({
        format: format(),
        output: optional(
          z.strictObject({ voice: optional(z.union([z.string(), z.strictObject({ id: z.string() })])) }),
        ),
      }),
    ),
    client: anything,
    delegation: delegation(),
    input: optional(
      z
        .array(
          z.looseObject({
            role: z.enum(['developer', 'user', 'assistant']),
            content: z.array(z.looseObject({ text: z.string() })),
          }),
        )
        .max(128),
    ),
    instructions: optional(z.string()),
    safety_identifier: optional(z.string()),
    store: optional(z.boolean()),
    triggers: anything,
  }),
)

/** The body for a session over WebRTC. */
export const liveCreating = later(() =>
  z.strictObject({
    session: starting(),
    transport: z.strictObject({ type: z.literal('webrtc'), sdp: z.string() }),
  }),
)

const appending = { content: z.string().min(1), delegation_id: optional(z.string()) }

const events = later(() => ({
  'session.start': named('session.start', { session: starting() }),
  'session.update': named('session.update', {
    session: z.strictObject({ delegation: delegation(), triggers: anything }),
  }),
  'session.input_audio.append': named('session.input_audio.append', { audio: z.string() }),
  'session.input_audio.mute': named('session.input_audio.mute'),
  'session.input_audio.unmute': named('session.input_audio.unmute'),
  'session.instructions.append': named('session.instructions.append', appending),
  'session.thinking.append': named('session.thinking.append', appending),
  'session.commentary.append': named('session.commentary.append', appending),
  'response.item.create': named('response.item.create', { item: z.looseObject({}) }),
  'response.create': named('response.create'),
  'session.close': named('session.close'),
}))

export type LiveSettings = z.output<ReturnType<typeof starting>>
export type LiveUpdate = { readonly delegation?: LiveSettings['delegation'] }

/** Throws an `ApiError` for an unknown or invalid event. */
export function checkLiveEvent(event: object, name: string): void {
  const schemas: Readonly<Record<string, z.ZodType>> = events()
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined
  if (!schema) throw noSuchEvent(name, Object.keys(schemas))
  parseBody(schema, event, unknownParameterNamed)
}

/** Without secrets for tools. */
export const toldTask = ({ tools, ...rest }: JsonObject): JsonObject => ({
  ...rest,
  ...(Array.isArray(tools) && {
    tools: tools.filter(isObject).map(({ authorization: _, headers: __, ...tool }) => tool),
  }),
})

/** Throws if the session's tasks go to the client. */
export function ofResponses({ delegation }: LiveSettings): JsonObject {
  if (delegation?.type !== 'responses' || typeof delegation.responses?.model !== 'string')
    throw invalidRequest('Tasks of this session are not delegated to responses.', 'session.delegation', 'invalid_value')
  return delegation.responses
}
