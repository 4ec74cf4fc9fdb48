/** What is known of MCP servers in every family that has their tools. */
import type { McpServer } from '../../config/rule-mcp.ts'

/** What a client says of a server: where it is, what may be called of it, and what needs its leave. */
export type ServerTool = Readonly<Record<string, unknown>>

export type McpTool = McpServer['tools'][number] & { readonly annotations?: object | undefined }

/** What a tool gave, or what went wrong. */
export type McpOutcome = { readonly output: string | null; readonly error: object | null }

/** What a server is asked: which of its tools, with what. */
export type McpAsked = { readonly label: string; readonly name: string; readonly given: string }
