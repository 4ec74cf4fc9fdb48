/** Conversations, through the SDK and through a project's doors (recorded November 2025 to April 2026). */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const model = 'gpt-4.1'
const hello = { type: 'message' as const, role: 'user' as const, content: 'hello, world' }

describe('a conversation', () => {
  it('is made, changed, read and deleted', async () => {
    const { conversations } = testSimulator().v1()
    const made = await conversations.create({ items: [hello], metadata: { a: 'b' } })
    expect(made).toEqual({
      id: expect.stringMatching(/^conv_[0-9a-f]{16}00[0-9A-Za-z]{32}$/) as string,
      object: 'conversation',
      created_at: expect.any(Number) as number,
      metadata: { a: 'b' },
    })
    expect(await conversations.retrieve(made.id)).toEqual(made)
    const changed = await conversations.update(made.id, { metadata: { c: 'd' } })
    expect(changed).toEqual({ ...made, metadata: { c: 'd' } })
    expect(await conversations.delete(made.id)).toEqual({ id: made.id, object: 'conversation.deleted', deleted: true })
    await expect(conversations.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
    await expect(conversations.delete(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it('has items, newest first, in pages', async () => {
    const { conversations } = testSimulator().v1()
    const { id } = await conversations.create({ items: [hello] })
    const added = await conversations.items.create(id, {
      items: ['a', 'b', 'c'].map((content) => ({ ...hello, content })),
    })
    expect(added.data.map((item) => item.id!.slice(0, 22))).toEqual(Array(3).fill(`msg_${id.slice(5, 23)}`))
    const textOf = (item: unknown) => (item as { content: { text: string }[] }).content[0]!.text
    const all: string[] = []
    for await (const item of conversations.items.list(id, { limit: 2 })) all.push(textOf(item))
    expect(all).toEqual(['c', 'b', 'a', 'hello, world'])
    const first = await conversations.items.list(id, { order: 'asc', limit: 1 })
    expect(first.data.map(textOf)).toEqual(['hello, world'])
    const one = await conversations.items.retrieve(added.data[0]!.id!, { conversation_id: id })
    expect(textOf(one)).toBe('a')
    expect((await conversations.items.delete(added.data[0]!.id!, { conversation_id: id })).id).toBe(id)
    await expect(conversations.items.retrieve(added.data[0]!.id!, { conversation_id: id })).rejects.toMatchObject({
      status: 404,
    })
  })

  it('is what responses go on from, and add to', async () => {
    const { conversations, responses } = testSimulator().v1()
    const { id } = await conversations.create({ items: [{ ...hello, content: 'My name is Ada.' }] })
    const first = await responses.create({ model, input: 'What is it?', conversation: id })
    expect(first.conversation).toEqual({ id })
    expect(first.id.slice(5, 21)).toBe(id.slice(5, 21))
    const second = await responses.create({ model, input: 'Sure?', conversation: { id } })
    expect(second.usage!.input_tokens).toBeGreaterThan(first.usage!.total_tokens)
    const stream = responses.stream({ model, input: 'Quite?', conversation: id })
    await stream.finalResponse()
    const kept = await conversations.items.list(id, { order: 'asc' })
    expect(kept.data.map((item) => (item as { role: string }).role)).toEqual([
      'user',
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
      'assistant',
    ])
    // No input is needed where the conversation has some.
    expect((await responses.create({ model, conversation: id })).status).toBe('completed')
    await expect(responses.create({ model, input: 'a', conversation: 'conv_gone' })).rejects.toMatchObject({
      status: 404,
    })
    await expect(
      responses.create({ model, input: 'a', conversation: id, previous_response_id: second.id }),
    ).rejects.toMatchObject({ status: 400, code: 'mutually_exclusive_parameters' })
  })

  it('keeps a call open until its output comes', async () => {
    const { conversations, responses } = testSimulator().v1()
    const { id } = await conversations.create()
    const tools = [{ type: 'function' as const, name: 'f', parameters: {}, strict: false }]
    const ask = { model, conversation: id, parallel_tool_calls: false }
    const { output } = await responses.create({ ...ask, input: 'a', tools, tool_choice: 'required' })
    const call = output.find((item) => item.type === 'function_call')!
    await expect(responses.create({ ...ask, input: 'b' })).rejects.toMatchObject({ status: 400 })
    const result = { type: 'function_call_output' as const, call_id: call.call_id, output: 'pizza' }
    expect((await responses.create({ ...ask, input: [result] })).output_text).not.toBe('')
  })
})

describe('a conversation of a project', () => {
  const at = '/api/projects/mine/openai/v1/conversations'
  const dated = '/api/projects/mine/openai/conversations'
  const version = '?api-version=2025-11-15-preview'
  const json = async (answer: Response) => {
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    return (await answer.json()) as Record<string, unknown> & { id: string; data: Record<string, unknown>[] }
  }

  it('is told in the order of its door', async () => {
    const simulator = testSimulator()
    const made = await json(await simulator.post(at, { items: [hello] }))
    expect(Object.keys(made).join()).toBe('id,object,metadata,created_at')
    const items = await json(await simulator.request(`${at}/${made.id}/items`))
    expect(Object.keys(items).join()).toBe('data,first_id,last_id,has_more,object')
    expect(Object.keys(items.data[0]!).join()).toBe('type,id,role,content,status')
    expect(items.data[0]!['content']).toEqual([{ type: 'input_text', text: 'hello, world' }])
    const added = await json(await simulator.post(`${at}/${made.id}/items`, { items: [hello] }))
    expect(Object.keys(added).join()).toBe('object,data,has_more,first_id,last_id')
    const old = await json(await simulator.post(dated + version, {}))
    expect(Object.keys(old).join()).toBe('id,object,created_at,metadata')
    expect(await json(await simulator.request(`${dated}/${old.id}/items${version}`))).toEqual({
      data: [],
      has_more: false,
      object: 'list',
    })
    const ofOld = await json(await simulator.request(`${dated}/${made.id}/items${version}&item_type=message`))
    expect(Object.keys(ofOld.data[0]!).join()).toBe('type,id,status,role,content')
    const all = await json(await simulator.request(at))
    expect(all.data.map(({ id }) => id).toSorted()).toEqual([made.id, old.id].toSorted())
    expect((await simulator.request('/openai/v1/conversations')).status).toBe(404)
    const gone = await json(await simulator.request(`${at}/${made.id}`, { method: 'DELETE' }))
    expect(Object.keys(gone).join()).toBe('object,deleted,id')
  })

  it('says no in the words of its service', async () => {
    const simulator = testSimulator()
    const answer = await simulator.request(`${at}/conv_gone`)
    expect(answer.status).toBe(404)
    const id = answer.headers.get('x-request-id')!
    expect(await answer.text()).toBe(
      `{"error":{"code":"not_found","message":"Conversation 'conv_gone' not found","type":"error","details":[],"additionalInfo":{"request_id":"${id}"}}}`,
    )
    const { id: made } = await json(await simulator.post(at, {}))
    const many = await simulator.post(`${at}/${made}/items`, { items: Array(21).fill(hello) })
    expect(many.status).toBe(400)
    expect(await many.json()).toMatchObject({
      error: { code: 'invalid_payload', message: 'maxItems: Value should have at most 20 items', param: '/items' },
    })
  })

  it('that is not there is none to answer in, in the words of its door', async () => {
    const simulator = testSimulator()
    const conversation = `conv_${'0'.repeat(50)}`
    const ask = async (path: string) => {
      const answer = await simulator.post(path, { model: 'gpt-4.1', input: 'Hi', conversation })
      return [answer.status, ((await answer.json()) as { error: object }).error]
    }
    const project = { code: 'not_found', message: `Conversation '${conversation}' not found`, type: 'error' }
    expect(await ask('/api/projects/p/openai/v1/responses')).toMatchObject([404, project])
    expect(await ask('/api/projects/p/openai/responses?api-version=2025-11-15-preview')).toMatchObject([404, project])
    const own = { message: `Conversation with id '${conversation}' not found.` }
    expect(await ask('/openai/v1/responses')).toMatchObject([404, own])
  })

  it.each([
    { items: 5 },
    { items: [5] },
    { items: [{ type: 'song' }] },
    { metadata: { a: 1 } },
    { other: 1 },
    { items: Array(21).fill(hello) },
  ])('is refused: %j', async (body) => {
    const simulator = testSimulator()
    for (const path of [at, '/openai/v1/conversations']) expect((await simulator.post(path, body)).status).toBe(400)
    expect(simulator.errors).toEqual([])
  })
})
