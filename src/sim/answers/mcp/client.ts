/** Asks real MCP servers, by the official SDK, which is loaded when the first of them is asked. */
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
  /** Addresses that may be asked; there is no way to any other, also not by what a server says. */
  readonly servers: readonly string[]
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** More of a server's pages than this are not read, and more bytes of one answer. */
const maxPages = 20
const maxBytes = 16_777_216

/** Rejects with what `failureOf` tells. */
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
    // Servers of before March 2025 speak over a stream of events.
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
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- Servers of before March 2025 speak no other.
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

/** A token goes as a bearer's; what else the client wants to be said goes as it is. */
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

/** A fetch that goes nowhere else, follows nobody, and reads only so much. */
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
    return hasBody.has(status) ? answer : new Response(counted ?? null, { status, statusText, headers })
  }

/** A response with one of these may not be made with a body. */
const hasBody = new Set([101, 103, 204, 205, 304])

/** It has no such way in, as servers of the older transport say. */
const isOlder = (error: unknown) => [400, 404, 405, 406, 415, 501].includes(codeOf(error) ?? 0)

const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined

/** Told of a call that came to nothing, as users quote it of the upstream API (2025). */
export function failureOf(error: unknown): { readonly type: string; readonly code: number; readonly message: string } {
  const code = codeOf(error)
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

/** What the server answered, or that it did not. */
export function serverStatusOf(error: unknown): number {
  if (error instanceof Error && error.name === 'UnauthorizedError') return 401
  const code = codeOf(error)
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
