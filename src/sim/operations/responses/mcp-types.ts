/** What is known about MCP servers while an answer is made: their tools, calls and results. */
import type { McpAsked, McpOutcome, McpTool } from '../../answers/mcp/types.ts'
import type { ToolInput } from './body.ts'

/** A call that the model wants to make. */
export type McpPlan = McpAsked & {
  readonly tool: McpTool
  readonly needsApproval: boolean
  readonly writtenTokens: number
}

/** What real servers answered before the response was made. */
export type McpHeard = {
  /** By the server's label. */
  readonly tools: ReadonlyMap<string, readonly McpTool[]>
  /** Results of approved calls, by the id of the approval request. */
  readonly approved: ReadonlyMap<string, McpOutcome>
}

/** Which of the service's own tools an answer uses, if any. */
export type Decision = {
  readonly tool: ToolInput | undefined
  readonly plan?: McpPlan | undefined
  /** The result of the call, if a real server was asked. */
  readonly outcome?: McpOutcome | undefined
}
