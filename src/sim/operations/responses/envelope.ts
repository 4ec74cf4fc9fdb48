/** A response as an object: all keys in the service's order (recorded April and July 2026). */
import { step } from '../../base/slices.ts'
import { servedTier } from '../parts/service-tier.ts'
import { contentFilters } from './filters.ts'
import { defaultRetention, defaultTopP, effortTold, isLatest } from './generation.ts'
import type { KeptItem } from './items.ts'
import { inOrder } from './in-order.ts'
import { indented } from '../../base/layout.ts'
import { isObject, type JsonObject } from '../../base/object.ts'
import type { ResponseRecord, ResponseStatus } from './record.ts'
import { agentById } from './agents.ts'
import { type Door, isOfProject, type ProjectDoor } from './doors.ts'
import { keptProjectResponse, projectAscii, projectItem, projectResponse, projectTool } from './project-writer.ts'
import { formatTold } from './format.ts'
import { toolsTold } from './tools.ts'
import { withoutPath } from '../../answers/mcp/told.ts'
import { indentedList, withLists, withoutLists } from './long-lists.ts'
import { lackedBy, type Made, recordedIn } from './as-recorded.ts'
import { tellsCacheWrites } from '../../models/abilities.ts'

export type ResponseView = { readonly status: ResponseStatus; readonly completedAtSeconds: number | null }

/**
 * A response that is not streamed. A resource's is indented by two spaces and ASCII only. A project's is indented, too, but not
 * ASCII only (by its length, recorded June 2026). The dated door of a project sends one line, ASCII only (by their lengths,
 * November 2025 and January 2026).
 */
export function wholeResponse(record: ResponseRecord, view: ResponseView, door: Door): string {
  const { entries, lists } = withoutLists(entriesOf(record, view, door))
  if (isOfProject(door)) {
    const told = projectResponse(door, plainFields(entries))
    if (door === 'project') return withLists(indented(told), lists, { gap: ' ', write: indentedList })
    return withLists(projectAscii(JSON.stringify(told)), lists, { gap: '', write: (some) => JSON.stringify(some) })
  }
  const members = entries.map(([key, value]) => {
    const json = step(() =>
      value instanceof Decimal ? value.text : typeof value === 'object' ? indented(value) : JSON.stringify(value),
    )
    return step(() => `  "${key}": ${json.replaceAll('\n', '\n  ')}`)
  })
  const whole = step(() => ascii(`{\n${members.join(',\n')}\n}`))
  return withLists(whole, lists, { gap: ' ', write: (some) => ascii(indentedList(some)) })
}

/** A stored response, in the form of a project's list and its dated door. */
export function keptResponse(record: ResponseRecord, view: ResponseView, door: ProjectDoor): object {
  return keptProjectResponse(door, plainFields(entriesOf(record, view, door)), record.model.servedName)
}

const plainFields = (entries: readonly Entry[]): JsonObject =>
  Object.fromEntries(entries.map(([key, value]) => [key, value instanceof Decimal ? value.value : value]))

export type Streamed = {
  readonly door: Door
  /** Whether whole numbers have a decimal point: `1.0`. */
  readonly hasPoints: boolean
}

/** On one line, for an event of a stream. */
export function compactResponse(record: ResponseRecord, view: ResponseView, { door, hasPoints }: Streamed): string {
  const members = entriesOf(record, view, door, true).map(([key, value]) => {
    const told = isOfProject(door) ? streamedMember(door, key, value, record) : value
    const json = told instanceof Decimal ? (hasPoints ? told.text : String(told.value)) : JSON.stringify(told)
    return `"${key}":${json}`
  })
  return `{${members.join(',')}}`
}

/** A project's streams have the resource's order, except in items and tools. */
function streamedMember(door: ProjectDoor, key: string, value: unknown, record: ResponseRecord): unknown {
  if (key === 'output')
    return record.items.length > 0 && Array.isArray(value)
      ? value.map((item: object) => projectItem(door, { ...item }, record, true))
      : value
  if (key === 'tools') return (value as readonly object[]).map((tool) => projectTool(door, { ...tool }))
  return key === 'tool_choice' ? (record.request.tool_choice ?? null) : value
}

/** Any other object of this API. */
export const prettyJson = (body: object): string => ascii(indented(body))

/** Other characters are escaped (recorded April 2026). */
const ascii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A number that is always written with a decimal point: `1.0`. */
class Decimal {
  readonly value: number
  readonly text: string
  constructor(value: number) {
    this.value = value
    this.text = Number.isInteger(value) ? value.toFixed(1) : String(value)
  }
}

type Entry = readonly [key: string, value: unknown]

function entriesOf(record: ResponseRecord, view: ResponseView, door: Door, isStream = false): readonly Entry[] {
  const lacked = lackedBy(door, record, isStream)
  const entries = allEntries(record, view, door)
  return lacked.size === 0 ? entries : entries.filter(([key]) => !lacked.has(key))
}

