/** `/++/recordings`: what a person does with recordings while the simulator runs. */
import { describe, expect, it } from 'vitest'
import { createRecordings } from '../../src/sim/recordings/recordings.ts'
import { manualClock } from '../support/manual-clock.ts'
import { memoryStore } from '../support/memory-store.ts'
import { StoreError } from '../../src/sim/storage/store-error.ts'
import { testSimulator } from '../support/simulator.ts'

const path = '/openai/deployments/gpt-4o/chat/completions'
const address = `${path}?api-version=2024-10-21`
const question = (content: string) => ({ messages: [{ role: 'user', content }] })

const answerOf = (content: string) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 0,
  model: 'gpt-4o',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 8, completion_tokens: 3, total_tokens: 11 },
})

/** What the control API answers here. */
type Told = {
  recordings: { name: string; bytes: number }[]
  count: number
  document: string
  problems: string[]
  nearest: { name: string; difference: string; differences: unknown[] }
  error: { code: string; message: string; details: unknown[] }
}
type Listed = { requests: { id: string }[] }
const toldBy = async (answer: Response) => (await answer.json()) as Told

/** In replay mode, with one recording. */
async function replaying(input: Record<string, unknown> = {}) {
  const recordings = createRecordings({ store: memoryStore(), clock: manualClock() })
  const bytes = Buffer.from(JSON.stringify(question('Why do ships float?')))
  await recordings.add(
    {
      request: {
        method: 'POST',
        path,
        query: { 'api-version': '2024-10-21' },
        contentType: 'application/json',
        body: { kind: 'json', value: question('Why do ships float?'), text: bytes.toString() },
      },
      response: {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: { kind: 'json', value: answerOf('They push water away.') },
      },
      durationMs: 10,
      usage: { promptTokens: 8, completionTokens: 3 },
      recordedAt: '2026-01-31T12:00:00.000Z',
    },
    { method: 'POST', path, contentType: 'application/json', bytes },
  )
  const simulator = testSimulator({ mode: 'replay', ...input }, { recordings })
  const ask = async (content: string) => {
    const answer = await simulator.post(address, question(content))
    return { status: answer.status, body: (await answer.json()) as ReturnType<typeof answerOf> }
  }
  const get = async (where: string) => {
    const answer = await simulator.request(`/++/recordings${where}`)
    return { status: answer.status, etag: answer.headers.get('etag'), body: await toldBy(answer) }
  }
  const { name } = (await get('')).body.recordings[0]!
  const put = async (document: string, headers: Record<string, string> = {}, at = name) => {
    const answer = await simulator.request(`/++/recordings/${at}`, { method: 'PUT', body: document, headers })
    return { status: answer.status, body: await toldBy(answer) }
  }
  const remove = (at = name) => simulator.request(`/++/recordings/${at}`, { method: 'DELETE' })
  return { simulator, ask, get, put, remove, name }
}

