/** Tools of real MCP servers in responses, where the configuration lists their addresses. */
import { describe, expect, it } from 'vitest'
import { listening, mcpServer } from '../support/mcp-server.ts'
import { testSimulator } from '../support/simulator.ts'

type Settings = Parameters<typeof testSimulator>[0]
const ask = { model: 'gpt-4.1', input: 'What is 2 and 3?' }
const toolAt = (server_url: string, more: object = {}) => ({
  type: 'mcp' as const,
  server_label: 'sums',
  server_url,
  require_approval: 'never' as const,
  ...more,
})
const calls = (name: string, given: object) => ({
  then: { mcp: { server: 'sums', call: name, tools: [{ name, arguments: given }] } },
})
const calling = (name: string, given: object = {}, more: Settings = {}) => ({ rules: [calls(name, given)], ...more })

describe('a real MCP server that is listed', () => {
  it('is asked for its tools, and to do what is called, with what the client sends it', async () => {
    const { url, host, asked } = await mcpServer()
    const simulator = testSimulator({
      mcp: { servers: [host] },
      journal: { bodies: 'on' },
      ...calling('add', { a: 2, b: 3 }),
    })
    const tool = toolAt(url, { authorization: 'tok-123', headers: { 'x-tenant': 'tenant-7' } })
    const answer = await simulator.v1().responses.create({ ...ask, tools: [tool] })
    expect(answer.output).toMatchObject([
      {
        type: 'mcp_list_tools',
        server_label: 'sums',
        tools: [
          {
            name: 'add',
            description: 'Adds.',
            input_schema: { required: ['a', 'b'] },
            annotations: { readOnlyHint: true },
          },
          { name: 'fail' },
          { name: 'hang' },
        ],
      },
      { type: 'mcp_call', name: 'add', arguments: '{"a":2,"b":3}', output: '5', error: null, status: 'completed' },
      { type: 'message' },
    ])
    expect(asked.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['initialize', 'tools/list', 'tools/call']),
    )
    for (const { headers } of asked)
      expect(headers).toMatchObject({ authorization: 'Bearer tok-123', 'x-tenant': 'tenant-7' })
    expect(answer.tools[0]).toMatchObject({
      headers: { 'x-tenant': '<redacted>' },
      server_url: `http://${host}/<redacted>`,
    })
    const kept = await simulator.v1().responses.retrieve(answer.id)
    const journal = await (await simulator.request('/++/requests?body=sums')).text()
    expect(journal).toContain('sums')
    for (const text of [JSON.stringify(answer), JSON.stringify(kept), journal])
      for (const secret of ['tok-123', 'tenant-7']) expect(text).not.toContain(secret)
  })

  it('draws what is called from its own schemas where no rule says so', async () => {
    const { url, host } = await mcpServer()
    const tools = [toolAt(url, { allowed_tools: ['add'] })]
    const { output } = await testSimulator({ mcp: { servers: [host] } })
      .v1()
      .responses.create({ ...ask, tools })
    expect(output[0]).toMatchObject({ tools: [{ name: 'add' }] })
    const call = output[1] as { arguments: string; output: string }
    const { a, b } = JSON.parse(call.arguments) as { a: number; b: number }
    expect(Number(call.output)).toBeCloseTo(a + b)
  })

  it('is not called before leave is given, and then with what was asked for', async () => {
    const { url, host, asked } = await mcpServer()
    const { responses } = testSimulator({ mcp: { servers: [host] }, ...calling('add', { a: 20, b: 22 }) }).v1()
    const tools = [toolAt(url, { require_approval: { always: { tool_names: ['add'] }, never: { read_only: true } } })]
    const first = await responses.create({ ...ask, tools })
    expect(first.output).toMatchObject([{ type: 'mcp_list_tools' }, { type: 'mcp_approval_request', name: 'add' }])
    const approval_request_id = first.output[1]!.id!
    const answering = (approve: boolean) =>
      responses.create({
        ...ask,
        tools,
        previous_response_id: first.id,
        input: [{ type: 'mcp_approval_response', approve, approval_request_id }],
      })
    expect((await answering(false)).output.map(({ type }) => type)).toEqual(['message'])
    expect(asked.filter(({ method }) => method === 'tools/call')).toEqual([])
    expect((await answering(true)).output).toMatchObject([
      { type: 'mcp_call', approval_request_id, output: '42' },
      { type: 'message' },
    ])
    expect(asked.filter(({ method }) => method === 'tools/list')).toHaveLength(1)
    expect(asked.filter(({ method }) => method === 'tools/call')).toHaveLength(1)
  })

  it('needs no leave for tools that the client names, or that only read', async () => {
    const { url, host } = await mcpServer()
    const of = async (name: string, given: object, require_approval: object) => {
      const simulator = testSimulator({ mcp: { servers: [host] }, ...calling(name, given) })
      const tools = [toolAt(url, { require_approval })]
      return (await simulator.v1().responses.create({ ...ask, tools })).output[1]?.type
    }
    expect(await of('add', { a: 1, b: 1 }, { never: { read_only: true } })).toBe('mcp_call')
    expect(await of('fail', {}, { never: { read_only: true } })).toBe('mcp_approval_request')
    expect(await of('fail', {}, { never: { tool_names: ['fail'] } })).toBe('mcp_call')
  })

  it('may have other tools for the next thread, and the same for this one', async () => {
    let extra: readonly string[] = []
    const { url, host } = await mcpServer(() => extra)
    const { responses } = testSimulator({ mcp: { servers: [host] }, ...calling('late', {}) }).v1()
    const tools = [toolAt(url)]
    const first = await responses.create({ ...ask, tools, tool_choice: 'none' })
    extra = ['late']
    const on = await responses.create({ ...ask, tools, previous_response_id: first.id })
    expect(on.output.map(({ type }) => type)).toEqual(['mcp_call', 'message'])
    const anew = await responses.create({ ...ask, tools })
    expect(anew.output).toMatchObject([
      { tools: [{}, {}, {}, { name: 'late' }] },
      { type: 'mcp_call', output: 'late' },
      { type: 'message' },
    ])
  })

  it('fails as a tool, as a protocol, or by taking too long: the response says how, and goes on', async () => {
    const { url, host } = await mcpServer()
    const of = async (name: string, given: object) => {
      // Connecting and listing have the same time as the call, also on a slow machine.
      const timeout = name === 'hang' ? '2s' : '30s'
      const settings = { mcp: { servers: [host], timeout }, ...calling(name, given) }
      const { output } = await testSimulator(settings)
        .v1()
        .responses.create({ ...ask, tools: [toolAt(url)] })
      expect(output.at(-1)?.type).toBe('message')
      return output[1]
    }
    const failed = { type: 'mcp_call', status: 'failed', output: null }
    expect(await of('fail', {})).toMatchObject({
      ...failed,
      error: { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: 'out of paper' }] },
    })
    expect(await of('hang', {})).toMatchObject({ ...failed, error: { type: 'mcp_protocol_error', code: 408 } })
    expect(await of('gone', {})).toMatchObject({ ...failed, error: { type: expect.stringMatching(/^mcp_/) as string } })
  })

  it('is said to have failed where it gives no tools', async () => {
    const closed = await listening((request) => request.socket.destroy())
    const denying = await listening((_, response) => response.writeHead(401).end('the token tok-123 is no good'))
    const broken = await listening((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('hello'),
    )
    const of = async (port: number) => {
      const { v1, errors } = testSimulator({ mcp: { servers: [`127.0.0.1:${port}`], timeout: '2s' } })
      const tools = [toolAt(`http://127.0.0.1:${port}/mcp`, { authorization: 'tok-123' })]
      const error: unknown = await v1()
        .responses.create({ ...ask, tools })
        .catch((thrown: unknown) => thrown)
      expect([...errors]).toEqual([])
      return error
    }
    const message = (status: string) =>
      `424 Error retrieving tool list from MCP server: 'sums'. Http status code: ${status}`
    expect(await of(closed.port)).toMatchObject({
      status: 424,
      message: message('424 (Failed Dependency)'),
      type: 'external_connector_error',
      param: 'tools',
      code: 'http_error',
    })
    expect(await of(denying.port)).toMatchObject({ status: 424, message: message('401 (Unauthorized)') })
    expect(await of(broken.port)).toMatchObject({ status: 424 })
  })

  it('stands behind a rule that says what its tools give', async () => {
    const { url, host, connections } = await mcpServer()
    const rules = [{ then: { mcp: { server: 'sums', call: 'add', tools: [{ name: 'add', result: 'many' }] } } }]
    const { output } = await testSimulator({ mcp: { servers: [host] }, rules })
      .v1()
      .responses.create({ ...ask, tools: [toolAt(url)] })
    expect(output[1]).toMatchObject({ type: 'mcp_call', output: 'many' })
    expect(connections()).toBe(0)
  })
})