function allEntries(
  record: ResponseRecord,
  { status, completedAtSeconds }: ResponseView,
  door: Door,
): readonly Entry[] {
  const { request, model, incomplete } = record
  const isOver = status === 'completed' || status === 'incomplete'
  // A project's dated door was last recorded without them (February 2026).
  const hasPenalties = door !== 'datedProject'
  return [
    ['id', record.id],
    ['object', 'response'],
    ['created_at', record.createdAtSeconds],
    ['status', status],
    ['background', request.background ?? false],
    ['completed_at', completedAtSeconds],
    ['content_filters', isOver ? contentFilters(record, door) : null],
    ...(record.conversationId ? ([['conversation', { id: record.conversationId }]] as const) : []),
    ['error', null],
    ...(hasPenalties ? [['frequency_penalty', new Decimal(request.frequency_penalty ?? 0)] as const] : []),
    ['incomplete_details', status === 'incomplete' ? { reason: incomplete } : null],
    ['instructions', request.instructions ?? null],
    ['max_output_tokens', request.max_output_tokens ?? null],
    ['max_tool_calls', request.max_tool_calls ?? null],
    ['model', record.deployment],
    ...(isLatest(model) ? [['moderation', null] as const] : []),
    ['output', isOver ? record.items.map((item) => itemAt(door, record, item.json())) : []],
    ['parallel_tool_calls', request.parallel_tool_calls ?? true],
    ...(hasPenalties ? [['presence_penalty', new Decimal(request.presence_penalty ?? 0)] as const] : []),
    ['previous_response_id', request.previous_response_id ?? null],
    ['prompt_cache_key', request.prompt_cache_key ?? null],
    ...(request.prompt_cache_options && tellsCacheWrites(model)
      ? ([['prompt_cache_options', request.prompt_cache_options]] as const)
      : []),
    ['prompt_cache_retention', request.prompt_cache_retention ?? retentionAt(door, record)],
    ['reasoning', reasoningTold(record, door)],
    ['safety_identifier', request.safety_identifier ?? null],
    ['service_tier', isOver ? (record.tier ?? servedTier(request.service_tier)) : (request.service_tier ?? 'auto')],
    ['store', request.store ?? true],
    ['temperature', new Decimal(request.temperature ?? 1)],
    ['text', textTold(record, door)],
    ['tool_choice', request.tool_choice ?? 'auto'],
    ['tools', toolsAt(door, request)],
    ['top_logprobs', request.top_logprobs ?? 0],
    ['top_p', new Decimal(request.top_p ?? defaultTopP(model))],
    ['truncation', request.truncation ?? 'disabled'],
    ['usage', isOver ? usageTold(record) : null],
    ['user', request.user ?? null],
    ['metadata', request.metadata ?? {}],
    ...agentTold(record, door),
  ]
}

/** The dated door has another name and type for it (December 2025). v1 has both if the request used that name (March 2026). */
function agentTold({ agent, tellsAgent }: ResponseRecord, door: Door): readonly Entry[] {
  if (!agent || !isOfProject(door)) return []
  const byId: Entry = ['agent', agentById(agent)]
  if (door === 'datedProject') return [byId]
  return [['agent_reference', agent], ...(tellsAgent ? [byId] : [])]
}

/** Dated versions were recorded with null (January to March 2026). */
const retentionAt = (door: Door, made: Made) =>
  door === 'resource' || (door === 'project' && recordedIn(door, made) === 'newest')
    ? defaultRetention(made.model)
    : null

function toolsAt(door: Door, { tools }: ResponseRecord['request']) {
  const told = toolsTold(tools, door === 'dated' ? datedTools : undefined)
  return isOfProject(door) ? told : told.map(withoutPath)
}

/** Fields of tools that dated versions lack (recorded March 2026). */
const datedTools: ReadonlySet<string> = new Set(['search_content_types'])

const isBefore2025End = (door: Door, made: Made) => {
  const month = recordedIn(door, made)
  return month === '2025-03' || month === '2025-08'
}

function textTold(record: ResponseRecord, door: Door) {
  const { request } = record
  const { verbosity } = request.text ?? {}
  if (!verbosity && isBefore2025End(door, record)) return { format: formatTold(request) }
  return { format: formatTold(request), verbosity: verbosity ?? 'medium' }
}

/** Until August 2025 there were no `logprobs`; in March 2025 messages had another order. */
function itemAt(door: Door, made: Made, item: KeptItem): object {
  const { content } = item
  if (!isBefore2025End(door, made) || item.type !== 'message' || !Array.isArray(content)) return item
  const isFirst = recordedIn(door, made) === '2025-03'
  const parts = content.map((part: unknown) => {
    if (!isObject(part)) return part
    const { logprobs, ...rest } = part
    const told = Array.isArray(logprobs) && logprobs.length === 0 ? rest : part
    return isFirst ? inOrder(told, ['type', 'text', 'annotations']) : told
  })
  const told = { ...item, content: parts }
  return isFirst ? inOrder(told, ['type', 'id', 'status', 'role', 'content']) : told
}

function reasoningTold(record: ResponseRecord, door: Door) {
  const { reasoning } = record.request
  const { model } = record
  const month = recordedIn(door, record)
  const wanted = reasoning?.summary ?? reasoning?.generate_summary ?? null
  // `auto` means the most detailed summary.
  const summary = wanted === 'auto' ? 'detailed' : wanted
  const effort = effortTold(model, reasoning?.effort)
  if (month === '2025-03') return { effort, generate_summary: summary }
  // Null for this model, since June 2026.
  if (model.name === 'gpt-5.2' && month === 'newest') return { context: reasoning?.context ?? null, effort, summary }
  if (!isLatest(model)) return { effort, summary }
  return { context: reasoning?.context ?? 'all_turns', effort, mode: reasoning?.mode ?? 'standard', summary }
}

export const usageTold = ({ usage, details }: Pick<ResponseRecord, 'usage' | 'details'>) => ({
  input_tokens: usage.promptTokens,
  input_tokens_details: {
    ...(details.cacheWriteTokens !== undefined && { cache_write_tokens: details.cacheWriteTokens }),
    cached_tokens: details.cachedTokens ?? 0,
  },
  output_tokens: usage.completionTokens,
  output_tokens_details: { reasoning_tokens: details.reasoningTokens ?? 0 },
  total_tokens: usage.promptTokens + usage.completionTokens,
})
