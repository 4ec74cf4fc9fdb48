/** The tools of MCP servers, and which of them is called with which arguments. */
import { tokensAroundCall } from './hosted-item.ts'
import { emptySchema, inventedTools, isAllowed, needsApproval, serverLabelOf } from '../../answers/mcp/tools.ts'
import type { McpTool } from '../../answers/mcp/types.ts'
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import { approvalRequestNotFound } from '../../errors/responses.ts'
import { drawJson } from '../../generators/json/schema.ts'
import { newWork } from '../../generators/json/work.ts'
import { countTokens } from '../../models/tokenizer.ts'
import type { Call } from '../../operation.ts'
import type { ResponsesBody } from './ask.ts'
import type { ToolInput } from './body.ts'
import type { Item } from './items.ts'
import type { McpPlan } from './mcp-types.ts'

export function toolsOf(tool: ToolInput, { mcp, body }: Pick<Call<ResponsesBody>, 'mcp' | 'body'>): readonly McpTool[] {
  const label = serverLabelOf(tool)
  return (body.heard?.tools.get(label) ?? mcp?.find(({ server }) => server === label)?.tools ?? inventedTools).filter(
    (one) => isAllowed(one, tool),
  )
}

/** Lists of tools that the conversation has already: the model knows only these. */
export function listedBefore({ before, own }: Pick<ResponsesBody, 'before' | 'own'>): ReadonlyMap<string, Item> {
  return new Map(
    [...before, ...own].flatMap((item) => (item.type === 'mcp_list_tools' ? [[serverLabelOf(item), item]] : [])),
  )
}

/** The call that the model makes; `undefined` if the server has no tool. */
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
  const writtenTokens = countTokens(`${name}${given}`, deployment.model.encoding) + tokensAroundCall
  return { label, name, given, tool: chosen, needsApproval: needsApproval(tool, chosen), writtenTokens }
}

/** The approval request that an approval answers. Throws if there is none. */
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
