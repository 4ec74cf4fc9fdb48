/** Tools of MCP servers in Realtime sessions (the upstream API's guide and the official SDK's types, 2026). */
import { afterEach, describe, expect, it } from 'vitest'
import { type Live, serveLive } from '../support/live-client.ts'
import { mcpServer } from '../support/mcp-server.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const path = '/openai/v1/realtime?model=gpt-realtime-mini'
const docs = { type: 'mcp', server_label: 'docs', server_url: 'https://docs.example.com/mcp' }
const tools = [
  { name: 'search', description: 'Search.', inputSchema: { type: 'object', properties: { q: { type: 'string' } } } },
  { name: 'read', arguments: { page: 'readme' }, result: 'It says: hello.' },
  { name: 'broken', arguments: {}, error: 'no such page' },
]
const rule = (call: string) => ({ rules: [{ then: { mcp: { server: 'docs', tools, call } } }] })
const update = (session: object) => ({ type: 'session.update', session: { type: 'realtime', ...session } })
const text = { output_modalities: ['text'] }

async function session(input: Record<string, unknown> = {}): Promise<Live> {
  const { dial } = await serveLive(stops, input)
  const live = await dial(path)
  await live.until('session.created')
  return live
}

const say = (said: string) => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: said }] },
})
const kindsFrom = ({ events }: Live, at: number) =>
  events
    .slice(at)
    .map(({ type }) => type)
    .filter((type, place, all) => type !== all[place - 1] && type !== 'rate_limits.updated')