describe('/++/recordings', () => {
  it('lists documents, and finds them by their names and by what is in them', async () => {
    const { get, name } = await replaying()
    expect((await get('')).body).toEqual({
      place: 'memory',
      recordings: [{ name, bytes: expect.any(Number) as number }],
      count: 1,
      isPartial: false,
    })
    expect((await get('?search=gpt-4o')).body.count).toBe(1)
    expect((await get('?search=push%20WATER')).body.count).toBe(1)
    expect((await get('?search=/wat.r/')).body.count).toBe(1)
    expect((await get('?search=whales')).body.count).toBe(0)
    expect((await get('?skip=1')).body).toMatchObject({ recordings: [], count: 1 })
    expect((await get('?limit=lots')).status).toBe(400)
    expect((await get('?serch=x')).status).toBe(400)
  })

  it('gives a document, takes it back edited, and the next answer has the edit', async () => {
    const { get, put, ask, name } = await replaying()
    expect((await ask('Why do ships float?')).body.choices[0]?.message.content).toBe('They push water away.')
    const read = await get(`/${name}`)
    expect(read.body).toMatchObject({ name, problems: [] })
    const document = read.body.document.replace('They push water away.', 'Magic.')
    expect((await put(document, { 'if-match': read.etag! })).status).toBe(200)
    expect((await ask('Why do ships float?')).body.choices[0]?.message.content).toBe('Magic.')
    // Somebody else edits what was read before that.
    const late = await put(document, { 'if-match': read.etag! })
    expect([late.status, late.body.error.code]).toEqual([409, 'RecordingConflict'])
  })

  it('refuses a bad document with every problem, and leaves the one that is there', async () => {
    const { get, put, name } = await replaying()
    const before = await get(`/${name}`)
    const bad = 'version: 2\ndurationMs: -5\nrequest:\n  method: POST\nresponse:\n  status: 99\n  text: [1]\n'
    const answer = await put(bad)
    expect([answer.status, answer.body]).toEqual([
      400,
      {
        error: {
          code: 'InvalidRecording',
          message: 'The recording was not written: there are 4 problems, listed in details.',
          details: [
            { path: 'response.status', message: 'found 99, allowed: a whole number from 200 to 599' },
            { path: 'response.text', message: 'found [1], allowed: a text' },
            { path: 'durationMs', message: 'found -5, allowed: a number that is not negative' },
            { path: 'request.path', message: 'is missing' },
          ],
        },
      },
    ])
    expect((await put('a: [')).body.error.details).toHaveLength(1)
    expect((await put('- 1')).body.error.details).toHaveLength(1)
    expect((await put('version: 2')).body.error.details).toEqual([
      { path: 'request', message: 'is missing' },
      { path: 'response', message: 'is missing' },
    ])
    const withFile =
      'version: 2\nrequest: { method: POST, path: / }\nresponse: { file: { name: ../../x }, events: 3 }\n'
    expect((await put(withFile)).body.error.details).toHaveLength(2)
    expect((await get(`/${name}`)).body).toEqual(before.body)
  })

  it('writes a document that was not there, and deletes one, after which a request misses', async () => {
    const { get, put, remove, ask, name } = await replaying()
    const { document } = (await get(`/${name}`)).body
    const other = name.replace(/[^/]+$/, 'mine.yaml')
    expect((await put(document, {}, other)).status).toBe(201)
    expect((await get('')).body.count).toBe(2)
    expect((await remove(other)).status).toBe(200)
    expect((await remove(other)).status).toBe(404)
    expect((await ask('Why do ships float?')).status).toBe(200)
    expect((await remove()).status).toBe(200)
    expect((await ask('Why do ships float?')).status).toBe(404)
    expect((await get(`/${name}`)).status).toBe(404)
  })

  it('takes no name that leads elsewhere', async () => {
    const { put, get } = await replaying()
    for (const name of ['..%2F..%2Fetc%2Fpasswd.yaml', 'a%5Cb.yaml', '.hidden.yaml', 'note.txt', '%E0%A4%A.yaml']) {
      expect([name, (await put('version: 2', {}, name)).status]).toEqual([name, 400])
      expect([name, (await get(`/${name}`)).status]).toEqual([name, 404])
    }
  })

  it('tells all places where a request that was missed differs from the nearest recording', async () => {
    const { simulator, ask, name } = await replaying({ journal: { bodies: 'on' } })
    expect((await ask('Why do planes float?')).status).toBe(404)
    const { requests } = (await (await simulator.request('/++/requests')).json()) as Listed
    const nearest = async (body: unknown) => {
      const answer = await simulator.post('/++/recordings/nearest', body)
      return { status: answer.status, body: await toldBy(answer) }
    }
    const byId = await nearest({ request: requests[0]!.id })
    expect(byId.body.nearest).toEqual({
      name,
      difference: 'messages[0].content',
      differences: [{ path: 'messages[0].content', sought: 'Why do planes float?', recorded: 'Why do ships float?' }],
    })
    const asked = await nearest({ path, body: { ...question('Why do ships float?'), temperature: 0, seed: 7 } })
    expect(asked.body.nearest.differences).toEqual([
      { path: 'temperature', sought: 0 },
      { path: 'seed', sought: 7 },
    ])
    expect((await nearest({ request: 'nobody' })).status).toBe(404)
    expect((await nearest({ path: 3 })).status).toBe(400)
  })

  it('says that the body of a request was not kept', async () => {
    const { simulator, ask } = await replaying()
    await ask('Why do planes float?')
    const { requests } = (await (await simulator.request('/++/requests')).json()) as Listed
    const answer = await simulator.post('/++/recordings/nearest', { request: requests[0]!.id })
    expect([answer.status, (await toldBy(answer)).error.code]).toEqual([409, 'BodyNotKept'])
  })

  it('needs the key of the process, and speaks of no single resource', async () => {
    const { simulator } = await replaying({ resources: { other: { apiKeys: ['its-key'] } } })
    const status = async (where: string, key: string) =>
      (await simulator.request(where, { headers: { 'api-key': key } })).status
    expect(await status('/++/recordings', 'wrong')).toBe(401)
    expect(await status('/++/recordings', 'its-key')).toBe(401)
    expect(await status('/resources/other/++/recordings', 'its-key')).toBe(404)
  })
})

it('is a 503 to come back after where the recordings are out of reach', async () => {
  const store = {
    ...memoryStore(),
    create: () => Promise.reject(new StoreError('away')),
    read: () => Promise.reject(new StoreError('away')),
    list: () => {
      throw new StoreError('away')
    },
  }
  const recordings = createRecordings({ store, clock: manualClock() })
  const { request } = testSimulator({ mode: 'replay' }, { recordings })
  for (const path of ['/++/recordings', '/++/recordings/a.yaml']) {
    const answer = await request(path)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('2')
    expect(await answer.json()).toEqual({
      error: { code: 'RecordingsUnavailable', message: 'The recordings are out of reach: away' },
    })
  }
  const recording = testSimulator(
    { mode: 'record', forward: { endpoint: 'http://127.0.0.1:9', key: 'k' } },
    {
      recordings: { ...recordings, save: () => Promise.reject(new StoreError('away')) },
    },
  )
  const saved = await recording.post('/++/save-recordings', {})
  expect([saved.status, saved.headers.get('retry-after')]).toEqual([503, '2'])
  expect(await saved.json()).toEqual({
    error: { code: 'RecordingsUnavailable', message: 'The recordings were not saved: away' },
  })
})
