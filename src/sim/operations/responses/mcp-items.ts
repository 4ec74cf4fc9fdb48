/** The items of MCP servers in an answer: lists of tools, approval requests, and calls. */
import { emptySchema } from '../../answers/mcp/tools.ts'
import type { McpAsked, McpOutcome, McpTool } from '../../answers/mcp/types.ts'
import { countTokens } from '../../models/tokenizer.ts'
import type { Deployment } from '../../types.ts'
import { added, done, type OutputItem } from './output-item.ts'

/** About a second and a half each: guesses. */
const listTokens = 75
export const callTokens = 75

export function mcpListItem(id: string, label: string, tools: readonly McpTool[]): OutputItem {
  const told = (shown: readonly object[]) => ({ id, type: 'mcp_list_tools', server_label: label, tools: shown })
  const json = () =>
    told(
      tools.map(({ name, description = null, inputSchema = emptySchema, annotations = {} }) => ({
        name,
        description,
        input_schema: inputSchema,
        annotations,
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

/** It has no events of its own (recorded February 2026). */
export function mcpRequestItem(id: string, { label, name, given }: McpAsked): OutputItem {
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

type McpCalled = McpAsked & McpOutcome & { readonly approvalId: string | null }

export function mcpCallItem(id: string, facts: McpCalled, { model }: Pick<Deployment, 'model'>): OutputItem {
  const { label, name, approvalId, output, error } = facts
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
  const json = () => told(facts.given, isFailed ? 'failed' : 'completed')
  return {
    id,
    json,
    *events(place) {
      const at = `,"output_index":${place.index},"item_id":"${id}"`
      const event = (type: string, rest = '', tokens = 0) => ({ tokens, type: `response.${type}`, rest: at + rest })
      yield added(told('', 'calling'), place)
      yield event('mcp_call.in_progress')
      const tokens = countTokens(facts.given, model.encoding)
      yield event(
        'mcp_call_arguments.delta',
        `,"delta":${JSON.stringify(facts.given)}${place.cover(facts.given)}`,
        tokens,
      )
      yield event('mcp_call_arguments.done', `,"arguments":${JSON.stringify(facts.given)}`)
      yield event(isFailed ? 'mcp_call.failed' : 'mcp_call.completed', '', callTokens)
      yield done(json(), place)
    },
  }
}
