/** Tools of MCP servers: listed once a thread, called with or without the client's leave (recorded December 2025 to March 2026). */
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import type { McpServer } from '../../config/rule-mcp.ts'
import { approvalRequestNotFound } from '../../errors/responses.ts'
import { drawJson } from '../../generators/json/schema.ts'
import { newWork } from '../../generators/json/work.ts'
import { loremText } from '../../generators/text/lorem.ts'
import { countTokens } from '../../models/tokenizer.ts'
import type { Call } from '../../operation.ts'
import type { Random } from '../../random.ts'
import type { ResponsesBody } from './ask.ts'
import type { ToolInput } from './body.ts'
import type { HostedCall } from './hosted-item.ts'
import type { IdMaker } from './ids.ts'
import type { Item } from './items.ts'
import { added, done, type OutputItem } from './output-item.ts'

type Tool = McpServer['tools'][number]

/** What each server has that the request names: what a rule says, or else two tools that are made up. */
const invented: readonly Tool[] = ['search', 'fetch'].map((name) => ({
  name,
  description: name === 'search' ? 'Search for what is asked.' : 'Fetch a document by its id.',
  inputSchema: {
    type: 'object',
    properties: { [name === 'search' ? 'query' : 'id']: { type: 'string' } },
    required: [name === 'search' ? 'query' : 'id'],
    additionalProperties: false,
  },
}))

const labelOf = ({ server_label: label }: ToolInput): string => textOf(label)

function toolsOf(tool: ToolInput, { mcp }: Pick<Call, 'mcp'>): readonly Tool[] {
  const label = labelOf(tool)
  const all = mcp?.find(({ server }) => server === label)?.tools ?? invented
  const { allowed_tools: allowed } = tool
  const names: unknown = isObject(allowed) ? allowed['tool_names'] : allowed
  return Array.isArray(names) ? all.filter(({ name }) => names.includes(name)) : all
}

/** What the answer begins with: the tools of servers that were not listed in this thread yet. */
export function mcpLists(call: Call<ResponsesBody>, newId: IdMaker): readonly OutputItem[] {
  const { before, own, request } = call.body
  const servers = (request.tools ?? []).filter(({ type }) => type === 'mcp')
  if (servers.length === 0) return []
  const listed = new Set(
    [...before, ...own].flatMap((item) => (item.type === 'mcp_list_tools' ? item['server_label'] : [])),
  )
  return servers.filter((tool) => !listed.has(labelOf(tool))).map((tool) => listItem(newId('mcpl'), tool, call))
}

function listItem(id: string, tool: ToolInput, call: Call<ResponsesBody>): OutputItem {
  const told = (tools: readonly object[]) => ({ id, type: 'mcp_list_tools', server_label: labelOf(tool), tools })
  const json = () =>
    told(
      toolsOf(tool, call).map(({ name, description = null, inputSchema = emptySchema }) => ({
        name,
        description,
        input_schema: inputSchema,
        annotations: {},
      })),
    )
  return {
    id,
    json,
    *events(place) {
      yield added(told([]), place)
      const rest = `,"output_index":${place.index},"item_id":"${id}"`
      yield { tokens: 0, type: 'response.mcp_list_tools.in_progress', rest }
      yield { tokens: listTokens, type: 'response.mcp_list_tools.completed', rest }
      yield done(json(), place)
    },
  }
}

const emptySchema = { type: 'object', properties: {}, required: [] }
/** About a second and a half: a guess. */
const listTokens = 75
const callTokens = 75

/** The calls that the client has given leave for, where it has; nothing where it was not asked or says no. */
export function approvedCalls(call: Call<ResponsesBody>, newId: IdMaker): HostedCall | undefined {
  const { own, before, request } = call.body
  const answers = own.filter(({ type }) => type === 'mcp_approval_response')
  const items = answers.flatMap((answer) => {
    const asked = requestOf(answer, [...before, ...own])
    if (answer['approve'] !== true) return []
    const tool = request.tools?.find((one) => one.type === 'mcp' && labelOf(one) === asked['server_label'])
    const found = tool && toolsOf(tool, call).find(({ name }) => name === asked['name'])
    const facts = { id: newId('mcp'), label: textOf(asked['server_label']), name: textOf(asked['name']) }
    const given = { arguments: textOf(asked['arguments']), approvalId: asked.id ?? null }
    return [callItem({ ...facts, ...given, ...outcomeOf(found, call.random) }, call)]
  })
  const [item, ...further] = items
  return item && { item, further, writtenTokens: 0, waitTokens: callTokens * items.length }
}

