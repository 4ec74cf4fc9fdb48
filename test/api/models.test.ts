import { afterAll, describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator()
const azure = simulator.azure()
const openai = simulator.v1()
const send = simulator.request
const version = '?api-version=2024-10-21'
const listed = async <Item>(models: AsyncIterable<Item>) => {
  const items: Item[] = []
  for await (const model of models) items.push(model)
  return items
}

describe('the list of models', () => {
  it('has the whole catalogue for the SDK, on v1', async () => {
    const models = await listed(openai.models.list())
    expect(models).toContainEqual({
      id: 'gpt-4o-2024-08-06',
      object: 'model',
      created: 1_722_902_400,
      owned_by: 'system',
    })
    const ids = models.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['gpt-5-mini-2025-08-07', 'text-embedding-3-large', 'whisper-001']))
  })

  it('has the same models with their capabilities, on the dated surface', async () => {
    const dated = await listed(azure.models.list())
    const { data } = (await (await send('/openai/v1/models')).json()) as { data: { id: string }[] }
    expect(dated.map(({ id }) => id)).toEqual(data.map(({ id }) => id))
    expect(dated.find(({ id }) => id === 'gpt-4o-2024-08-06')).toEqual({
      status: 'succeeded',
      capabilities: { fine_tune: false, inference: true, completion: false, chat_completion: true, embeddings: false },
      lifecycle_status: 'generally-available',
      deprecation: { inference: expect.any(Number) as number },
      id: 'gpt-4o-2024-08-06',
      created_at: 1_722_902_400,
      updated_at: 1_722_902_400,
      object: 'model',
    })
    expect(dated.find(({ id }) => id === 'text-embedding-3-small')).toMatchObject({
      capabilities: { chat_completion: false, embeddings: true },
    })
  })
})

describe('one model', () => {
  it('is found by its id, and by its name alone in its newest version', async () => {
    expect((await openai.models.retrieve('gpt-4.1-mini-2025-04-14')).id).toBe('gpt-4.1-mini-2025-04-14')
    expect((await openai.models.retrieve('gpt-4.1-mini')).id).toBe('gpt-4.1-mini-2025-04-14')
    expect(await azure.models.retrieve('whisper-001')).toMatchObject({ id: 'whisper-001', status: 'succeeded' })
  })

  // As users quote the service's list (July 2023, spring 2026).
  it.each([
    'text-embedding-3-small',
    'text-embedding-ada-002',
    'text-embedding-ada-002-2',
    'davinci-002',
    'dall-e-3-3.0',
  ])('answers by the id that the list has: %s', async (id) => {
    expect((await listed(openai.models.list())).map((model) => model.id)).toContain(id)
    expect((await openai.models.retrieve(id)).id).toBe(id)
  })

  it('is 404 where nobody knows it', async () => {
    await expect(openai.models.retrieve('gpt-7')).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
    const answer = await send(`/openai/models/gpt-7${version}`)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { code: 'ModelNotFound' } })
  })

  it('is not changed by whoever asks', async () => {
    for (const method of ['POST', 'DELETE'])
      expect((await send(`/openai/models/gpt-4o${version}`, { method })).status).toBe(404)
  })
})

afterAll(() => expect(simulator.errors).toEqual([]))
