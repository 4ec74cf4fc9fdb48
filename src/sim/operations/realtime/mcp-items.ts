/** What stands in a session's conversation of MCP servers: their tools, calls of them, and what needs the client's leave. */
import { emptySchema } from '../../answers/mcp/tools.ts'
import type { McpAsked, McpOutcome, McpTool } from '../../answers/mcp/types.ts'
import type { JsonObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import type { ChatMessage } from '../../measure/prompt-tokens.ts'

/** Without a description where there is none: clients of the official SDKs want a text, or nothing. */
export const listItem = (id: string, label: string, tools: readonly McpTool[]): JsonObject => ({
  id,
  type: 'mcp_list_tools',
  server_label: label,
  tools: tools.map(({ name, description, inputSchema = emptySchema, annotations }) => ({
    name,
    ...(description !== undefined && { description }),
    input_schema: inputSchema,
    ...(annotations && { annotations }),
  })),
})

export const leaveItem = (id: string, { label, name, given }: McpAsked): JsonObject => ({
  id,
  type: 'mcp_approval_request',
  server_label: label,
  name,
  arguments: given,
})

const nothingYet: McpOutcome = { output: null, error: null }

export const serverCallItem = (
  id: string,
  { label, name, given }: McpAsked,
  { output, error }: McpOutcome = nothingYet,
  leaveId: string | null = null,
): JsonObject => ({
  id,
  type: 'mcp_call',
  server_label: label,
  name,
  arguments: given,
  approval_request_id: leaveId,
  output,
  error,
})

/** As the model reads it; undefined of what is no item of an MCP server's. */
export function mcpMessages(told: JsonObject): readonly ChatMessage[] | undefined {
  const { id, output, error } = told
  const leaveId = told['approval_request_id']
  const asked = (callId: unknown): ChatMessage => ({
    role: 'assistant',
    content: null,
    tool_calls: [{ id: callId, function: { name: textOf(told['name']), arguments: textOf(told['arguments']) } }],
  })
  const gave = (callId: unknown, content: string): ChatMessage => ({ role: 'tool', tool_call_id: callId, content })
  switch (told['type']) {
    case 'mcp_list_tools':
      return []
    case 'mcp_approval_request':
      return [asked(id)]
    case 'mcp_approval_response':
      return told['approve'] === true ? [] : [gave(leaveId, textOf(told['reason'] ?? 'Not allowed.'))]
    case 'mcp_call': {
      const isOver = (output ?? error ?? null) !== null
      const callId = leaveId ?? id
      const given = error ? JSON.stringify(error) : textOf(output ?? '')
      return [...(leaveId ? [] : [asked(callId)]), ...(isOver ? [gave(callId, given)] : [])]
    }
    default:
      return undefined
  }
}
