/**
 * Writes a resource's answers in the form of a project's service: members in another order, no null members, and items name their
 * response (recorded November 2025 to June 2026). Members that are not in a list come last.
 */
import { textOf } from '../../base/text-of.ts'
import { isObject, table, type JsonObject } from '../../base/object.ts'
import type { ProjectDoor } from './doors.ts'
import { inOrder as inOrderOf } from './in-order.ts'

type Orders = Readonly<Record<string, string>>

const wholes: Readonly<Record<ProjectDoor, string>> = {
  project:
    'metadata top_logprobs temperature top_p user service_tier previous_response_id prompt_cache_retention model reasoning background max_output_tokens max_tool_calls text tools tool_choice truncation id object status created_at completed_at error incomplete_details output instructions usage parallel_tool_calls conversation agent agent_reference content_filters',
  datedProject:
    'metadata temperature top_p user service_tier top_logprobs previous_response_id model reasoning background max_output_tokens max_tool_calls text tools tool_choice truncation id object status created_at error incomplete_details output instructions usage parallel_tool_calls conversation agent',
}

/** A stored response, in the list and at the dated door (recorded November 2025 to April 2026). */
const keptWholes: Readonly<Record<ProjectDoor, string>> = {
  project:
    'metadata top_logprobs temperature top_p user service_tier previous_response_id model reasoning background max_output_tokens max_tool_calls tools tool_choice truncation id object status created_at error incomplete_details output instructions usage parallel_tool_calls conversation agent_reference',
  datedProject:
    'metadata temperature top_p user service_tier top_logprobs previous_response_id model reasoning background max_output_tokens max_tool_calls tools tool_choice truncation id object status created_at error incomplete_details output instructions usage parallel_tool_calls conversation agent structured_inputs',
}

/** Members that are present even if they are null. */
const kept: Readonly<Record<ProjectDoor, ReadonlySet<string>>> = {
  project: new Set(['error', 'incomplete_details', 'instructions', 'agent_reference']),
  datedProject: new Set(['user', 'error', 'incomplete_details', 'instructions', 'conversation']),
}

/** After the members that all items have. */
const items: Readonly<Record<ProjectDoor, Orders>> = {
  project: {
    message: 'role content phase status',
    reasoning: 'content encrypted_content summary',
    function_call: 'call_id name arguments status',
    function_call_output: 'call_id output status',
    custom_tool_call: 'call_id name input status',
    web_search_call: 'status action',
    file_search_call: 'status queries results',
    code_interpreter_call: 'status container_id code outputs',
    computer_call: 'call_id action pending_safety_checks status',
    image_generation_call: 'action background output_format quality revised_prompt size status result',
    mcp_list_tools: 'server_label tools',
    mcp_approval_request: 'server_label name arguments',
    mcp_call: 'server_label name arguments output status approval_request_id',
  },
  datedProject: {
    message: 'status role content phase',
    reasoning: 'content encrypted_content summary',
    function_call: 'status call_id name arguments',
    function_call_output: 'status call_id output',
    custom_tool_call: 'status call_id name input',
    web_search_call: 'status action',
    file_search_call: 'status queries results',
    code_interpreter_call: 'status container_id code outputs',
    computer_call: 'status call_id action pending_safety_checks',
    image_generation_call: 'status action background output_format quality revised_prompt size result',
    mcp_list_tools: 'server_label tools',
    mcp_approval_request: 'server_label name arguments',
    mcp_call: 'status approval_request_id server_label name arguments output',
  },
}

const tools: Orders = {
  function: 'type name description parameters strict',
  custom: 'type name description format',
  web_search: 'type user_location search_context_size',
  web_search_preview: 'type user_location search_context_size',
  file_search: 'type vector_store_ids max_num_results ranking_options',
  code_interpreter: 'type container',
  image_generation: 'type n model quality size output_format output_compression moderation background',
  computer_use_preview: 'type environment display_width display_height',
  mcp: 'type server_description server_label server_url require_approval',
}

