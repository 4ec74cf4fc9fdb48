/** Types for MCP servers that all families with their tools share. */
import type { McpServer } from '../../config/rule-mcp.ts'

/** A server in a request: its address, the tools that may be called, and which need approval. */
export type ServerTool = Readonly<Record<string, unknown>>

export type McpTool = McpServer['tools'][number] & { readonly annotations?: object | undefined }

/** The result of a tool, or its error. */
export type McpOutcome = { readonly output: string | null; readonly error: object | null }

/** A call of a server's tool; `given` is its arguments, as JSON. */
export type McpAsked = { readonly label: string; readonly name: string; readonly given: string }
