/** The service's own tools: whether an answer uses one, and which. */
import { isObject, table } from '../../base/object.ts'
import type { Random } from '../../random.ts'
import type { Ask } from '../../answers/ask.ts'
import type { ResponsesRequest, ToolInput } from './body.ts'
import { codeInterpreter } from './hosted-code.ts'
import { computerCall } from './hosted-computer.ts'
import { fileSearch } from './hosted-file-search.ts'
import { imageGeneration } from './hosted-image.ts'
import { patchCall } from './hosted-patch.ts'
import { localShellCall, shellCall } from './hosted-shell.ts'
import { webSearch } from './hosted-web-search.ts'
import type { HostedCall, ToolUse } from './hosted-item.ts'

/** By the `type` in the request. */
const kinds: Readonly<Record<string, (use: ToolUse) => HostedCall | undefined>> = table({
  apply_patch: patchCall,
  code_interpreter: codeInterpreter,
  computer: computerCall,
  computer_use_preview: computerCall,
  file_search: fileSearch,
  image_generation: imageGeneration,
  local_shell: localShellCall,
  shell: shellCall,
  web_search: webSearch,
  web_search_preview: webSearch,
})

/**
 * The hosted tool that is used, if any. With `tool_choice: auto` a user's question leads to a call with the configured
 * probability, and each tool of the request, including the client's, is equally likely.
 */
export function chooseHosted(
  { tools, tool_choice: choice }: ResponsesRequest,
  { offer, isOpenQuestion }: Ask,
  { random, probability }: { readonly random: Random; readonly probability: number },
): ToolInput | undefined {
  const hosted = tools?.filter(({ type }) => type === 'mcp' || Object.hasOwn(kinds, type)) ?? []
  if (hosted.length === 0 || choice === 'none') return undefined
  if (isObject(choice))
    return hosted.find(
      ({ type, server_label: label }) =>
        type === choice['type'] && (choice['server_label'] === undefined || choice['server_label'] === label),
    )
  // With a computer tool the model always looks at the screen first (recorded March 2025 and February 2026).
  const screen = hosted.find(({ type }) => type === 'computer_use_preview' || type === 'computer')
  if (screen) return screen
  if (choice !== 'required' && !(isOpenQuestion && random.fraction() < probability)) return undefined
  return hosted[random.below(hosted.length + (offer?.tools.length ?? 0))]
}

/** The parts of a request that have no effect here: tools that are only repeated in the answer, and two parameters. */
export function unusedOf({ tools, ...request }: ResponsesRequest): readonly string[] {
  const kept = (tools ?? []).filter(
    ({ type }) => type !== 'function' && type !== 'custom' && type !== 'mcp' && !Object.hasOwn(kinds, type),
  )
  const beside = (['context_management', 'moderation'] as const).filter((name) => isGiven(request[name]))
  return [...new Set(kept.map(({ type }) => `A tool of type ${type.slice(0, 64)}`)), ...beside]
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

/** `undefined` for tools of MCP servers, which `mcpCall` handles. */
export function useHosted(use: ToolUse): HostedCall | undefined {
  return kinds[use.tool.type]?.(use)
}
