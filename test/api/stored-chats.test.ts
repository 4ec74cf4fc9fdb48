/** Stored chat completions, through the SDK (shapes as in the upstream API's reference; Azure's guide has the same). */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const model = 'gpt-4.1-mini'
const messages = [
  { role: 'system' as const, content: 'Be brief.' },
  { role: 'user' as const, content: [{ type: 'text' as const, text: 'Write a haiku.' }] },
]

describe('a stored chat completion', () => {
  it('is what was answered, found by its id', async () => {
    const { chat } = testSimulator().v1()
    const answer = await chat.completions.create({
      model,
      messages,
      store: true,
      metadata: { a: 'b' },
      temperature: 0.5,
    })
    const stored = await chat.completions.retrieve(answer.id)
    expect(stored).toMatchObject({
      id: answer.id,
      object: 'chat.completion',
      model: answer.model,
      created: answer.created,
      usage: answer.usage,
      temperature: 0.5,
      metadata: { a: 'b' },
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: { role: 'assistant', content: answer.choices[0]!.message.content },
        },
      ],
    })
    const told = await chat.completions.messages.list(answer.id)
    expect(told.data).toMatchObject([
      { id: `${answer.id}-0`, role: 'system', content: 'Be brief.', content_parts: null },
      { id: `${answer.id}-1`, role: 'user', content: null, content_parts: [{ type: 'text', text: 'Write a haiku.' }] },
    ])
  })

  it('is kept of a stream that was read to its end, with the id of its chunks', async () => {
    const { chat } = testSimulator().v1()
    let id = ''
    let text = ''
    for await (const chunk of await chat.completions.create({ model, messages, store: true, stream: true })) {
      id = chunk.id || id
      text += chunk.choices[0]?.delta.content ?? ''
    }
    expect((await chat.completions.retrieve(id)).choices[0]!.message.content).toBe(text)
  })

  it('is listed oldest first, in pages, by model and by metadata', async () => {
    const { chat } = testSimulator().v1()
    const ids: string[] = []
    for (const [index, name] of [model, 'gpt-4.1', model].entries())
      ids.push(
        (await chat.completions.create({ model: name, messages, store: true, metadata: { n: `${index % 2}` } })).id,
      )
    await chat.completions.create({ model, messages })
    const all: string[] = []
    for await (const { id } of chat.completions.list({ limit: 2 })) all.push(id)
    expect(all).toEqual(ids)
    const idsOf = async (query: Parameters<typeof chat.completions.list>[0]) =>
      (await chat.completions.list(query)).data.map(({ id }) => id)
    expect(await idsOf({ order: 'desc' })).toEqual(ids.toReversed())
    expect(await idsOf({ metadata: { n: '1' } })).toEqual([ids[1]])
    const { model: served } = await chat.completions.retrieve(ids[1]!)
    expect(await idsOf({ model: served })).toEqual([ids[1]])
    // Clients know the deployment's name.
    expect(await idsOf({ model: 'gpt-4.1' })).toEqual([ids[1]])
    expect(await idsOf({ model: 'gpt-4' })).toEqual([])
  })

  it('is changed in its place, and deleted', async () => {
    const { chat } = testSimulator().v1()
    const { id } = await chat.completions.create({ model, messages, store: true, metadata: { a: 'b' } })
    const other = await chat.completions.create({ model, messages, store: true })
    expect(await chat.completions.update(id, { metadata: { c: 'd' } })).toMatchObject({ metadata: { c: 'd' } })
    expect((await chat.completions.list()).data.map((one) => one.id)).toEqual([id, other.id])
    expect(await chat.completions.delete(id)).toEqual({ object: 'chat.completion.deleted', id, deleted: true })
    for (const gone of [chat.completions.retrieve(id), chat.completions.delete(id), chat.completions.messages.list(id)])
      await expect(gone).rejects.toMatchObject({ status: 404 })
    await expect(chat.completions.update(other.id, { metadata: { a: 'x'.repeat(513) } })).rejects.toMatchObject({
      status: 400,
    })
  })

  it('is on the dated surface, too, below a deployment or not', async () => {
    const simulator = testSimulator()
    const { chat } = simulator.azure(model, '2025-02-01-preview')
    const { id } = await chat.completions.create({ model, messages, store: true })
    expect((await chat.completions.retrieve(id)).id).toBe(id)
    expect((await simulator.request(`/openai/chat/completions/${id}?api-version=2025-02-01-preview`)).status).toBe(200)
  })

  it('goes when there are more than may be kept, and after its time', async () => {
    const { chat } = testSimulator({ kept: { maxEntries: 2 } }).v1()
    const ids: string[] = []
    for (let count = 0; count < 3; count++)
      ids.push((await chat.completions.create({ model, messages, store: true })).id)
    expect((await chat.completions.list()).data.map(({ id }) => id)).toEqual(ids.slice(1))
  })
})
