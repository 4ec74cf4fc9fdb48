/** What clients leave behind survives a restart, and is shared: two simulators with one `state` are one resource. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toFile } from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/sim/random.ts'
import { type Azurite, startAzurite } from '../support/azurite.ts'
import { manualClock } from '../support/manual-clock.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { testSimulator } from '../support/simulator.ts'

let azurite: Azurite
let folder = ''
let count = 0
beforeAll(async () => {
  azurite = await startAzurite()
  folder = await mkdtemp(join(tmpdir(), 'kept-'))
})
afterAll(async () => {
  await azurite.stop()
  await rm(folder, { recursive: true, force: true })
})

const places: Record<string, () => Record<string, unknown>> = {
  folder: () => ({ dir: join(folder, String(++count)) }),
  container: () => ({ connectionString: azurite.connectionString, container: `kept-${++count}` }),
}

describe.each(Object.entries(places))('What is kept in a %s', (_kind, placeOf) => {
  let state: Record<string, unknown>
  beforeEach(() => {
    state = placeOf()
  })
  // Each draws ids of its own, as processes do.
  const instance = (more: Record<string, unknown> = {}, options = {}) =>
    testSimulator({ state, ...more }, { random: seededRandom(++count), ...options })

  it('is a client secret that opens a session at another instance, and is in no document', async () => {
    const made = await instance().post('/openai/v1/realtime/client_secrets', {
      session: { type: 'realtime', model: 'gpt-realtime' },
    })
    const { value } = (await made.json()) as { value: string }
    const other = instance()
    const status = async (authorization: string, at = '/openai/v1/realtime') =>
      (await other.fetch(`http://sim.test${at}`, { headers: { authorization } })).status
    // Known, and asked for an upgrade that no fetch can offer.
    expect(await status(`Bearer ${value}`)).toBe(426)
    expect(await status(`Bearer ${value}x`)).toBe(401)
    expect(await status(`Bearer ek_${'0'.repeat(32)}`)).toBe(401)
    expect(await status(`Bearer ${value}`, '/openai/v1/realtime/translations')).toBe(401)
    if (typeof state['dir'] !== 'string') return
    for (const entry of await readdir(state['dir'], { recursive: true, withFileTypes: true }))
      if (entry.isFile()) expect(await readFile(join(entry.parentPath, entry.name), 'latin1')).not.toContain(value)
  })

  it('is a response that another instance continues, item by item or streamed', async () => {
    const [one, two] = [instance().v1(), instance().v1()]
    const first = await one.responses.create({ model: 'gpt-4.1-mini', input: 'My name is Ada.' })
    const stream = await two.responses.create({
      model: 'gpt-4.1-mini',
      input: 'And I count.',
      previous_response_id: first.id,
      stream: true,
    })
    let second = ''
    for await (const event of stream) if (event.type === 'response.completed') second = event.response.id
    const third = await instance()
      .v1()
      .responses.create({ model: 'gpt-4.1-mini', input: 'Who am I?', previous_response_id: second })
    expect(third.usage?.input_tokens).toBeGreaterThan(first.usage!.input_tokens + 10)
    const items = await one.responses.inputItems.list(third.id, { order: 'asc' })
    expect(items.data.map((item) => item.type)).toEqual(['message', 'message', 'message', 'message', 'message'])
    const named = await instance()
      .v1()
      .responses.create({
        model: 'gpt-4.1-mini',
        input: [
          { type: 'item_reference', id: first.output[0]!.id! },
          { role: 'user', content: 'Go on.' },
        ],
      })
    expect(named.status).toBe('completed')
    await two.responses.delete(first.id)
    await expect(one.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 })
  })

  it('is a conversation to which two instances add at the same time', async () => {
    const clients = [instance().v1(), instance().v1()]
    const { id } = await clients[0]!.conversations.create({ metadata: { of: 'two' } })
    await Promise.all(
      [0, 1, 2, 3].map((at) =>
        clients[at % 2]!.conversations.items.create(id, {
          items: [{ type: 'message', role: 'user', content: `number ${at}` }],
        }),
      ),
    )
    await clients[1]!.responses.create({ model: 'gpt-4.1-mini', input: 'Sum up.', conversation: id })
    const items = await clients[0]!.conversations.items.list(id, { order: 'asc' })
    const texts = items.data.flatMap((item) => (item.type === 'message' && item.role === 'user' ? item.content : []))
    expect(texts.map((part) => ('text' in part ? part.text : '')).toSorted()).toEqual([
      'Sum up.',
      'number 0',
      'number 1',
      'number 2',
      'number 3',
    ])
    const [gone] = items.data
    await clients[1]!.conversations.items.delete(gone!.id!, { conversation_id: id })
    await expect(clients[0]!.conversations.items.retrieve(gone!.id!, { conversation_id: id })).rejects.toMatchObject({
      status: 404,
    })
  })

  it('is a stored chat completion, streamed or not', async () => {
    const [one, two] = [instance().v1(), instance().v1()]
    const messages = [{ role: 'user' as const, content: 'Keep this.' }]
    const made = await one.chat.completions.create({
      model: 'gpt-4.1-mini',
      messages,
      store: true,
      metadata: { a: 'b' },
    })
    const stream = await one.chat.completions.create({ model: 'gpt-4.1-mini', messages, store: true, stream: true })
    let streamed = ''
    for await (const { id } of stream) streamed ||= id
    const listed = await two.chat.completions.list()
    expect(listed.data.map(({ id }) => id)).toEqual([made.id, streamed])
    await two.chat.completions.update(made.id, { metadata: { a: 'c' } })
    expect(await one.chat.completions.retrieve(made.id)).toMatchObject({ metadata: { a: 'c' } })
    await one.chat.completions.delete(made.id)
    expect((await two.chat.completions.list()).data).toHaveLength(1)
  })

  it('are files, and a vector store that another instance searches', async () => {
    const fast = { files: { indexTime: '0ms' } }
    const [one, two] = [instance(fast).v1(), instance(fast).v1()]
    const text = 'Penguins of the Antarctic swim faster than any other bird.'
    const file = await one.files.create({ purpose: 'assistants', file: await toFile(Buffer.from(text), 'birds.md') })
    expect(await (await two.files.content(file.id)).text()).toBe(text)
    const store = await two.vectorStores.create({ name: 'birds', file_ids: [file.id] })
    await expect
      .poll(async () => (await one.vectorStores.retrieve(store.id)).file_counts.completed, { timeout: 10_000 })
      .toBe(1)
    const found = await instance(fast).v1().vectorStores.search(store.id, { query: 'How fast do penguins swim?' })
    expect(found.data[0]?.content[0]?.text).toBe(text)
    expect((await two.vectorStores.list()).data.map(({ id }) => id)).toEqual([store.id])
    await two.files.delete(file.id)
    expect((await one.files.list()).data).toEqual([])
  })

  it('is a batch whose process has ended: another one goes on with it', async () => {
    const clock = manualClock()
    const line = {
      custom_id: 'one',
      method: 'POST',
      url: '/chat/completions',
      body: { model: 'gpt-4.1-mini', messages: [{ role: 'user', content: 'Hi' }] },
    }
    const one = instance({}, { clock }).v1()
    const input = await one.files.create({
      purpose: 'batch',
      file: await toFile(Buffer.from(JSON.stringify(line)), 'in.jsonl'),
    })
    const batch = await one.batches.create({
      input_file_id: input.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    })
    // The clock of the first stands still from here on, as a process that was killed.
    const later = manualClock(clock.now() + 60_000)
    const two = instance({}, { clock: later }).v1()
    expect((await two.batches.retrieve(batch.id)).status).toBe('validating')
    await expect
      .poll(async () => {
        later.advance(2_000)
        return (await two.batches.retrieve(batch.id)).status
      })
      .toBe('completed')
    const done = await instance({}, { clock: later }).v1().batches.retrieve(batch.id)
    const output = await (await one.files.content(done.output_file_id!)).text()
    expect(JSON.parse(output)).toMatchObject({ custom_id: 'one', response: { status_code: 200 } })
    expect((await two.batches.list()).data).toHaveLength(1)
  })

  it('are jobs, containers, uploads, endpoints of webhooks and agents', async () => {
    const [one, two] = [instance(), instance()]
    const rows = Array.from({ length: 10 }, () =>
      JSON.stringify({
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
        ],
      }),
    )
    const training = await one
      .v1()
      .files.create({ purpose: 'fine-tune', file: await toFile(Buffer.from(rows.join('\n')), 't.jsonl') })
    const job = await two.v1().fineTuning.jobs.create({ model: 'gpt-4.1-mini', training_file: training.id })
    await one.v1().fineTuning.jobs.cancel(job.id)
    expect((await two.v1().fineTuning.jobs.retrieve(job.id)).status).toBe('cancelled')

    const container = await one.v1().containers.create({ name: 'box' })
    const inside = await two
      .v1()
      .containers.files.create(container.id, { file: await toFile(Buffer.from('x,y'), 'data.csv') })
    expect(
      await (await one.v1().containers.files.content.retrieve(inside.id, { container_id: container.id })).text(),
    ).toBe('x,y')

    const upload = await one
      .v1()
      .uploads.create({ filename: 'a.md', purpose: 'assistants', bytes: 4, mime_type: 'text/markdown' })
    const parts = [
      await one.v1().uploads.parts.create(upload.id, { data: await toFile(Buffer.from('ab'), 'a') }),
      await two.v1().uploads.parts.create(upload.id, { data: await toFile(Buffer.from('cd'), 'b') }),
    ]
    const whole = await one.v1().uploads.complete(upload.id, { part_ids: parts.map(({ id }) => id) })
    expect(await (await two.v1().files.content(whole.file!.id)).text()).toBe('abcd')

    const hooks = '/openai/v1/dashboard/webhook_endpoints'
    const made = await one.post(hooks, { name: 'x', url: 'http://localhost:1/', event_types: ['batch.completed'] })
    expect(made.status).toBe(200)
    expect(await (await two.request(hooks)).json()).toMatchObject({ data: [{ name: 'x' }] })

    const path = '/api/projects/p/agents/tell%20me/versions?api-version=v1'
    const body = { definition: { kind: 'prompt', model: 'gpt-4.1-mini' } }
    expect(await (await one.post(path, body)).json()).toMatchObject({ version: '1' })
    expect(await (await two.post(path, body)).json()).toMatchObject({ version: '2' })
  })

  it('stays within its bounds, and belongs to one resource', async () => {
    const two = { resources: { other: { apiKeys: ['other-key'] } }, responses: { maxResponses: 2 } }
    const one = instance(two)
    const ids: string[] = []
    for (let at = 0; at < 3; at++)
      ids.push((await one.v1().responses.create({ model: 'gpt-4.1-mini', input: 'Hi' })).id)
    const next = instance(two)
    const statuses = await Promise.all(ids.map(async (id) => (await next.request(`/openai/v1/responses/${id}`)).status))
    expect(statuses).toEqual([404, 200, 200])
    const elsewhere = await next.request(`/resources/other/openai/v1/responses/${ids[2]}`, {
      headers: { 'api-key': 'other-key' },
    })
    expect(elsewhere.status).toBe(404)
  })
})

it('Without a place, or where it is off, nothing is written', async () => {
  const dir = join(folder, 'off')
  const sim = testSimulator({ state: { dir, kept: 'off' } })
  await sim.v1().responses.create({ model: 'gpt-4.1-mini', input: 'Hi' })
  await expect(readdir(dir)).rejects.toThrow('ENOENT')
})

it('What cannot be kept is not answered as if it were', async () => {
  const told: string[] = []
  const log = { debug() {}, info() {}, warn: (line: string) => void told.push(line), error() {} }
  const sim = testSimulator({ state: { dir: '/dev/null/below' } }, { log })
  const answer = await sim.post('/openai/v1/responses', { model: 'gpt-4.1-mini', input: 'Hi' })
  expect(answer.status).toBe(503)
  expect((await sim.post('/openai/v1/responses', { model: 'gpt-4.1-mini', input: 'Hi', store: false })).status).toBe(
    200,
  )
  expect(told.filter((line) => line.includes('what is kept'))).toHaveLength(1)
})

it('What cannot be kept is not answered as if it were, though that shows before its answer is made', async () => {
  const sim = testSimulator({ state: { dir: '/dev/null/below' } }, { clock: hurriedClock() })
  const likely = { include: ['message.output_text.logprobs'], top_logprobs: 15, max_output_tokens: 1_500 }
  const asked = { model: 'gpt-4.1', input: 'word '.repeat(20_000), ...likely }
  expect((await sim.post('/openai/v1/responses', asked)).status).toBe(503)
  expect((await sim.post('/openai/v1/responses', { ...asked, store: false })).status).toBe(200)
})
