/** Calls real MCP servers through the official SDK, which is loaded with the first call. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { STATUS_CODES } from 'node:http'
import { isAllowedAddress } from '../../base/allowed-address.ts'
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import { mcpLibraryMissing } from '../../errors/responses.ts'
import type { McpOutcome, McpTool, ServerTool } from './types.ts'

export type McpSession = {
  readonly list: () => Promise<readonly McpTool[]>
  /** Never rejects. */
  readonly call: (name: string, given: string) => Promise<McpOutcome>
  readonly close: () => Promise<void>
}

export type McpAsking = {
  /** Addresses that may be called. No other is ever called, whatever a server answers. */
  readonly servers: readonly string[]
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** Further pages of a list are not read. */
const maxPages = 20
/** Of one answer of a server. */
const maxBytes = 16_777_216

/** Rejects with an error for `failureOf`. */
export async function openSession(tool: ServerTool, asking: McpAsking): Promise<McpSession> {
  const { Client, StreamableHTTPClientTransport, SSEClientTransport } = await library()
  const { timeoutMs, signal, servers } = asking
  const address = new URL(textOf(tool['server_url']))
  const requestInit = { headers: headersOf(tool) }
  const options = { timeout: timeoutMs, ...(signal && { signal }) }
  const fetch = fetchWithin(servers)
  const info = { name: 'aoai-sim', version: '1' }
  let client: Client = new Client(info)
  const ways = { requestInit, fetch }
  try {
    await client.connect(
      new StreamableHTTPClientTransport(address, {
        ...ways,
        reconnectionOptions: { ...never, maxRetries: 0 },
      }),
      options,
    )
  } catch (error) {
    await client.close().catch(() => undefined)
    if (!isOlder(error)) throw error
    // Servers from before March 2025 use a stream of events.
    client = new Client(info)
    await client.connect(new SSEClientTransport(address, ways) as Transport, options).catch(async (reason: unknown) => {
      await client.close().catch(() => undefined)
      throw reason
    })
  }
  return {
    async list() {
      const tools: McpTool[] = []
      let cursor: string | undefined
      for (let page = 0; page < maxPages; page++) {
        const { tools: more, nextCursor } = await client.listTools(cursor === undefined ? {} : { cursor }, options)
        for (const { name, description, inputSchema, annotations } of more)
          tools.push({ name, description, inputSchema, annotations })
        if (nextCursor === undefined) break
        cursor = nextCursor
      }
      return tools
    },
    async call(name, given) {
      try {
        const parsed: unknown = JSON.parse(given)
        const params = { name, arguments: isObject(parsed) ? parsed : {} }
        return outcomeIn((await client.callTool(params, undefined, options)) as CallToolResult)
      } catch (error) {
        return { output: null, error: failureOf(error) }
      }
    },
    async close() {
      const { transport } = client
      if (transport && 'terminateSession' in transport)
        await (transport as { terminateSession: () => Promise<void> }).terminateSession().catch(() => undefined)
      await client.close().catch(() => undefined)
    },
  }
}

type Transport = Parameters<Client['connect']>[0]

const never = { initialReconnectionDelay: 1_000, maxReconnectionDelay: 1_000, reconnectionDelayGrowFactor: 1 }

async function library() {
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- Servers from before March 2025 have no other.
    const [{ Client }, { StreamableHTTPClientTransport }, { SSEClientTransport }] = await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
      import('@modelcontextprotocol/sdk/client/sse.js'),
    ])
    return { Client, StreamableHTTPClientTransport, SSEClientTransport }
  } catch {
    throw mcpLibraryMissing()
  }
}

/** The token becomes a bearer token; the client's other headers are sent unchanged. */
function headersOf({ authorization, headers }: ServerTool): Record<string, string> {
  const own = isObject(headers) ? Object.entries(headers) : []
  return {
    ...(typeof authorization === 'string' && { authorization: `Bearer ${authorization}` }),
    ...Object.fromEntries(own.filter((pair): pair is [string, string] => typeof pair[1] === 'string')),
  }
}

class NotAllowed extends Error {
  override readonly name = 'NotAllowed'
}

/** A fetch that calls only these servers, follows no redirect, and reads at most `maxBytes`. */
const fetchWithin =
  (servers: readonly string[]) =>
  async (input: string | URL, init?: RequestInit): Promise<Response> => {
    if (!isAllowedAddress(String(input), servers)) throw new NotAllowed('mcp.servers does not list this address.')
    const answer = await fetch(input, { ...init, redirect: 'manual' })
    let bytes = 0
    const counted = answer.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes += chunk.length
          if (bytes > maxBytes) controller.error(new Error('The answer is too long.'))
          else controller.enqueue(chunk)
        },
      }),
    )
    const { status, statusText, headers } = answer
    return withoutBody.has(status) ? answer : new Response(counted ?? null, { status, statusText, headers })
  }

/** A `Response` with one of these cannot have a body. */
const withoutBody = new Set([101, 103, 204, 205, 304])

/** How servers of the older transport answer the newer one. */
const isOlder = (error: unknown) => [400, 404, 405, 406, 415, 501].includes(rpcCodeOf(error) ?? 0)

const rpcCodeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined

/** The error of a failed call, as users quote it from the upstream API (2025). */
export function failureOf(error: unknown): { readonly type: string; readonly code: number; readonly message: string } {
  const code = rpcCodeOf(error)
  if (code === requestTimeout)
    return { type: 'mcp_protocol_error', code: 408, message: 'Timed out while waiting for the answer of the server.' }
  if (code !== undefined && code < 0 && code !== connectionClosed) {
    const message = error instanceof Error ? error.message : ''
    return { type: 'mcp_protocol_error', code, message: message.replace(/^(?:MCP error -?\d+: )+/, '') }
  }
  const status = serverStatusOf(error)
  return { type: 'http_error', code: status, message: STATUS_CODES[status] ?? 'Error' }
}

/** The SDK's own codes. */
const requestTimeout = -32_001
const connectionClosed = -32_000

/** The server's status, or 424 if it did not answer. */
export function serverStatusOf(error: unknown): number {
  if (error instanceof Error && error.name === 'UnauthorizedError') return 401
  const code = rpcCodeOf(error)
  return code !== undefined && code >= 400 && code <= 599 ? code : failedDependency
}

const failedDependency = 424

function outcomeIn({ content, structuredContent, isError }: CallToolResult): McpOutcome {
  if (isError === true) return { output: null, error: { type: 'mcp_tool_execution_error', content } }
  const isPlain = content.length > 0 && content.every(({ type }) => type === 'text')
  if (isPlain)
    return { output: content.map((part) => textOf((part as { text?: unknown }).text)).join('\n'), error: null }
  return { output: JSON.stringify(content.length > 0 ? content : (structuredContent ?? [])), error: null }
}
