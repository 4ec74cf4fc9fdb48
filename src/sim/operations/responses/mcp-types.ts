/** What is known of MCP servers while an answer is made: their tools, what was asked of them, what they gave. */
import type { McpServer } from '../../config/rule-mcp.ts'
import type { ToolInput } from './body.ts'

export type McpTool = McpServer['tools'][number] & { readonly annotations?: object | undefined }

/** What a tool gave, or what went wrong. */
export type McpOutcome = { readonly output: string | null; readonly error: object | null }

/** What a server is asked: which of its tools, with what. */
export type McpAsked = { readonly label: string; readonly name: string; readonly given: string }

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
