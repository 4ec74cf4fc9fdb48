/** The tools of the MCP servers that a request names, and which of them is called with what. */
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import { approvalRequestNotFound } from '../../errors/responses.ts'
import { drawJson } from '../../generators/json/schema.ts'
import { newWork } from '../../generators/json/work.ts'
import { loremText } from '../../generators/text/lorem.ts'
import { countTokens } from '../../models/tokenizer.ts'
import type { Call } from '../../operation.ts'
import type { Random } from '../../random.ts'
import type { ResponsesBody } from './ask.ts'
import type { ToolInput } from './body.ts'
import type { Item } from './items.ts'
import { emptySchema } from './mcp-items.ts'
import type { McpOutcome, McpPlan, McpTool } from './mcp-types.ts'

/** What each server has that the request names: what a rule says, or else two tools that are made up. */
const invented: readonly McpTool[] = ['search', 'fetch'].map((name) => ({
  name,
  description: name === 'search' ? 'Search for what is asked.' : 'Fetch a document by its id.',
  inputSchema: {
    type: 'object',
    properties: { [name === 'search' ? 'query' : 'id']: { type: 'string' } },
    required: [name === 'search' ? 'query' : 'id'],
    additionalProperties: false,
  },
}))

export const serverLabelOf = ({ server_label: label }: Readonly<Record<string, unknown>>): string => textOf(label)

export function toolsOf(tool: ToolInput, { mcp, body }: Pick<Call<ResponsesBody>, 'mcp' | 'body'>): readonly McpTool[] {
  const label = serverLabelOf(tool)
  return (body.heard?.tools.get(label) ?? mcp?.find(({ server }) => server === label)?.tools ?? invented).filter(
    (one) => isAllowed(one, tool['allowed_tools']),
  )
}

/** A list of names, or a filter. */
const isAllowed = (tool: McpTool, allowed: unknown): boolean =>
  Array.isArray(allowed) ? allowed.includes(tool.name) : !isObject(allowed) || fits(tool, allowed)

function fits({ name, annotations }: McpTool, filter: Readonly<Record<string, unknown>>): boolean {
  const { tool_names: names, read_only: isReadOnly } = filter
  if (Array.isArray(names) && !names.includes(name)) return false
  return isReadOnly !== true || (isObject(annotations) && annotations['readOnlyHint'] === true)
}

/** Lists that the conversation has already: what they say is what the model knows. */
export function listedBefore({ before, own }: Pick<ResponsesBody, 'before' | 'own'>): ReadonlyMap<string, Item> {
  return new Map(
    [...before, ...own].flatMap((item) => (item.type === 'mcp_list_tools' ? [[serverLabelOf(item), item]] : [])),
  )
}

/** The call that the model makes; `undefined` where the server has no tool for it. */
export function planCall(tool: ToolInput, call: Call<ResponsesBody>): McpPlan | undefined {
  const { mcp, random, deployment } = call
  const label = serverLabelOf(tool)
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
  return { label, name, given, tool: chosen, needsLeave: needsLeave(tool, chosen), writtenTokens }
}

/** As of a call of a function. */
const aroundTokens = 8

/** `always` where nothing is said; else by filters of tools. */
function needsLeave({ require_approval: required }: ToolInput, tool: McpTool): boolean {
  if (!isObject(required)) return required !== 'never'
  const isIn = (filter: unknown) => isObject(filter) && Object.keys(filter).length > 0 && fits(tool, filter)
  return isIn(required['always']) || !isIn(required['never'])
}

/** What a tool gives that is made up. */
export const outcomeOf = (tool: McpTool | undefined, random: Random): McpOutcome =>
  tool?.error === undefined
    ? { output: tool?.result ?? loremText(40, random), error: null }
    : { output: null, error: { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: tool.error }] } }

/** What the client was asked, by the answer that it gives. Throws for an answer to what nobody asked. */
export function requestOf(answer: Item, { before, own }: Pick<ResponsesBody, 'before' | 'own'>): Item {
  const id = answer['approval_request_id']
  const isIt = (item: Item) => item.type === 'mcp_approval_request' && item.id === id
  const asked = before.find(isIt) ?? own.find(isIt)
  if (!asked) throw approvalRequestNotFound(textOf(id))
  return asked
}

export const approvalsIn = ({ own }: Pick<ResponsesBody, 'own'>): readonly Item[] =>
  own.filter(({ type }) => type === 'mcp_approval_response')

export const serverOf = ({ request }: Pick<ResponsesBody, 'request'>, label: string): ToolInput | undefined =>
  request.tools?.find((one) => one.type === 'mcp' && serverLabelOf(one) === label)
