/** The tools of MCP servers: those that are made up, which of them may be called, and what comes of it. */
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import { loremText } from '../../generators/text/lorem.ts'
import type { Random } from '../../random.ts'
import type { McpOutcome, McpTool, ServerTool } from './types.ts'

export const emptySchema = { type: 'object', properties: {}, required: [] }

/** Of a server that nobody is asked, and of which no rule says anything. */
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

/** A list of names, or a filter. */
export const isAllowed = (tool: McpTool, { allowed_tools: allowed }: ServerTool): boolean =>
  Array.isArray(allowed) ? allowed.includes(tool.name) : !isObject(allowed) || fits(tool, allowed)

function fits({ name, annotations }: McpTool, filter: Readonly<Record<string, unknown>>): boolean {
  const { tool_names: names, read_only: isReadOnly } = filter
  if (Array.isArray(names) && !names.includes(name)) return false
  return isReadOnly !== true || (isObject(annotations) && annotations['readOnlyHint'] === true)
}

/** `always` where nothing is said; else by filters of tools. */
export function needsLeave({ require_approval: required }: ServerTool, tool: McpTool): boolean {
  if (!isObject(required)) return required !== 'never'
  const isIn = (filter: unknown) => isObject(filter) && Object.keys(filter).length > 0 && fits(tool, filter)
  return isIn(required['always']) || !isIn(required['never'])
}

/** What a tool gives that is made up. */
export const outcomeOf = (tool: Pick<McpTool, 'result' | 'error'> | undefined, random: Random): McpOutcome =>
  tool?.error === undefined
    ? { output: tool?.result ?? loremText(40, random), error: null }
    : { output: null, error: { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: tool.error }] } }

/** Whether a rule leaves it to the server what it gives. */
export const isLeftOpen = ({ result, error }: McpTool): boolean => result === undefined && error === undefined

/** A rule that says what each tool gives stands in the server's place; one that leaves it open, beside it. */
export const areRuled = (tools: readonly McpTool[] | undefined): boolean =>
  tools !== undefined && !tools.some(isLeftOpen)

/** What a server says of its tools, and over that what a rule says. */
export const withRuled = (tools: readonly McpTool[], ruled: readonly McpTool[]): readonly McpTool[] => [
  ...tools.map((one) => ({ ...one, ...ruled.find(({ name }) => name === one.name) })),
  ...ruled.filter(({ name }) => !tools.some((one) => one.name === name)),
]
