/**
 * The MCP servers of one session: their tools are listed when the session or an answer first names them, and what the
 * model calls of them is done by the service (the upstream API's guide, 2026).
 */
import { failureOf, openSession } from '../../answers/mcp/client.ts'
import {
  areRuled,
  inventedTools,
  isAllowed,
  isLeftOpen,
  needsApproval,
  outcomeOf,
  serverLabelOf,
  withRuled,
} from '../../answers/mcp/tools.ts'
import type { McpAsked, McpOutcome, McpTool } from '../../answers/mcp/types.ts'
import { isAllowedAddress } from '../../base/allowed-address.ts'
import type { JsonObject } from '../../base/object.ts'
import { turn } from '../../base/slices.ts'
import { textOf } from '../../base/text-of.ts'
import type { Config } from '../../config/config.ts'
import type { AnyCall } from '../../operation.ts'
import type { SessionItem } from './item.ts'
import { serverCallItem, listItem } from './mcp-items.ts'
import { wholeTools } from './mcp-named.ts'
import { noSuchLeave } from './refusals.ts'

/** What `mcp-servers` needs of its session. */
export type McpListener = {
  readonly tell: (event: JsonObject) => void
  readonly newId: (prefix: string) => string
  /** Each also sends the event. */
  readonly add: (item: SessionItem) => void
  readonly done: (item: SessionItem) => void
}

type Server = {
  /** The client's description of it, with its secrets. */
  readonly tool: JsonObject
  /** `undefined` until they are listed. */
  tools: readonly McpTool[] | undefined
  hasFailed: boolean
}

/** A tool that an answer may call. */
export type OfferedTool = { readonly label: string; readonly tool: McpTool; readonly needsApproval: boolean }

/** A call that waits for its result, or for approval. */
export type McpCall = McpAsked & {
  readonly itemId: string
  readonly responseId: string
  readonly index: number
  /** The result that a rule gives. */
  readonly ruled: Pick<McpTool, 'result' | 'error'>
  readonly isKept: boolean
}

/** Maximum number of open approval requests; the oldest are dropped. */
const maxQuestions = 1_000
const listedAtOnce = 16

export class McpServers {
  readonly #call: AnyCall
  readonly #mcp: Config['mcp']
  readonly #listener: McpListener
  readonly #servers = new Map<string, Server>()
  readonly #questions = new Map<string, McpCall>()
  readonly #gone = new AbortController()

  constructor(call: AnyCall, mcp: Config['mcp'], listener: McpListener) {
    this.#call = call
    this.#mcp = mcp
    this.#listener = listener
  }