describe('an address that is not listed', () => {
  /** Each may lead to the port at which nobody must be seen. */
  const ways = (port: number) => [
    `http://127.0.0.1:${port}/mcp`,
    `http://localhost:${port}/mcp`,
    `http://LOCALHOST:${port}/mcp`,
    `http://localhost.:${port}/mcp`,
    `http://[::1]:${port}/mcp`,
    `http://[::ffff:127.0.0.1]:${port}/mcp`,
    `http://[::ffff:7f00:1]:${port}/mcp`,
    `http://[0:0:0:0:0:0:0:1]:${port}/mcp`,
    `http://2130706433:${port}/mcp`,
    `http://0x7f000001:${port}/mcp`,
    `http://0177.0.0.1:${port}/mcp`,
    `http://127.1:${port}/mcp`,
    `http://0:${port}/mcp`,
    `http://0.0.0.0:${port}/mcp`,
    `http://127.0.0.1.nip.io:${port}/mcp`,
    `http://localtest.me:${port}/mcp`,
    `http://mcp.example.com@127.0.0.1:${port}/mcp`,
    `http://mcp.example.com:8080@127.0.0.1:${port}/mcp`,
    `http://mcp.example.com%40127.0.0.1:${port}/mcp`,
    `http://mcp.example.com\\@127.0.0.1:${port}/mcp`,
    `http://127.0.0.1:${port}\\@mcp.example.com/mcp`,
    `http://127.0.0.1:${port}#@mcp.example.com/mcp`,
    `http://127.0.0.1:${port}?@mcp.example.com/mcp`,
    `http:127.0.0.1:${port}/mcp`,
    `//127.0.0.1:${port}/mcp`,
    `file:///etc/passwd`,
    `http://１２７.0.0.1:${port}/mcp`,
    `http://ⓛocalhost:${port}/mcp`,
    ` http://127.0.0.1:${port}/mcp `,
    `http://127.0.0.1\t:${port}/mcp`,
  ]

  it('is never asked, however it is written: its tools are made up', async () => {
    const { port, connections } = await listening((_, response) => response.end(), '::')
    const { v1 } = testSimulator({
      mcp: { servers: ['mcp.example.com', 'mcp.example.com:8080', 'https://docs.example.com/mcp'] },
    })
    for (const url of ways(port)) {
      const { output } = await v1().responses.create({ ...ask, tools: [toolAt(url)] })
      expect(output.map(({ type }) => type)).toEqual(['mcp_list_tools', 'mcp_call', 'message'])
    }
    expect(connections()).toBe(0)
  })

  it('is not reached by a listed one that sends its visitors there', async () => {
    const { port, connections } = await listening((_, response) => response.end())
    const other = `http://127.0.0.1:${port}/mcp`
    const location = await listening((_, response) => response.writeHead(307, { location: other }).end())
    const stream = await listening((request, response) => {
      if (request.method !== 'GET') response.writeHead(405).end()
      else response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`event: endpoint\ndata: ${other}\n\n`)
    })
    for (const listed of [location, stream]) {
      const { v1 } = testSimulator({ mcp: { servers: [`127.0.0.1:${listed.port}`], timeout: '1s' } })
      const asking = v1().responses.create({ ...ask, tools: [toolAt(`http://127.0.0.1:${listed.port}/mcp`)] })
      await expect(asking).rejects.toMatchObject({ status: 424 })
      expect(listed.connections()).toBeGreaterThan(0)
    }
    expect(connections()).toBe(0)
  })

  it('is one beside the path that is listed', async () => {
    const { url, host, connections } = await mcpServer()
    const { v1 } = testSimulator({ mcp: { servers: [`${url}/public`] } })
    for (const path of [
      '/mcp',
      '/mcp/publicity',
      '/mcp/public/../private',
      '/mcp/public/%2e%2e/private',
      '/mcp/public%2f..',
    ])
      await v1().responses.create({ ...ask, tools: [toolAt(`http://${host}${path}`)] })
    expect(connections()).toBe(0)
    await v1().responses.create({ ...ask, tools: [toolAt(`${url}/public/sums`)] })
    expect(connections()).toBeGreaterThan(0)
  })

  it('is every one where nothing is listed', async () => {
    const { url, connections } = await mcpServer()
    await testSimulator()
      .v1()
      .responses.create({ ...ask, tools: [toolAt(url)] })
    expect(connections()).toBe(0)
  })
})