/** Throws for an answer to what nobody asked. */
export function refuseApprovals({ own, before }: ResponsesBody): void {
  for (const item of own) if (item.type === 'mcp_approval_response') requestOf(item, [...before, ...own])
}

function requestOf(answer: Item, items: readonly Item[]): Item {
  const id = answer['approval_request_id']
  const asked = items.find((item) => item.type === 'mcp_approval_request' && item.id === id)
  if (!asked) throw approvalRequestNotFound(textOf(id))
  return asked
}

/** A call that the model makes of its own accord, or the question whether it may. */
export function mcpCall(tool: ToolInput, call: Call<ResponsesBody>, newId: IdMaker): HostedCall | undefined {
  const { mcp, random, deployment } = call
  const label = labelOf(tool)
  const choice = call.body.request.tool_choice
  const named =
    isObject(choice) && choice['type'] === 'mcp' && typeof choice['name'] === 'string'
      ? choice['name']
      : mcp?.find(({ server }) => server === label)?.call
  const offered = toolsOf(tool, call)
  const chosen = offered.find(({ name }) => name === named) ?? offered[random.below(Math.max(1, offered.length))]
  if (!chosen) return undefined
  const { name, inputSchema = emptySchema } = chosen
  const given = JSON.stringify(chosen.arguments ?? drawJson(inputSchema, random, newWork()))
  const writtenTokens = countTokens(`${name}${given}`, deployment.model.encoding) + aroundTokens
  if (needsLeave(tool, name))
    return { item: requestItem(newId('mcpr'), { label, name, given }), writtenTokens, waitTokens: 0, endsTurn: true }
  const facts = { id: newId('mcp'), label, name, arguments: given, approvalId: null, ...outcomeOf(chosen, random) }
  return { item: callItem(facts, call), writtenTokens, waitTokens: callTokens }
}

/** As of a call of a function. */
const aroundTokens = 8

/** `always` where nothing is said; else by the names of tools. */
function needsLeave({ require_approval: required }: ToolInput, name: string): boolean {
  if (!isObject(required)) return required !== 'never'
  const has = (key: string) => {
    const filter = required[key]
    const names: unknown = isObject(filter) ? filter['tool_names'] : undefined
    return Array.isArray(names) && names.includes(name)
  }
  return has('always') || !has('never')
}

const outcomeOf = (tool: Tool | undefined, random: Random) =>
  tool?.error === undefined
    ? { output: tool?.result ?? loremText(40, random), error: null }
    : { output: null, error: { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: tool.error }] } }

type Asked = { readonly label: string; readonly name: string; readonly given: string }

/** Without events of its own (recorded February 2026). */
function requestItem(id: string, { label, name, given }: Asked): OutputItem {
  const json = () => ({ id, type: 'mcp_approval_request', arguments: given, name, server_label: label })
  return {
    id,
    json,
    *events(place) {
      yield added(json(), place)
      yield done(json(), place)
    },
  }
}

type CallFacts = {
  readonly id: string
  readonly label: string
  readonly name: string
  readonly arguments: string
  readonly approvalId: string | null
  readonly output: string | null
  readonly error: object | null
}

function callItem(facts: CallFacts, { deployment }: Call<ResponsesBody>): OutputItem {
  const { id, label, name, approvalId, output, error } = facts
  const isFailed = error !== null
  const told = (given: string, status: string) => ({
    id,
    type: 'mcp_call',
    status,
    approval_request_id: approvalId,
    arguments: given,
    error: status === 'calling' ? null : error,
    name,
    output: status === 'calling' ? null : output,
    server_label: label,
  })
  const json = () => told(facts.arguments, isFailed ? 'failed' : 'completed')
  return {
    id,
    json,
    *events(place) {
      const at = `,"output_index":${place.index},"item_id":"${id}"`
      const event = (type: string, rest = '', tokens = 0) => ({ tokens, type: `response.${type}`, rest: at + rest })
      yield added(told('', 'calling'), place)
      yield event('mcp_call.in_progress')
      const tokens = countTokens(facts.arguments, deployment.model.encoding)
      yield event(
        'mcp_call_arguments.delta',
        `,"delta":${JSON.stringify(facts.arguments)}${place.cover(facts.arguments)}`,
        tokens,
      )
      yield event('mcp_call_arguments.done', `,"arguments":${JSON.stringify(facts.arguments)}`)
      yield event(isFailed ? 'mcp_call.failed' : 'mcp_call.completed', '', callTokens)
      yield done(json(), place)
    },
  }
}