  /**
   * The tools with all that was said of their servers before; `param` is where they stand in what the client said. Throws an
   * `ApiError` for servers that nobody can find.
   */
  whole(tools: readonly JsonObject[], param: string): readonly JsonObject[] {
    return wholeTools(tools, param, (label) => this.#servers.get(label)?.tool)
  }

  /** Lists the tools that were not listed yet. `undefined` if that needs no waiting. */
  list(tools: readonly JsonObject[]): Promise<void> | undefined {
    const named = tools.flatMap((tool): (readonly [string, Server])[] => {
      if (tool['type'] !== 'mcp') return []
      const label = serverLabelOf(tool)
      const known = this.#servers.get(label)
      if (known && !known.hasFailed && isSameServer(known.tool, tool)) return []
      const server: Server = { tool, tools: undefined, hasFailed: false }
      this.#servers.set(label, server)
      return [[label, server]]
    })
    if (named.length > listedAtOnce) return this.#listSome(named)
    const waits = named.flatMap(([label, server]) => this.#listOf(label, server) ?? [])
    return waits.length > 0 ? Promise.all(waits).then(() => undefined) : undefined
  }

  /** Some at a time. */
  async #listSome(named: readonly (readonly [string, Server])[]): Promise<void> {
    const waits: Promise<void>[] = []
    for (const [at, [label, server]] of named.entries()) {
      if (at % listedAtOnce === listedAtOnce - 1) await new Promise<void>(turn)
      if (this.#gone.signal.aborted) return
      const wait = this.#listOf(label, server)
      if (wait) waits.push(wait)
    }
    await Promise.all(waits)
  }

  /** The listed tools; an answer calls no others. */
  offered(tools: readonly JsonObject[]): readonly OfferedTool[] {
    return tools.flatMap((tool) => {
      if (tool['type'] !== 'mcp') return []
      const label = serverLabelOf(tool)
      const listed = this.#servers.get(label)?.tools ?? []
      return listed
        .filter((one) => isAllowed(one, tool))
        .map((one) => ({ label, tool: one, needsApproval: needsApproval(tool, one) }))
    })
  }

  /** Asks the client for approval. */
  ask(id: string, call: McpCall): void {
    const [oldest] = this.#questions.keys()
    if (this.#questions.size >= maxQuestions && oldest !== undefined) this.#questions.delete(oldest)
    this.#questions.set(id, call)
  }

  /** Throws an `ApiError` if no approval was requested, or if it was answered before. */
  questionOf({ approval_request_id: id }: JsonObject): McpCall {
    const call = this.#questions.get(textOf(id))
    if (!call) throw noSuchLeave(textOf(id))
    return call
  }

  /** To be called with the client's decision. */
  decided({ approval_request_id: id, approve }: JsonObject): void {
    const leaveId = textOf(id)
    const call = this.#questions.get(leaveId)
    this.#questions.delete(leaveId)
    if (!call || approve !== true) return
    const made = { ...call, itemId: this.#listener.newId('mcp') }
    this.#listener.add({ id: made.itemId, told: serverCallItem(made.itemId, made, undefined, leaveId), soundMs: 0 })
    this.run(made, leaveId)
  }

  /** Makes the call. */
  run(call: McpCall, leaveId: string | null = null): void {
    const { tell } = this.#listener
    tell({ type: 'response.mcp_call.in_progress', item_id: call.itemId, output_index: call.index })
    const { random } = this.#call.resource
    const tool = this.#servers.get(call.label)?.tool
    if (isLeftOpen(call.ruled as McpTool) && tool && this.#isReal(tool))
      void this.#asked(tool, call).then((outcome) => this.#ended(call, outcome, leaveId))
    else this.#ended(call, outcomeOf(call.ruled, random), leaveId)
  }

  stop(): void {
    this.#gone.abort()
  }

  #ended(call: McpCall, outcome: McpOutcome, leaveId: string | null): void {
    if (this.#gone.signal.aborted) return
    const { tell, done } = this.#listener
    const { itemId: id, index, responseId } = call
    const told = serverCallItem(id, call, outcome, leaveId)
    tell({
      type: outcome.error ? 'response.mcp_call.failed' : 'response.mcp_call.completed',
      item_id: id,
      output_index: index,
    })
    if (call.isKept) done({ id, told, soundMs: 0 })
    tell({ type: 'response.output_item.done', response_id: responseId, output_index: index, item: told })
  }

  #listOf(label: string, server: Server): Promise<void> | undefined {
    const { tell, newId, add } = this.#listener
    const id = newId('mcpl')
    add({ id, told: listItem(id, label, []), soundMs: 0 })
    tell({ type: 'mcp_list_tools.in_progress', item_id: id })
    const ruled = this.#call.mcp?.find(({ server: named }) => named === label)?.tools
    if (areRuled(ruled) || !this.#isReal(server.tool)) {
      this.#listed(id, label, server, ruled ?? inventedTools)
      return undefined
    }
    return this.#toolsOf(server.tool).then((tools) =>
      this.#listed(id, label, server, tools && withRuled(tools, ruled ?? [])),
    )
  }

  #listed(id: string, label: string, server: Server, tools: readonly McpTool[] | undefined): void {
    if (this.#gone.signal.aborted) return
    const { tell, done } = this.#listener
    const allowed = tools?.filter((tool) => isAllowed(tool, server.tool))
    if (tools) server.tools = tools
    // If it is named again, it is tried again.
    else server.hasFailed = true
    tell({ type: tools ? 'mcp_list_tools.completed' : 'mcp_list_tools.failed', item_id: id })
    done({ id, told: listItem(id, label, allowed ?? []), soundMs: 0 })
  }

  #isReal(tool: JsonObject): boolean {
    return isAllowedAddress(textOf(tool['server_url'] ?? ''), this.#mcp.servers)
  }

  async #toolsOf(tool: JsonObject): Promise<readonly McpTool[] | undefined> {
    try {
      return await this.#with(tool, (session) => session.list())
    } catch {
      // The server's own message may contain secrets, so it is not passed on.
      return undefined
    }
  }

  async #asked(tool: JsonObject, { name, given }: McpCall): Promise<McpOutcome> {
    try {
      return await this.#with(tool, (session) => session.call(name, given))
    } catch (error) {
      return { output: null, error: failureOf(error) }
    }
  }

  async #with<Result>(
    tool: JsonObject,
    ask: (session: Awaited<ReturnType<typeof openSession>>) => Promise<Result>,
  ): Promise<Result> {
    const { servers, timeoutMs } = this.#mcp
    const session = await openSession(tool, { servers, timeoutMs, signal: this.#gone.signal })
    try {
      return await ask(session)
    } finally {
      void session.close().catch(() => undefined)
    }
  }
}

const ofServer = ['server_url', 'connector_id', 'tunnel_id', 'authorization', 'headers'] as const

/** `allowed_tools` and `require_approval` may change without a new list. */
const isSameServer = (one: JsonObject, other: JsonObject): boolean =>
  ofServer.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]))
