/** What a chat completion may be asked for. */
import * as z from 'zod'
import { integer, arrayOf } from '../../http/validate.ts'
import { anything, logitBias, name as fieldName, optional, stop, streamOptions } from '../parts/body-fields.ts'
import { maxTextCharacters } from '../../measure/prompt-bound.ts'

const content = z.string().max(maxTextCharacters)
const part = z.looseObject({
  type: z.enum(['text', 'image_url', 'input_audio', 'refusal', 'audio', 'file']),
  text: content.optional(),
  image_url: z.looseObject({ url: z.string() }).optional(),
  input_audio: z.looseObject({ data: z.string(), format: z.enum(['wav', 'mp3']) }).optional(),
  refusal: z.string().optional(),
  file: z.looseObject({}).optional(),
})
const name = fieldName()
/** Of a call; that 40 characters are the most is quoted by users (2024-2026). */
const callId = z.string().max(40)
const toolCall = z.looseObject({
  id: callId,
  type: z.enum(['function', 'custom']),
  function: z.looseObject({ name, arguments: z.string() }).optional(),
  custom: z.looseObject({ name, input: z.string() }).optional(),
})

/** What a message of each role must have is looked at in `refused-messages.ts`. */
const message = z.looseObject({
  role: z.enum(['system', 'assistant', 'user', 'function', 'tool', 'developer']),
  content: z.union([content, arrayOf(part, 'objects').min(1)]).nullish(),
  name: optional(name),
  tool_calls: z.array(toolCall).min(1).max(128).nullish(),
  tool_call_id: optional(callId),
  function_call: optional(z.looseObject({ name, arguments: z.string() })),
  refusal: optional(z.string()),
  audio: optional(z.looseObject({ id: z.string() })),
})

const definition = z.looseObject({
  name,
  description: optional(z.string().max(maxTextCharacters)),
  parameters: optional(z.looseObject({})),
  strict: optional(z.boolean()),
})
const tool = z.looseObject({
  type: z.enum(['function', 'custom']),
  function: definition.optional(),
  custom: z.looseObject({ name }).optional(),
})

const fraction = (min: number, max: number) => optional(z.number().min(min).max(max))
const whole = (min: number, max?: number) => optional(integer(min, max))

/** Strict: the service refuses an argument that it does not know. What is only accepted is not looked into. */
export const ChatBody = z.strictObject({
  messages: z.array(message).min(1).max(2048),
  model: anything,
  max_tokens: whole(1),
  max_completion_tokens: whole(1),
  n: whole(1, 128),
  stop,
  stream: optional(z.boolean()),
  stream_options: streamOptions,
  seed: whole(Number.MIN_SAFE_INTEGER),
  user: optional(z.string()),
  temperature: fraction(0, 2),
  top_p: fraction(0, 1),
  presence_penalty: fraction(-2, 2),
  frequency_penalty: fraction(-2, 2),
  logit_bias: logitBias,
  logprobs: optional(z.boolean()),
  top_logprobs: whole(0, 20),
  response_format: anything,
  tools: optional(z.array(tool).min(1).max(128)),
  tool_choice: anything,
  parallel_tool_calls: optional(z.boolean()),
  functions: optional(z.array(definition).min(1).max(128)),
  function_call: anything,
  reasoning_effort: optional(z.string()),
  verbosity: optional(z.enum(['low', 'medium', 'high'])),
  metadata: optional(z.record(z.string(), z.string().max(512))),
  store: optional(z.boolean()),
  service_tier: optional(z.enum(['auto', 'default', 'flex', 'priority'])),
  modalities: optional(z.array(z.enum(['text', 'audio'])).min(1)),
  audio: optional(z.looseObject({ voice: anything, format: z.enum(['wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16']) })),
  prediction: optional(
    z.looseObject({
      type: z.enum(['content']),
      content: z.union([content, z.array(z.looseObject({ type: z.enum(['text']), text: content }))]),
    }),
  ),
  data_sources: optional(z.array(z.looseObject({ type: z.string(), parameters: z.looseObject({}) })).min(1)),
  user_security_context: anything,
  web_search_options: anything,
  prompt_cache_key: optional(z.string().max(64)),
  prompt_cache_options: optional(z.looseObject({})),
  prompt_cache_retention: anything,
  safety_identifier: optional(z.string().max(64)),
})

export type ChatBody = z.output<typeof ChatBody> & {
  /** Own data in the form of 2023. */
  readonly isFirstOwnData?: true
}