const annotations: Orders = {
  url_citation: 'type url start_index end_index title',
  file_citation: 'type file_id index filename',
  container_file_citation: 'type container_id file_id start_index end_index filename',
}

/** A whole response. */
export function projectResponse(door: ProjectDoor, fields: JsonObject): JsonObject {
  const owner = ownerOf(fields)
  return told(door, wholes, fields, (item) => projectItem(door, item, owner))
}

const ownerOf = ({ id, agent, agent_reference: reference = agent }: JsonObject): Owner => ({
  id: textOf(id),
  agent: isObject(reference) ? reference : undefined,
  tellsAgent: agent !== undefined,
})

/** The part of an id that its thread shares: the partition in which a response is stored. */
const partition = /_([0-9a-f]{18})/

/** A stored response: with the model's version, a second spelling of its usage, and the partition of its items. */
export function keptProjectResponse(door: ProjectDoor, fields: JsonObject, servedName: string): JsonObject {
  const owner = ownerOf(fields)
  const key = partition.exec(owner.id)?.[1]
  const { effort } = isObject(fields['reasoning']) ? fields['reasoning'] : {}
  const shown = {
    ...fields,
    model: servedName,
    reasoning: effort ? fields['reasoning'] : null,
    usage: keptUsage(fields['usage']),
    ...(door === 'datedProject' && { structured_inputs: {} }),
  }
  return told(door, keptWholes, shown, (item) => {
    const {
      created_by: _,
      type,
      id,
      agent_reference: agent,
      response_id: responseId,
      ...rest
    } = projectItem(door, item, owner)
    const ofThread = {
      ...(agent !== undefined && { agent_reference: agent }),
      ...(responseId !== undefined && { response_id: responseId }),
    }
    return { type, id, ...ofThread, partition_key: key, ...rest }
  })
}

function keptUsage(usage: unknown): JsonObject {
  const { input_tokens = 0, output_tokens = 0, total_tokens = 0, ...rest } = isObject(usage) ? usage : {}
  return {
    input_tokens,
    input_tokens_details: null,
    output_tokens,
    output_tokens_details: null,
    total_tokens,
    input_token_details: rest['input_tokens_details'] ?? { cached_tokens: 0 },
    output_token_details: rest['output_tokens_details'] ?? { reasoning_tokens: 0 },
  }
}

type Names = Readonly<Record<ProjectDoor, string>>

function told(
  door: ProjectDoor,
  names: Names,
  fields: JsonObject,
  toldItem: (item: JsonObject) => JsonObject,
): JsonObject {
  const members: Record<string, unknown> = {}
  for (const key of names[door].split(' ')) {
    const value = fields[key] ?? null
    if (value === null && !kept[door].has(key)) continue
    members[key] = key in parts ? parts[key]?.(value, door) : value
  }
  members['output'] = listOf(fields['output']).map(toldItem)
  return members
}

const parts: Readonly<Record<string, (value: unknown, door: ProjectDoor) => unknown>> = table({
  reasoning: (value) => withoutNull(inOrder(value, 'effort summary mode context'), new Set(['context'])),
  text: (value) => (isObject(value) ? { ...value, format: withoutNull(value.format) } : value),
  tools: (value, door) => listOf(value).map((tool) => projectTool(door, tool)),
  content_filters: (value) => listOf(value).map(toldFilter),
})

export function projectTool(door: ProjectDoor, tool: JsonObject): JsonObject {
  const { type, user_location: place, search_content_types: _, container, ...rest } = tool
  const told = withoutNull({
    type,
    ...rest,
    user_location: isObject(place) ? toldPlace(place) : undefined,
    container: isObject(container) ? withoutNull(container) : container,
  })
  // `server_description` is always present there (recorded December 2025).
  const lacksDescription = type === 'mcp' && door === 'datedProject' && !told['server_description']
  return inOrder(lacksDescription ? { ...told, server_description: null } : told, tools[textOf(type)] ?? '')
}

const toldPlace = (place: JsonObject) => withoutNull(inOrder(place, 'type country region city timezone'))