describe('MCP tools of a Realtime session', () => {
  it('are listed when the session names their server, and once', async () => {
    const live = await session(rule('read'))
    const at = live.events.length
    live.send(update({ ...text, tools: [{ ...docs, allowed_tools: ['search', 'read'], authorization: 'tok-1' }] }))
    await live.until('mcp_list_tools.completed')
    const { item } = await live.until('conversation.item.done')
    expect(kindsFrom(live, at)).toEqual([
      'session.updated',
      'conversation.item.added',
      'mcp_list_tools.in_progress',
      'mcp_list_tools.completed',
      'conversation.item.done',
    ])
    expect(item).toEqual({
      id: expect.stringMatching(/^mcpl_/) as string,
      type: 'mcp_list_tools',
      server_label: 'docs',
      tools: [
        { name: 'search', description: 'Search.', input_schema: tools[0]!.inputSchema },
        { name: 'read', input_schema: { type: 'object', properties: {}, required: [] } },
      ],
    })
    const { session: told } = live.events[at] as unknown as { session: { tools: object[] } }
    expect(told.tools).toEqual([
      { ...docs, server_url: 'https://docs.example.com/<redacted>', allowed_tools: ['search', 'read'] },
    ])
    const again = await live.ask(update({ tools: [{ type: 'mcp', server_label: 'docs' }] }), 'session.updated')
    expect(again).toMatchObject({ session: { tools: [{ server_label: 'docs', allowed_tools: ['search', 'read'] }] } })
    await live.ask({ type: 'input_audio_buffer.clear' }, 'input_audio_buffer.cleared')
    expect(live.events.filter(({ type }) => type === 'mcp_list_tools.in_progress')).toHaveLength(1)
  })

  it('are called by the service, which may answer before the call is over', async () => {
    const live = await session(rule('read'))
    live.send(update({ ...text, tools: [{ ...docs, require_approval: 'never' }] }))
    await live.until('mcp_list_tools.completed')
    await live.ask(say('What does the readme say?'), 'conversation.item.done')
    const at = live.events.length
    live.send({ type: 'response.create' })
    const done = await live.until('response.output_item.done', at)
    expect(kindsFrom(live, at)).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.mcp_call_arguments.delta',
      'response.mcp_call_arguments.done',
      'response.done',
      'response.mcp_call.in_progress',
      'response.mcp_call.completed',
      'conversation.item.done',
      'response.output_item.done',
    ])
    const called = {
      id: expect.stringMatching(/^mcp_/) as string,
      type: 'mcp_call',
      server_label: 'docs',
      name: 'read',
      arguments: '{"page":"readme"}',
      approval_request_id: null,
      output: 'It says: hello.',
      error: null,
    }
    expect(done['item']).toEqual(called)
    expect(live.events.find(({ type }) => type === 'response.done')).toMatchObject({
      response: { status: 'completed', output: [{ type: 'mcp_call', output: null }] },
    })
    // The model knows what it gave, and answers.
    live.send({ type: 'response.create' })
    const from = live.events.length
    expect(await live.until('response.done', from)).toMatchObject({ response: { output: [{ type: 'message' }] } })
    const { id } = done['item'] as { id: string }
    const kept = await live.ask({ type: 'conversation.item.retrieve', item_id: id }, 'conversation.item.retrieved')
    expect(kept['item']).toEqual(called)
  })

  it('tell what went wrong', async () => {
    const live = await session(rule('broken'))
    live.send(update({ ...text, tools: [{ ...docs, require_approval: 'never' }] }))
    live.send(say('Read it.'))
    live.send({ type: 'response.create' })
    await live.until('response.mcp_call.failed')
    expect(await live.until('response.output_item.done')).toMatchObject({
      item: { output: null, error: { type: 'mcp_tool_execution_error' } },
    })
  })

  it('wait for leave, and are called when it is given', async () => {
    const live = await session(rule('read'))
    live.send(update({ ...text, tools: [docs] }))
    live.send(say('Read it.'))
    const at = live.events.length
    live.send({ type: 'response.create' })
    await live.until('response.done', at)
    expect(
      kindsFrom(
        live,
        live.events.findIndex(({ type }) => type === 'response.created'),
      ),
    ).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
    ])
    const { item } = await live.until('response.output_item.done')
    expect(item).toEqual({
      id: expect.stringMatching(/^mcpr_/) as string,
      type: 'mcp_approval_request',
      server_label: 'docs',
      name: 'read',
      arguments: '{"page":"readme"}',
    })
    const { id } = item as { id: string }
    const from = live.events.length
    // As the guide names it.
    const answer = { id: `mcp_approval_${id}`, type: 'mcp_approval_response', approval_request_id: id, approve: true }
    live.send({ type: 'conversation.item.create', previous_item_id: id, item: answer })
    const done = await live.until('response.output_item.done', from)
    expect(kindsFrom(live, from)).toEqual([
      'conversation.item.added',
      'conversation.item.done',
      'conversation.item.added',
      'response.mcp_call.in_progress',
      'response.mcp_call.completed',
      'conversation.item.done',
      'response.output_item.done',
    ])
    expect(done['item']).toMatchObject({ type: 'mcp_call', approval_request_id: id, output: 'It says: hello.' })
    // It was answered.
    expect(
      await live.ask({ type: 'conversation.item.create', item: { ...answer, id: undefined, approve: false } }, 'error'),
    ).toMatchObject({ error: { param: 'item.approval_request_id', message: expect.stringContaining(id) as string } })
  })

  it('are not called where it is refused', async () => {
    const live = await session(rule('read'))
    live.send(update({ ...text, tools: [docs] }))
    live.send(say('Read it.'))
    live.send({ type: 'response.create' })
    const { item } = await live.until('response.output_item.done')
    const { id } = item as { id: string }
    const answer = { type: 'mcp_approval_response', approval_request_id: id, approve: false, reason: 'Private.' }
    await live.ask({ type: 'conversation.item.create', item: answer }, 'conversation.item.done')
    const from = live.events.length
    live.send({ type: 'response.create' })
    expect(await live.until('response.done', from)).toMatchObject({ response: { output: [{ type: 'message' }] } })
    expect(live.events.some(({ type }) => type.startsWith('response.mcp_call'))).toBe(false)
  })

  it('may be there for one answer alone, outside of the conversation too', async () => {
    const live = await session(rule('read'))
    const at = live.events.length
    const response = {
      ...text,
      conversation: 'none',
      tools: [{ ...docs, require_approval: 'never' }],
      metadata: { a: 'b' },
    }
    live.send({ type: 'response.create', response })
    const done = await live.until('response.output_item.done', at)
    expect(done['item']).toMatchObject({ type: 'mcp_call', output: 'It says: hello.' })
    expect(kindsFrom(live, at)).toEqual([
      'conversation.item.added',
      'mcp_list_tools.in_progress',
      'mcp_list_tools.completed',
      'conversation.item.done',
      'response.created',
      'response.output_item.added',
      'response.mcp_call_arguments.delta',
      'response.mcp_call_arguments.done',
      'response.done',
      'response.mcp_call.in_progress',
      'response.mcp_call.completed',
      'response.output_item.done',
    ])
  })

  it('are chosen by name, beside functions', async () => {
    const live = await session()
    const own = { type: 'function', name: 'lookup', parameters: { type: 'object', properties: {} } }
    live.send(update({ ...text, tools: [own, { ...docs, require_approval: 'never' }] }))
    const ask = async (choice: unknown) => {
      const from = live.events.length
      live.send({ type: 'response.create', response: { conversation: 'none', tool_choice: choice } })
      const { response } = await live.until('response.done', from)
      return (response as { output: { type: string; name?: string }[] }).output.map(
        ({ type, name }) => `${type} ${name}`,
      )
    }
    expect(await ask({ type: 'mcp', server_label: 'docs', name: 'fetch' })).toEqual(['mcp_call fetch'])
    expect(await ask({ type: 'function', name: 'lookup' })).toEqual(['function_call lookup'])
    for (const called of await ask({ type: 'mcp', server_label: 'docs' })) expect(called).toMatch(/^mcp_call /)
    expect(await ask('none')).toEqual(['message undefined'])
  })

  it.each([
    [[docs, docs], 'session.tools[1].server_label'],
    [[{ ...docs, connector_id: 'connector_gmail' }], 'session.tools[0]'],
    [[{ type: 'mcp', server_label: 'nobody' }], 'session.tools[0]'],
    [[{ ...docs, authorization: 'a', headers: { Authorization: 'b' } }], 'session.tools[0]'],
    [[{ ...docs, nonsense: 1 }], 'session.tools[0].nonsense'],
    [[{ type: 'mcp', server_url: docs.server_url }], 'session.tools[0].server_label'],
    [[{ ...docs, require_approval: 'sometimes' }], 'session.tools[0].require_approval'],
  ])('are refused where nobody could find them: %j', async (given, param) => {
    const live = await session()
    expect(await live.ask(update({ tools: given }), 'error')).toMatchObject({ error: { param } })
    expect(live.events.some(({ type }) => type.startsWith('mcp_'))).toBe(false)
  })

  it('are those of a real server where its address is listed', async () => {
    const { url, host, asked } = await mcpServer()
    const rules = [
      { then: { mcp: { server: 'sums', call: 'add', tools: [{ name: 'add', arguments: { a: 2, b: 3 } }] } } },
    ]
    const live = await session({ mcp: { servers: [host] }, rules })
    const server = {
      type: 'mcp',
      server_label: 'sums',
      server_url: url,
      require_approval: 'never',
      authorization: 'tok-9',
    }
    live.send(update({ ...text, tools: [server] }))
    await live.until('mcp_list_tools.completed')
    expect(await live.until('conversation.item.done')).toMatchObject({
      item: { tools: [{ name: 'add', description: 'Adds.' }, { name: 'fail' }, { name: 'hang' }] },
    })
    live.send(say('What is 2 and 3?'))
    live.send({ type: 'response.create' })
    expect(await live.until('response.output_item.done')).toMatchObject({
      item: { name: 'add', arguments: '{"a":2,"b":3}', output: '5' },
    })
    for (const { headers } of asked) expect(headers.authorization).toBe('Bearer tok-9')
    expect(live.texts.join('\n')).not.toContain('tok-9')
  })

  it('fail where the server gives none, and the session lives on', async () => {
    const live = await session({ mcp: { servers: ['127.0.0.1:9'] } })
    const server = { type: 'mcp', server_label: 'sums', server_url: 'http://127.0.0.1:9/mcp' }
    live.send(update({ ...text, tools: [server] }))
    await live.until('mcp_list_tools.failed')
    const from = live.events.length
    live.send({ type: 'response.create' })
    expect(await live.until('response.done', from)).toMatchObject({ response: { status: 'completed' } })
    // It is tried again when it is named again.
    live.send(update({ tools: [server] }))
    await live.until('mcp_list_tools.failed', from)
  })
})
