/** The schemas of the events that a client may send. */
import { isObject, type JsonObject } from '../../base/object.ts'
import type * as zod from 'zod'
import * as z from 'zod'
import { invalidType, missingParameter, unknownParameterNamed } from '../../errors.ts'
import { found, integer, later, parseBody } from '../../http/validate.ts'
import { optional, refuseMetadata } from '../parts/body-fields.ts'
import { item, itemOrReference } from './item-schema.ts'
import { noSuchEvent } from './refusals.ts'
import {
  format,
  checkedList,
  maxTokensSchema,
  metadata,
  prompt,
  reasoning,
  shortFormat,
  toolChoice,
  tools,
  voice,
} from './schema-parts.ts'
import { previewSession, previewWriting, session } from './session-schema.ts'

const shared = () => ({ type: z.string(), event_id: optional(z.string().max(512)) })
const plain = later(() => z.strictObject(shared()))
const itemId = () => z.string().min(1)
const named = later(() => z.strictObject({ ...shared(), item_id: itemId() }))

const both = () => ({
  conversation: optional(z.string()),
  input: optional(checkedList(itemOrReference())),
  instructions: optional(z.string()),
  metadata: metadata(),
  tools: tools(),
  tool_choice: toolChoice(),
  parallel_tool_calls: optional(z.boolean()),
  prompt: prompt(),
  reasoning: reasoning(),
})

const ordered = later(() =>
  z.strictObject({
    ...both(),
    output_modalities: optional(
      z
        .array(z.enum(['text', 'audio']))
        .min(1)
        .max(1),
    ),
    max_output_tokens: maxTokensSchema(),
    audio: optional(z.strictObject({ output: optional(z.strictObject({ format: format(), voice: voice() })) })),
  }),
)

const previewOrdered = later(() =>
  z.strictObject({
    ...both(),
    modalities: optional(z.array(z.enum(['text', 'audio'])).min(1)),
    max_output_tokens: maxTokensSchema(),
    max_response_output_tokens: maxTokensSchema(),
    temperature: optional(z.number().min(0.6).max(1.2)),
    voice: voice(),
    output_audio_format: shortFormat(),
  }),
)

/** Each is made when it first comes: to make all takes longer than a session's first answer. */
const all = (isPreview: boolean): ReadonlyMap<string, () => zod.ZodType> =>
  new Map<string, () => zod.ZodType>([
    ['session.update', later(() => z.strictObject({ ...shared(), session: isPreview ? previewSession() : session() }))],
    ...(isPreview
      ? [
          [
            'transcription_session.update',
            later(() => z.strictObject({ ...shared(), session: previewWriting() })),
          ] as const,
        ]
      : []),
    ['input_audio_buffer.append', later(() => z.strictObject({ ...shared(), audio: z.string() }))],
    ['input_audio_buffer.commit', plain],
    ['input_audio_buffer.clear', plain],
    [
      'conversation.item.create',
      later(() => z.strictObject({ ...shared(), previous_item_id: optional(z.string()), item: item() })),
    ],
    ['conversation.item.retrieve', named],
    [
      'conversation.item.truncate',
      later(() =>
        z.strictObject({ ...shared(), item_id: itemId(), content_index: integer(0), audio_end_ms: integer(0) }),
      ),
    ],
    ['conversation.item.delete', named],
    [
      'response.create',
      later(() => z.strictObject({ ...shared(), response: optional(isPreview ? previewOrdered() : ordered()) })),
    ],
    ['response.cancel', later(() => z.strictObject({ ...shared(), response_id: optional(z.string()) }))],
    ...(isPreview ? [] : [['output_audio_buffer.clear', plain] as const]),
  ])

const today = all(false)
const preview = all(true)
const eventsOf = (isPreview: boolean) => (isPreview ? preview : today)

const isPlainSound = (event: JsonObject): boolean =>
  typeof event['audio'] === 'string' &&
  Object.keys(event).length === (event['event_id'] === undefined ? 2 : 3) &&
  ['undefined', 'string'].includes(typeof event['event_id'])

/** Throws an `ApiError` for an unknown or invalid event. */
export function checkEvent(event: JsonObject, name: string, isPreview: boolean): void {
  // Sound comes many times a second, and has only one field to check.
  if (name === 'input_audio_buffer.append' && isPlainSound(event)) return
  const { type } = event
  if (type === undefined) throw missingParameter('type')
  if (typeof type !== 'string') throw invalidType('type', 'a string', found(type))
  const events = eventsOf(isPreview)
  const schema = events.get(name)?.()
  if (!schema) throw noSuchEvent(name, [...events.keys()])
  parseBody(schema, event, unknownParameterNamed)
  if (name === 'response.create' && isObject(event['response']))
    refuseMetadata(event['response']['metadata'] as JsonObject | null | undefined, 'response.metadata')
}
