/** A real MCP server for a test, by the official SDK, and what it was asked. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import * as z from 'zod'

/** What listens at a free port of this machine until the test is over, and how often anybody connected. */
export async function listening(listener: RequestListener, host = '127.0.0.1') {
  const server = createServer(listener)
  let connections = 0
  server.on('connection', () => connections++)
  await new Promise<void>((done) => server.listen(0, host, done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { port, connections: () => connections }
}

/** Tools are made anew for each request, so that `extra` may change between them. */
export async function mcpServer(extra: () => readonly string[] = () => []) {
  const asked: { readonly method: string; readonly headers: IncomingMessage['headers'] }[] = []
  const { port, connections } = await listening((request, response) => {
    void (async () => {
      const chunks: Uint8Array[] = []
      for await (const chunk of request) chunks.push(chunk as Uint8Array)
      const text = Buffer.concat(chunks).toString()
      const body = text === '' ? undefined : (JSON.parse(text) as { method?: string })
      asked.push({ method: body?.method ?? request.method ?? '', headers: request.headers })
      const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined } as never)
      await made(extra()).connect(transport)
      await transport.handleRequest(request, response, body)
    })()
  })
  return { url: `http://127.0.0.1:${port}/mcp`, host: `127.0.0.1:${port}`, asked, connections }
}

function made(extra: readonly string[]): McpServer {
  const server = new McpServer({ name: 'test', version: '1' })
  const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] })
  server.registerTool(
    'add',
    {
      description: 'Adds.',
      inputSchema: { a: z.number(), b: z.number() },
      annotations: { readOnlyHint: true },
    },
    ({ a, b }) => text(String(a + b)),
  )
  server.registerTool('fail', { description: 'Fails.' }, () => ({ ...text('out of paper'), isError: true }))
  server.registerTool('hang', { description: 'Never answers.' }, () => new Promise<never>(() => undefined))
  for (const name of extra) server.registerTool(name, { description: name }, () => text(name))
  return server
}
