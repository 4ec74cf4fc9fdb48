/** What Claude may be asked for: the Messages API. What is only accepted is not looked into. */
import { table } from '../../base/object.ts'
import * as z from 'zod'
import { later } from '../../http/validate.ts'
import { noMessage, wholeNumber } from './schema.ts'
import { anything, optional } from '../parts/body-fields.ts'

const cacheControl = later(() =>
  optional(z.looseObject({ type: z.enum(['ephemeral']), ttl: z.enum(['5m', '1h']).optional() })),
)

/** Members that a block of a type must have. */
const members: Readonly<Record<string, readonly string[]>> = table({
  text: ['text'],
  image: ['source'],
  document: ['source'],
  tool_use: ['id', 'name', 'input'],
  tool_result: ['tool_use_id'],
  thinking: ['thinking', 'signature'],
})

const block = later(() => {
  const source = z.looseObject({
    type: z.string(),
    media_type: z.string().optional(),
    data: z.string().optional(),
    url: z.string().optional(),
  })

  const innerBlock = z.looseObject({ type: z.string(), text: z.string().optional(), source: source.optional() })

  return z
    .looseObject({
      type: z.string(),
      text: z.string().optional(),
      source: source.optional(),
      id: z.string().optional(),
      name: z.string().optional(),
      input: z.looseObject({}).optional(),
      tool_use_id: z.string().optional(),
      content: z.union([z.string(), z.array(innerBlock), z.looseObject({})]).nullish(),
      cache_control: cacheControl(),
    })
    .superRefine((given, context) => {
      for (const name of members[given.type] ?? [])
        if (given[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: 'Field required' })
    })
})

/** What a count of its tokens takes, too. */
const prompt = later(() => {
  const textBlock = z.looseObject({ type: z.enum(['text']), text: z.string(), cache_control: cacheControl() })

  const message = z.strictObject({
    role: z.enum(['user', 'assistant', 'system']),
    content: z.union([z.string(), z.array(block())]),
  })

  const tool = z.looseObject({
    name: z.string().min(1).max(128),
    type: optional(z.string()),
    description: z.string().optional(),
    input_schema: z.looseObject({}).optional(),
    cache_control: cacheControl(),
  })

  const parallel = { disable_parallel_tool_use: z.boolean().optional() }

  return {
    model: z.string(),
    messages: z.array(message).min(1, { error: noMessage }),
    system: z.union([z.string(), z.array(textBlock)]).optional(),
    tools: z.array(tool).optional(),
    tool_choice: z
      .discriminatedUnion('type', [
        z.strictObject({ type: z.literal('auto'), ...parallel }),
        z.strictObject({ type: z.literal('any'), ...parallel }),
        z.strictObject({ type: z.literal('tool'), name: z.string(), ...parallel }),
        z.strictObject({ type: z.literal('none') }),
      ])
      .optional(),
    thinking: z
      .discriminatedUnion('type', [
        z.strictObject({
          type: z.literal('enabled'),
          budget_tokens: z.int({ error: wholeNumber }).min(1_024),
          display: anything,
        }),
        z.strictObject({ type: z.literal('adaptive'), display: anything }),
        z.strictObject({ type: z.literal('between_tools') }),
        z.strictObject({ type: z.literal('disabled') }),
      ])
      .optional(),
    output_config: optional(
      z.looseObject({
        effort: optional(z.enum(['low', 'medium', 'high', 'xhigh', 'max'])),
        format: optional(z.looseObject({ type: z.enum(['json_schema']), schema: z.looseObject({}) })),
      }),
    ),
    cache_control: cacheControl(),
    context_management: anything,
    mcp_servers: anything,
    betas: anything,
  }
})

export const countBody = later(() => z.strictObject(prompt()))
export type CountBody = z.output<ReturnType<typeof countBody>>

export const claudeBody = later(() =>
  z.strictObject({
    ...prompt(),
    max_tokens: z.int({ error: wholeNumber }).min(1),
    stream: z.boolean().optional(),
    stop_sequences: z.array(z.string()).optional(),
    temperature: z.number().min(0).max(1).optional(),
    top_p: z.number().min(0).max(1).optional(),
    top_k: z.int({ error: wholeNumber }).min(0).optional(),
    metadata: anything,
    service_tier: z.enum(['auto', 'standard_only']).optional(),
    container: anything,
    diagnostics: anything,
    inference_geo: anything,
    speed: anything,
    user_profile_id: anything,
    workspace_id: anything,
  }),
)
export type ClaudeBody = z.output<ReturnType<typeof claudeBody>>

/** Of 2026-10-21, which knows no sampling parameters, not even with their default values. */
export const newClaudeBody = later(() => claudeBody().omit({ temperature: true, top_p: true, top_k: true }))

export type ClaudeBlock = z.output<ReturnType<typeof block>>
