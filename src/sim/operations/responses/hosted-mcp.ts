/** Tools of MCP servers: listed once in a thread, called with or without the client's approval (recorded December 2025 to March 2026). */
import { outcomeOf, serverLabelOf } from '../../answers/mcp/tools.ts'
import type { McpOutcome } from '../../answers/mcp/types.ts'
import { textOf } from '../../base/text-of.ts'
import type { Call } from '../../operation.ts'
import type { ResponsesBody } from './ask.ts'
import type { HostedCall } from './hosted-item.ts'
import type { IdMaker } from './ids.ts'
import { mcpCallItem, callTokens, mcpListItem, mcpRequestItem } from './mcp-items.ts'
import { approvalsIn, listedBefore, requestOf, serverOf, toolsOf } from './mcp-tools.ts'
import type { McpPlan } from './mcp-types.ts'
import type { OutputItem } from './output-item.ts'

/** An answer begins with the tools of servers that were not listed in this thread yet. */
export function mcpLists(call: Call<ResponsesBody>, newId: IdMaker): readonly OutputItem[] {
  const servers = (call.body.request.tools ?? []).filter(({ type }) => type === 'mcp')
  if (servers.length === 0) return []
  const listed = listedBefore(call.body)
  return servers
    .filter((tool) => !listed.has(serverLabelOf(tool)))
    .map((tool) => mcpListItem(newId('mcpl'), serverLabelOf(tool), toolsOf(tool, call)))
}

/** The calls that the client has approved; `undefined` if there are none. */
export function approvedCalls(call: Call<ResponsesBody>, newId: IdMaker): HostedCall | undefined {
  const { body, random, deployment } = call
  const items = approvalsIn(body).flatMap((answer) => {
    const asked = requestOf(answer, body)
    if (answer['approve'] !== true) return []
    const [label, name] = [serverLabelOf(asked), textOf(asked['name'])]
    const server = serverOf(body, label)
    const found = server && toolsOf(server, call).find((one) => one.name === name)
    const outcome = body.heard?.approved.get(asked.id ?? '') ?? outcomeOf(found, random)
    const told = { label, name, given: textOf(asked['arguments']), approvalId: asked.id ?? null, ...outcome }
    return [mcpCallItem(newId('mcp'), told, deployment)]
  })
  const [item, ...further] = items
  return item && { item, further, writtenTokens: 0, waitTokens: callTokens * items.length }
}

/** Throws for an approval that was not requested. */
export function refuseApprovals(body: ResponsesBody): void {
  for (const answer of approvalsIn(body)) requestOf(answer, body)
}

/** A call, or the request for its approval. */
export function mcpCall(
  plan: McpPlan,
  { random, deployment }: Call<ResponsesBody>,
  newId: IdMaker,
  heard?: McpOutcome,
): HostedCall {
  const { writtenTokens, needsApproval, tool } = plan
  if (needsApproval) return { item: mcpRequestItem(newId('mcpr'), plan), writtenTokens, waitTokens: 0, endsTurn: true }
  const told = { ...plan, approvalId: null, ...(heard ?? outcomeOf(tool, random)) }
  return { item: mcpCallItem(newId('mcp'), told, deployment), writtenTokens, waitTokens: callTokens }
}
