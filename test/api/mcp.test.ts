/** Tools of MCP servers in responses (recorded December 2025 to March 2026). */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const tools = [{ type: 'mcp' as const, server_label: 'docs', server_url: 'https://docs.example.com/mcp' }]
const rule = {
  then: {
    mcp: {
      server: 'docs',
      tools: [
        {
          name: 'fetch_docs',
          description: 'Fetch the documentation.',
          inputSchema: { type: 'object', properties: { page: { type: 'string' } }, required: ['page'] },
          arguments: { page: 'readme' },
          result: '# Read me',
        },
        { name: 'broken', error: 'no such page' },
      ],
      call: 'fetch_docs',
    },
  },
}
const ask = { model: 'gpt-4.1', input: 'Summarize the documentation.' }

describe("an MCP server's tools", () => {
  it('are listed, asked leave for, called when it is given, and not listed again', async () => {
    const { responses } = testSimulator({ rules: [rule] }).v1()
    const first = await responses.create({ ...ask, tools })
    expect(first.status).toBe('completed')
    expect(first.output).toMatchObject([
      {
        type: 'mcp_list_tools',
        id: expect.stringMatching(/^mcpl_/) as string,
        server_label: 'docs',
        tools: [
          {
            name: 'fetch_docs',
            description: 'Fetch the documentation.',
            input_schema: { required: ['page'] },
            annotations: {},
          },
          { name: 'broken' },
        ],
      },
      { type: 'mcp_approval_request', server_label: 'docs', name: 'fetch_docs', arguments: '{"page":"readme"}' },
    ])
    const approval_request_id = first.output[1]!.id!
    const answered = await responses.create({
      ...ask,
      tools,
      previous_response_id: first.id,
      input: [{ type: 'mcp_approval_response', approve: true, approval_request_id }],
    })
    expect(answered.output).toMatchObject([
      {
        type: 'mcp_call',
        status: 'completed',
        approval_request_id,
        server_label: 'docs',
        name: 'fetch_docs',
        arguments: '{"page":"readme"}',
        output: '# Read me',
      },
      { type: 'message' },
    ])
    const refused = await responses.create({
      ...ask,
      tools,
      previous_response_id: first.id,
      input: [{ type: 'mcp_approval_response', approve: false, approval_request_id }],
    })
    expect(refused.output.map(({ type }) => type)).toEqual(['message'])
    await expect(
      responses.create({
        ...ask,
        tools,
        input: [{ type: 'mcp_approval_response', approve: true, approval_request_id: 'mcpr_x' }],
      }),
    ).rejects.toMatchObject({ status: 400 })
  })

  it('are called at once where no leave is needed, in the recorded order of events', async () => {
    const { responses } = testSimulator({ rules: [rule] }).v1()
    const stream = responses.stream({ ...ask, tools: [{ ...tools[0]!, require_approval: 'never' }] })
    const kinds: string[] = []
    for await (const { type } of stream) if (!type.includes('output_text') && type !== kinds.at(-1)) kinds.push(type)
    expect(kinds.slice(2, -1)).toEqual([
      'response.output_item.added',
      'response.mcp_list_tools.in_progress',
      'response.mcp_list_tools.completed',
      'response.output_item.done',
      'response.output_item.added',
      'response.mcp_call.in_progress',
      'response.mcp_call_arguments.delta',
      'response.mcp_call_arguments.done',
      'response.mcp_call.completed',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.content_part.done',
      'response.output_item.done',
    ])
  })

  it('may fail, be chosen by name, and be made up where nobody says what there is', async () => {
    const { responses } = testSimulator({ rules: [{ then: { mcp: { ...rule.then.mcp, call: 'broken' } } }] }).v1()
    const failed = await responses.create({ ...ask, tools: [{ ...tools[0]!, require_approval: 'never' }] })
    expect(failed.output[1]).toMatchObject({
      type: 'mcp_call',
      status: 'failed',
      output: null,
      error: { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: 'no such page' }] },
    })
    const other = await testSimulator()
      .v1()
      .responses.create({
        ...ask,
        tools: [{ ...tools[0]!, require_approval: { never: { tool_names: ['search'] } } }],
        tool_choice: { type: 'mcp', server_label: 'docs', name: 'search' },
      })
    expect(other.output).toMatchObject([
      { type: 'mcp_list_tools', tools: [{ name: 'search' }, { name: 'fetch' }] },
      { type: 'mcp_call', name: 'search', output: expect.stringMatching(/\w/) as string },
      { type: 'message' },
    ])
  })

  it.each([
    [{ server_url: 'nowhere' }, 'tools[0].server_url'],
    [{ connector_id: 'connector_gmail' }, 'tools[0]'],
    [{ require_approval: 'sometimes' }, 'tools[0].require_approval'],
  ])('are refused where nobody could find their server: %j', async (more, param) => {
    const { responses } = testSimulator().v1()
    const given = [{ ...tools[0], ...more }] as never
    await expect(responses.create({ ...ask, tools: given })).rejects.toMatchObject({ status: 400, param })
  })

  it('are of servers with labels of their own', async () => {
    const { responses } = testSimulator().v1()
    const twice = responses.create({ ...ask, tools: [...tools, ...tools] })
    await expect(twice).rejects.toMatchObject({ status: 400, param: 'tools[1].server_label' })
  })

  it('are in a rule that is checked', () => {
    expect(() => testSimulator({ rules: [{ then: { mcp: { server: 'a', tools: [], call: 'b' } } }] })).toThrow(
      /one of its tools/,
    )
  })
})
