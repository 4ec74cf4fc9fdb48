/** Pieces of the schemas of sessions and client events. */
import * as z from 'zod'
import { checked } from '../../base/checked.ts'
import { through } from '../../base/slices.ts'
import { isObject } from '../../base/object.ts'
import { integer } from '../../http/validate.ts'
import { anything, name, optional } from '../parts/body-fields.ts'

/** One of several objects, distinguished by `type`; problems are reported for the named type. */
export function byType<Kinds extends Readonly<Record<string, z.ZodType>>>(kinds: Kinds, usual?: keyof Kinds & string) {
  const names = Object.keys(kinds)
  const type = z.enum(names)
  return z.looseObject({ type: usual === undefined ? type : optional(type) }).superRefine((value, context) => {
    const schema = kinds[value.type ?? usual ?? '']
    const result = schema && checked(schema, value, { reportInput: true })
    for (const issue of result?.error?.issues ?? []) context.addIssue(issue as never)
  })
}

/** A list whose members are checked some at a time where that is done in slices. Of what is wrong the first is told. */
export const checkedList = (member: z.ZodType) =>
  z.array(z.unknown()).superRefine((list, context) => {
    for (const issue of issuesIn(list, member)) context.addIssue(issue as never)
  })

/** Those of the first member that has any. */
export const issuesIn = (list: readonly unknown[], member: z.ZodType): readonly z.core.$ZodIssue[] =>
  through(() => membersChecked(list, member))

const membersAStep = 64

function* membersChecked(list: readonly unknown[], member: z.ZodType): Generator<undefined, z.core.$ZodIssue[]> {
  for (const [at, one] of list.entries()) {
    if (at % membersAStep === membersAStep - 1) yield
    const result = checked(member, one, { reportInput: true })
    if (!result.success) return result.error.issues.map((issue) => ({ ...issue, path: [at, ...issue.path] }))
  }
  return []
}

type Issue = Parameters<z.core.$RefinementCtx['addIssue']>[0]

/** Any object, whatever is in it: a record is looked through key by key, of which there may be many. */
const anyObject = () =>
  z.unknown().superRefine((value, context) => {
    const issue: Issue = { code: 'invalid_type', expected: 'record', input: value }
    if (!isObject(value)) context.addIssue(issue)
  })

/** An object of texts. */
const textsByName = (maxLength = Infinity) => {
  const record = z.record(z.string(), z.string().max(maxLength))
  const isText = (value: unknown) => typeof value === 'string' && value.length <= maxLength
  return z.unknown().superRefine((value, context) => {
    let looked = value
    if (isObject(value)) {
      const wrong = Object.keys(value).find((name) => !isText(value[name]))
      if (wrong === undefined) return
      looked = { [wrong]: value[wrong] }
    }
    for (const issue of checked(record, looked, { reportInput: true }).error?.issues ?? [])
      context.addIssue(issue as never)
  })
}

export const maxTokensSchema = () => optional(z.union([integer(1, 4096), z.literal('inf')]))

export const functionTool = () =>
  z.strictObject({
    type: z.literal('function'),
    name: name(),
    description: optional(z.string()),
    parameters: optional(anyObject()),
    strict: optional(z.boolean()),
  })

const toolFilter = () =>
  z.strictObject({ tool_names: optional(checkedList(z.string())), read_only: optional(z.boolean()) })

const mcpTool = () =>
  z.strictObject({
    type: z.literal('mcp'),
    server_label: z.string().min(1),
    server_url: optional(z.string().min(1)),
    connector_id: optional(z.string().min(1)),
    tunnel_id: optional(z.string().min(1)),
    server_description: optional(z.string()),
    authorization: optional(z.string()),
    headers: optional(textsByName()),
    allowed_tools: optional(z.union([checkedList(z.string()), toolFilter()])),
    allowed_callers: optional(checkedList(z.enum(['direct', 'programmatic']))),
    require_approval: optional(
      z.union([
        z.enum(['always', 'never']),
        z.strictObject({ always: optional(toolFilter()), never: optional(toolFilter()) }),
      ]),
    ),
    defer_loading: optional(z.boolean()),
  })

export const tools = () => optional(checkedList(byType({ function: functionTool(), mcp: mcpTool() })))

export const toolChoice = () =>
  optional(
    z.union([
      z.enum(['auto', 'none', 'required']),
      z.strictObject({ type: z.literal('function'), name: z.string() }),
      z.strictObject({ type: z.literal('mcp'), server_label: z.string(), name: optional(z.string()) }),
    ]),
  )

const voices = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'] as const

/** One of the service's voices, or a custom one. */
export const voice = () => optional(z.union([z.enum(voices), z.strictObject({ id: z.string() })]))

/** Uncompressed sound at 24 kHz, or G.711 at 8 kHz, whose rate some clients state. */
export const format = () =>
  optional(
    byType({
      'audio/pcm': z.strictObject({ type: z.literal('audio/pcm'), rate: optional(z.literal(24_000)) }),
      'audio/pcmu': z.strictObject({ type: z.literal('audio/pcmu'), rate: optional(z.literal(8_000)) }),
      'audio/pcma': z.strictObject({ type: z.literal('audio/pcma'), rate: optional(z.literal(8_000)) }),
    }),
  )

export const shortFormat = () => optional(z.enum(['pcm16', 'g711_ulaw', 'g711_alaw']))

const answers = { create_response: optional(z.boolean()), interrupt_response: optional(z.boolean()) }

/** Null: the client decides when it is the model's turn. */
export const turnDetection = () =>
  optional(
    byType(
      {
        server_vad: z.strictObject({
          type: optional(z.literal('server_vad')),
          threshold: optional(z.number().min(0).max(1)),
          prefix_padding_ms: optional(integer(0, 5_000)),
          silence_duration_ms: optional(integer(0, 60_000)),
          idle_timeout_ms: optional(integer(5_000, 30_000)),
          ...answers,
        }),
        semantic_vad: z.strictObject({
          type: z.literal('semantic_vad'),
          eagerness: optional(z.enum(['low', 'medium', 'high', 'auto'])),
          ...answers,
        }),
      },
      'server_vad',
    ),
  )

export const transcription = () =>
  optional(
    z.strictObject({
      model: optional(z.string().min(1)),
      language: optional(z.string()),
      languages: optional(checkedList(z.string()).min(1)),
      keywords: optional(checkedList(z.string())),
      prompt: optional(z.string()),
      delay: optional(z.string()),
    }),
  )

export const noiseReduction = () => optional(z.strictObject({ type: optional(z.enum(['near_field', 'far_field'])) }))

export const include = () => optional(checkedList(z.enum(['item.input_audio_transcription.logprobs'])))

export const truncation = () =>
  optional(
    z.union([
      z.enum(['auto', 'disabled']),
      z.strictObject({
        type: z.literal('retention_ratio'),
        retention_ratio: z.number().min(0).max(1),
        token_limits: anything,
      }),
    ]),
  )

export const metadata = () => optional(textsByName(512))

/** One that is kept elsewhere. */
export const prompt = () =>
  optional(
    z.strictObject({
      id: z.string(),
      version: optional(z.string()),
      variables: optional(anyObject()),
    }),
  )

export const reasoning = () =>
  optional(z.strictObject({ effort: optional(z.enum(['minimal', 'low', 'medium', 'high', 'xhigh'])) }))

export const tracing = () =>
  optional(
    z.union([
      z.enum(['auto']),
      z.strictObject({
        workflow_name: optional(z.string()),
        group_id: optional(z.string()),
        metadata: anything,
      }),
    ]),
  )
