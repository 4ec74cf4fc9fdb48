/** Asks real MCP servers before an answer is made: for their tools, and for the results of calls. */
import { failureOf, type McpSession, openSession, serverStatusOf } from '../../answers/mcp/client.ts'
import { areRuled, isLeftOpen, serverLabelOf, withRuled } from '../../answers/mcp/tools.ts'
import type { McpOutcome, McpTool } from '../../answers/mcp/types.ts'
import { isAllowedAddress } from '../../base/allowed-address.ts'
import { isObject } from '../../base/object.ts'
import { codeOf } from '../../base/reason.ts'
import { textOf } from '../../base/text-of.ts'
import type { Config } from '../../config/config.ts'
import { ApiError } from '../../errors.ts'
import { toolListFailed } from '../../errors/responses.ts'
import type { Call } from '../../operation.ts'
import { responsesAsk, type ResponsesBody } from './ask.ts'
import type { ToolInput } from './body.ts'
import { decide } from './decision.ts'
import type { Item } from './items.ts'
import { approvalsIn, listedBefore, requestOf } from './mcp-tools.ts'

/** `undefined` if no server is asked: none of them is configured, or rules give all results. */
export function askServers(call: Call<ResponsesBody>, config: Config): Promise<Call<ResponsesBody>> | undefined {
  const { tools } = call.body.request
  if (config.mcp.servers.length === 0 || !tools) return undefined
  const real = tools.filter((tool) => isReal(tool, call, config))
  return real.length > 0 ? askAll(real, call, config) : undefined
}

const isReal = (tool: ToolInput, call: Call<ResponsesBody>, { mcp }: Config): boolean =>
  tool.type === 'mcp' &&
  isAllowedAddress(textOf(tool['server_url']), mcp.servers) &&
  !areRuled(call.mcp?.find(({ server }) => server === serverLabelOf(tool))?.tools)

type Asking = { readonly call: Call<ResponsesBody>; readonly session: (tool: ToolInput) => Promise<McpSession> }

async function askAll(
  real: readonly ToolInput[],
  call: Call<ResponsesBody>,
  config: Config,
): Promise<Call<ResponsesBody>> {
  const { servers, timeoutMs } = config.mcp
  const open = new Map<ToolInput, Promise<McpSession>>()
  const session = (tool: ToolInput) => {
    const known = open.get(tool) ?? openSession(tool, { servers, timeoutMs, signal: call.signal() })
    open.set(tool, known)
    return known
  }
  try {
    const asking = { call, session }
    const tools = await toolsOfAll(real, asking)
    const approved = await callApproved(real, asking)
    const body = { ...call.body, heard: { tools, approved } }
    const heard = { ...call, body }
    if (call.said || approvalsIn(body).length > 0) return heard
    const decision = decide(heard, responsesAsk(body, call.cost, call.deployment.model), config)
    const { tool, plan } = decision
    const isCalled = tool && plan && real.includes(tool) && !plan.needsApproval && isLeftOpen(plan.tool)
    const outcome = isCalled ? await called(session(tool), plan) : undefined
    return { ...heard, body: { ...body, decision: outcome ? { ...decision, outcome } : decision } }
  } finally {
    for (const one of open.values()) void one.then((opened) => opened.close()).catch(() => undefined)
  }
}

/** By label: the tools that the thread has, or that the server lists now, overridden by rules. */
async function toolsOfAll(real: readonly ToolInput[], { call, session }: Asking) {
  const listed = listedBefore(call.body)
  const found = await Promise.all(
    real.map(async (tool) => {
      const label = serverLabelOf(tool)
      const known = listed.get(label)
      const tools = known ? toolsIn(known) : await listedNow(tool, session)
      const ruled = call.mcp?.find(({ server }) => server === label)?.tools ?? []
      return [label, withRuled(tools, ruled)] as const
    }),
  )
  return new Map<string, readonly McpTool[]>(found)
}

async function listedNow(tool: ToolInput, session: Asking['session']): Promise<readonly McpTool[]> {
  try {
    return await (await session(tool)).list()
  } catch (error) {
    if (error instanceof ApiError) throw error
    const host = URL.parse(textOf(tool['server_url']))?.host ?? ''
    throw toolListFailed(
      serverLabelOf(tool),
      serverStatusOf(error),
      `The MCP server at ${host} gave no tools (${shortly(error)}).`,
    )
  }
}

/** Without the server's own text, which may repeat secrets. */
function shortly(error: unknown): string {
  const { code } = failureOf(error)
  return codeOf(error instanceof Error ? error.cause : error) || String(code)
}

function toolsIn({ tools }: Item): readonly McpTool[] {
  return (Array.isArray(tools) ? tools : []).flatMap((told: unknown): readonly McpTool[] => {
    if (!isObject(told) || typeof told['name'] !== 'string') return []
    const { name, description, input_schema: schema, annotations } = told
    return [
      {
        name,
        ...(typeof description === 'string' && { description }),
        ...(isObject(schema) && { inputSchema: schema }),
        ...(isObject(annotations) && { annotations }),
      },
    ]
  })
}

/** By the id of the approval request. */
async function callApproved(real: readonly ToolInput[], { call, session }: Asking) {
  const outcomes = new Map<string, McpOutcome>()
  for (const answer of approvalsIn(call.body)) {
    const asked = requestOf(answer, call.body)
    const tool = real.find((one) => serverLabelOf(one) === serverLabelOf(asked))
    if (answer['approve'] !== true || !tool) continue
    const ruled = call.mcp?.find(({ server }) => server === serverLabelOf(tool))?.tools
    const said = ruled?.find(({ name }) => name === asked['name'])
    if (said && !isLeftOpen(said)) continue
    const name = textOf(asked['name'])
    outcomes.set(asked.id ?? '', await called(session(tool), { name, given: textOf(asked['arguments']) }))
  }
  return outcomes
}

type Asked = { readonly name: string; readonly given: string }

async function called(opening: Promise<McpSession>, { name, given }: Asked): Promise<McpOutcome> {
  try {
    return await (await opening).call(name, given)
  } catch (error) {
    if (error instanceof ApiError) throw error
    return { output: null, error: failureOf(error) }
  }
}
