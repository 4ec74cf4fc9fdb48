/** The body of a request for a response. */
import * as z from 'zod'
import { isObject } from '../../base/object.ts'
import { movedParameter, unknownResponsesParameter } from '../../errors/responses.ts'
import { integer, later, parseBody } from '../../http/validate.ts'
import { anything, optional, refuseManyPairs, refuseMetadata } from '../parts/body-fields.ts'
import { maxTextCharacters } from '../../measure/prompt-bound.ts'

/** Items are checked when they are read, because their fields depend on their type. */
export const itemInput = later(() => z.looseObject({ type: optional(z.string()), id: optional(z.string()) }))

const includable = [
  'code_interpreter_call.outputs',
  'computer_call_output.output.image_url',
  'file_search_call.results',
  'message.input_image.image_url',
  'message.output_text.logprobs',
  'reasoning.encrypted_content',
  'web_search_call.results',
  'web_search_call.action.sources',
] as const

/** Strict, because the service refuses unknown parameters. Parameters without effect are accepted unchecked. */
export const request = later(() => {
  const flag = optional(z.boolean())
  const text = z.string().max(maxTextCharacters)
  const fraction = (min: number, max: number) => optional(z.number().min(min).max(max))

  return z.strictObject({
    model: anything,
    input: optional(z.union([text, z.array(itemInput())])),
    instructions: optional(text),
    background: flag,
    store: flag,
    stream: flag,
    stream_options: optional(z.strictObject({ include_obfuscation: flag })),
    // The upstream API's minimum.
    max_output_tokens: optional(integer(16)),
    max_tool_calls: optional(integer(1)),
    include: optional(z.array(z.enum(includable))),
    metadata: optional(z.record(z.string(), z.string().max(512))),
    parallel_tool_calls: flag,
    previous_response_id: optional(z.string().min(1)),
    prompt_cache_key: optional(z.string()),
    prompt_cache_options: anything,
    prompt_cache_retention: optional(z.enum(['in_memory', 'in-memory', '24h'])),
    reasoning: optional(
      z.strictObject({
        effort: optional(z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])),
        summary: optional(z.enum(['auto', 'concise', 'detailed'])),
        generate_summary: optional(z.enum(['auto', 'concise', 'detailed'])),
        context: optional(z.string()),
        mode: optional(z.string()),
      }),
    ),
    safety_identifier: optional(z.string().max(64)),
    service_tier: optional(z.enum(['auto', 'default', 'flex', 'scale', 'priority'])),
    temperature: fraction(0, 2),
    top_p: fraction(0, 1),
    top_logprobs: optional(integer(0, 20)),
    presence_penalty: fraction(-2, 2),
    frequency_penalty: fraction(-2, 2),
    text: optional(z.strictObject({ format: anything, verbosity: optional(z.enum(['low', 'medium', 'high'])) })),
    tool_choice: anything,
    tools: optional(z.array(z.looseObject({ type: z.string() })).max(128)),
    truncation: optional(z.enum(['auto', 'disabled'])),
    user: optional(z.string()),
    conversation: anything,
    prompt: anything,
    context_management: anything,
    moderation: anything,
  })
})

export type ResponsesRequest = z.output<ReturnType<typeof request>>
export type ItemInput = z.output<ReturnType<typeof itemInput>>
export type ToolInput = NonNullable<ResponsesRequest['tools']>[number]

export function parseRequest(input: unknown): ResponsesRequest {
  const moved = isObject(input) ? movedParameter(Object.keys(input)) : undefined
  if (moved) throw moved
  const items = isObject(input) && Array.isArray(input['input']) ? (input['input'] as readonly unknown[]) : []
  const isSeen = items.length > manyItems && areItems(items)
  refuseManyPairs(input)
  const parsed = parseBody(request(), isSeen ? { ...(input as object), input: [] } : input, unknownResponsesParameter)
  refuseMetadata(parsed.metadata)
  return isSeen ? { ...parsed, input: items as ItemInput[] } : parsed
}

/** With this many items the schema takes long; it is only needed to word what is wrong. */
const manyItems = 100

const areItems = (items: readonly unknown[]): boolean =>
  items.every((item) => isObject(item) && isTextOrNone(item['type']) && isTextOrNone(item['id']))

const isTextOrNone = (value: unknown) => value === undefined || value === null || typeof value === 'string'
