/** The schemas of the items that a client may add: messages, calls of tools and their results. */
import * as z from 'zod'
import { later } from '../../http/validate.ts'
import { optional } from '../parts/body-fields.ts'
import { byType, issuesIn, checkedList } from './schema-parts.ts'

const text = (type: string) => z.strictObject({ type: z.literal(type), text: z.string() })
const sound = (type: string) =>
  z.strictObject({ type: z.literal(type), audio: optional(z.string()), transcript: optional(z.string()) })
const image = () =>
  z.strictObject({
    type: z.literal('input_image'),
    image_url: z.string().regex(/^(?:data:image\/|https?:\/\/)/i),
    detail: optional(z.enum(['auto', 'low', 'high'])),
  })

const common = () => ({
  id: optional(z.string().min(1).max(32)),
  object: optional(z.string()),
  status: optional(z.enum(['completed', 'incomplete', 'in_progress'])),
})

const contents: Readonly<Record<string, () => Readonly<Record<string, z.ZodType>>>> = {
  system: () => ({ input_text: text('input_text') }),
  user: () => ({ input_text: text('input_text'), input_audio: sound('input_audio'), input_image: image() }),
  assistant: () => ({
    output_text: text('output_text'),
    output_audio: sound('output_audio'),
    // The previews' names.
    text: text('text'),
    audio: sound('audio'),
  }),
}

/** Its content depends on its role. */
function message() {
  const partOf = new Map(Object.entries(contents).map(([role, kinds]) => [role, byType(kinds())]))
  return z
    .strictObject({
      ...common(),
      type: z.literal('message'),
      role: z.enum(['system', 'user', 'assistant']),
      phase: optional(z.string()),
      content: z.array(z.unknown()).min(1),
    })
    .superRefine((value, context) => {
      const part = partOf.get(value.role)
      for (const issue of part ? issuesIn(value.content, part) : [])
        context.addIssue({ ...issue, path: ['content', ...issue.path] })
    })
}

const id = () => z.string().min(1)

const kinds = () => ({
  message: message(),
  function_call: z.strictObject({
    ...common(),
    type: z.literal('function_call'),
    call_id: optional(id()),
    name: id(),
    arguments: z.string(),
  }),
  function_call_output: z.strictObject({
    ...common(),
    type: z.literal('function_call_output'),
    call_id: id(),
    output: z.string(),
  }),
  mcp_approval_request: z.strictObject({
    ...common(),
    type: z.literal('mcp_approval_request'),
    server_label: id(),
    name: id(),
    arguments: z.string(),
  }),
  mcp_approval_response: z.strictObject({
    ...common(),
    // The upstream API's guide makes it of the id of what it answers.
    id: optional(z.string().min(1).max(128)),
    type: z.literal('mcp_approval_response'),
    approval_request_id: id(),
    approve: z.boolean(),
    reason: optional(z.string()),
  }),
  mcp_list_tools: z.strictObject({
    ...common(),
    type: z.literal('mcp_list_tools'),
    server_label: id(),
    tools: checkedList(
      z.looseObject({ name: id(), input_schema: optional(z.unknown()), description: optional(z.string()) }),
    ),
  }),
  mcp_call: z.strictObject({
    ...common(),
    type: z.literal('mcp_call'),
    server_label: id(),
    name: id(),
    arguments: z.string(),
    output: optional(z.string()),
    error: optional(z.unknown()),
    approval_request_id: optional(z.string()),
  }),
})

export const item = later(() => byType(kinds()))

/** For the input of a response, which may also refer to items of the conversation. */
export const itemOrReference = later(() =>
  byType({ ...kinds(), item_reference: z.strictObject({ type: z.literal('item_reference'), id: id() }) }),
)
