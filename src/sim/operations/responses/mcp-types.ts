/** What is known of MCP servers while an answer is made: their tools, what was asked of them, what they gave. */
import type { McpAsked, McpOutcome, McpTool } from '../../answers/mcp/types.ts'
import type { ToolInput } from './body.ts'

/** A call that the model wants to make. */
export type McpPlan = McpAsked & {
  readonly tool: McpTool
  readonly needsLeave: boolean
  readonly writtenTokens: number
}

/** What real servers had to say, before the answer was made. */
export type McpHeard = {
  /** By the server's label. */
  readonly tools: ReadonlyMap<string, readonly McpTool[]>
  /** Of what the client has given leave for, by the id of the request for it. */
  readonly approved: ReadonlyMap<string, McpOutcome>
}

/** Which of the service's own tools an answer uses; none where there is no tool. */
export type Decision = {
  readonly tool: ToolInput | undefined
  readonly plan?: McpPlan | undefined
  /** What the call gave, where a real server was asked. */
  readonly outcome?: McpOutcome | undefined
}
