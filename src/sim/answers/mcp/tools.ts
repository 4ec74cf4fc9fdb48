/** The tools of MCP servers: made-up ones, which may be called, and their results. */
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import { loremText } from '../../generators/text/lorem.ts'
import type { Random } from '../../random.ts'
import type { McpOutcome, McpTool, ServerTool } from './types.ts'

export const emptySchema = { type: 'object', properties: {}, required: [] }

/** The tools of a server that is not called and that no rule describes. */
export const inventedTools: readonly McpTool[] = ['search', 'fetch'].map((name) => ({
  name,
  description: name === 'search' ? 'Search for what is asked.' : 'Fetch a document by its id.',
  inputSchema: {
    type: 'object',
    properties: { [name === 'search' ? 'query' : 'id']: { type: 'string' } },
    required: [name === 'search' ? 'query' : 'id'],
    additionalProperties: false,
  },
}))

export const serverLabelOf = ({ server_label: label }: ServerTool): string => textOf(label)

/** `allowed_tools` is a list of names, or a filter. */
export const isAllowed = (tool: McpTool, { allowed_tools: allowed }: ServerTool): boolean =>
  Array.isArray(allowed) ? allowed.includes(tool.name) : !isObject(allowed) || fits(tool, allowed)

function fits({ name, annotations }: McpTool, filter: Readonly<Record<string, unknown>>): boolean {
  const { tool_names: names, read_only: isReadOnly } = filter
  if (Array.isArray(names) && !names.includes(name)) return false
  return isReadOnly !== true || (isObject(annotations) && annotations['readOnlyHint'] === true)
}

/** `always` by default; otherwise by filters of tools. */
export function needsApproval({ require_approval: required }: ServerTool, tool: McpTool): boolean {
  if (!isObject(required)) return required !== 'never'
  const isIn = (filter: unknown) => isObject(filter) && Object.keys(filter).length > 0 && fits(tool, filter)
  return isIn(required['always']) || !isIn(required['never'])
}

/** The made-up result of a tool. */
export const outcomeOf = (tool: Pick<McpTool, 'result' | 'error'> | undefined, random: Random): McpOutcome =>
  tool?.error === undefined
    ? { output: tool?.result ?? loremText(40, random), error: null }
    : { output: null, error: { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: tool.error }] } }

/** Whether a rule leaves the result to the server. */
export const isLeftOpen = ({ result, error }: McpTool): boolean => result === undefined && error === undefined

/** A rule that gives the result of each tool replaces the server; one that leaves a result open adds to it. */
export const areRuled = (tools: readonly McpTool[] | undefined): boolean =>
  tools !== undefined && !tools.some(isLeftOpen)

/** The tools that a server lists, overridden by those of a rule. */
export const withRuled = (tools: readonly McpTool[], ruled: readonly McpTool[]): readonly McpTool[] => [
  ...tools.map((one) => ({ ...one, ...ruled.find(({ name }) => name === one.name) })),
  ...ruled.filter(({ name }) => !tools.some((one) => one.name === name)),
]