/** The response that an item belongs to, and the agent that made it. */
export type Owner = {
  readonly id: string
  readonly agent?: JsonObject | undefined
  readonly tellsAgent?: boolean | undefined
}

/** The item in a whole response, or, if `isStreamed`, in an event. */
export function projectItem(door: ProjectDoor, item: JsonObject, owner?: Owner, isStreamed = false): JsonObject {
  const { type, id, ...rest } = item
  const ordered = withoutNull(inOrder(rest, items[door][textOf(type)] ?? ''), new Set(['outputs']))
  const body = Array.isArray(ordered['content']) ? { ...ordered, content: ordered['content'].map(toldPart) } : ordered
  if (owner === undefined) return { type, id, ...body }
  const { id: responseId, agent } = owner
  // Items of an agent have no `created_by` there (recorded December 2025).
  if (door === 'datedProject' && agent) return { type, id, ...body }
  // A search of the preview tool is passed on unchanged (recorded February 2026).
  if (door === 'project' && isStreamed && type === 'web_search_call' && !('action' in rest))
    return { id, type, ...rest, ...(agent ? { agent_reference: agent } : {}), response_id: responseId }
  if (door === 'project') {
    const by =
      agent && owner.tellsAgent ? { agent: { ...agent, type: 'agent_id' }, response_id: responseId } : undefined
    const made = { ...(by && { created_by: by }), ...(agent && { agent_reference: agent }), response_id: responseId }
    return { type, id, ...made, ...body }
  }
  return isStreamed
    ? { type, id, created_by: {}, ...body }
    : { type, id, ...body, created_by: { response_id: responseId } }
}

function toldPart(part: unknown): unknown {
  const told = inOrder(part, 'type text annotations logprobs')
  const notes = told['annotations']
  return Array.isArray(notes) ? { ...told, annotations: notes.map(toldNote) } : told
}

const toldNote = (note: unknown) => inOrder(note, isObject(note) ? (annotations[textOf(note.type)] ?? '') : '')

/** In a result, `filtered` comes before `detected`. */
function toldFilter(filter: JsonObject): JsonObject {
  const { content_filter_results: results, ...rest } = filter
  const ordered = inOrder(
    results,
    'sexual hate violence self_harm jailbreak indirect_attack protected_material_text protected_material_code',
  )
  const told = Object.entries(ordered).map(([key, value]) => [key, inOrder(value, 'filtered detected')] as const)
  const order = 'blocked source_type content_filter_results content_filter_raw content_filter_offsets'
  return inOrder({ ...rest, content_filter_results: Object.fromEntries(told) }, order)
}

/** The type first, then by name, for some models the number last. The dated door has the resource's order. */
export function projectEvent(door: ProjectDoor, event: JsonObject, owner: Owner, isNumberLast: boolean): JsonObject {
  const { type, ...rest } = event
  const item = isObject(rest['item']) ? { item: projectItem(door, rest['item'], owner, true) } : {}
  const told: JsonObject = { ...rest, ...item }
  if (door === 'datedProject') return { type, ...told }
  const { sequence_number: number, ...others } = told
  const sorted = Object.entries(isNumberLast ? others : told).sort(([a], [b]) => (a < b ? -1 : 1))
  return { type, ...Object.fromEntries(sorted), ...(isNumberLast && { sequence_number: number }) }
}

const inOrder = (value: unknown, names: string): JsonObject => inOrderOf(value, names.split(' '))

const withoutNull = (value: unknown, but: ReadonlySet<string> = new Set()): JsonObject =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter(([key, one]) =>
          one === null ? but.has(key) : one !== undefined && !isEmptyList(key, one),
        ),
      )
    : {}

/** An empty list of a container's files. */
const isEmptyList = (key: string, value: unknown) => key === 'file_ids' && Array.isArray(value) && value.length === 0

const listOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? (value as readonly JsonObject[]) : [])

/** Escapes other characters, with digits in upper case. */
export const projectAscii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)
