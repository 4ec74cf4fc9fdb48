import { afterAll, describe, expect, it } from 'vitest'
import { toFile } from 'openai'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator({ files: { processTime: '0ms' } })
const azure = simulator.azure()
const v1 = simulator.v1()
const version = '?api-version=2024-10-21'
const textFile = (text: string, name = 'notes.jsonl') => toFile(Buffer.from(text), name)

describe.each([
  ['azure', azure],
  ['v1', v1],
] as const)('a file, by the official client (%s)', (_, client) => {
  it('comes back as it was uploaded, and is gone when it was deleted', async () => {
    const bytes = Buffer.from([0, 1, 2, 250, 251, 10, 13, 0])
    const made = await client.files.create({ purpose: 'assistants', file: await toFile(bytes, 'naïve "x".bin') })
    expect(made).toMatchObject({
      object: 'file',
      bytes: 8,
      purpose: 'assistants',
      status: 'processed',
      expires_at: null,
    })
    expect(made.id).toMatch(/^assistant-[0-9A-Za-z]{22}$/)
    expect(made.filename).toBe('naïve "x".bin')
    expect(await client.files.retrieve(made.id)).toEqual(made)
    expect(await client.files.waitForProcessing(made.id)).toEqual(made)
    const content = await client.files.content(made.id)
    expect(Buffer.from(await content.arrayBuffer())).toEqual(bytes)
    expect(await client.files.delete(made.id)).toEqual({ id: made.id, object: 'file', deleted: true })
    await expect(client.files.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
    await expect(client.files.content(made.id)).rejects.toMatchObject({ status: 404 })
    await expect(client.files.delete(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it('may have a name that is empty (recorded September 2024)', async () => {
    const form = new FormData()
    form.set('purpose', 'assistants')
    form.set('file', new Blob([new Uint8Array([250, 0, 255])]), '')
    const path = client === v1 ? '/openai/v1/files' : `/openai/files${version}`
    const made = await simulator.request(path, { method: 'POST', body: form })
    expect(made.status).toBe(200)
    expect(await made.json()).toMatchObject({ filename: '', bytes: 3, status: 'processed' })
  })

  it('is listed by its purpose, newest first', async () => {
    const first = await client.files.create({ purpose: 'user_data', file: await textFile('one') })
    const second = await client.files.create({ purpose: 'user_data', file: await textFile('two') })
    await client.files.create({ purpose: 'evals', file: await textFile('three') })
    const ids: string[] = []
    for await (const { id } of client.files.list({ purpose: 'user_data', limit: 1 })) ids.push(id)
    expect(ids.slice(0, 2)).toEqual([second.id, first.id])
  })
})

describe('a file', () => {
  it('is found from a side of the list that is asked for, on v1', async () => {
    const client = testSimulator().v1()
    const add = async () => (await client.files.create({ purpose: 'batch', file: await textFile('x') })).id
    const [first, second, third] = [await add(), await add(), await add()]
    const page = await client.files.list({ order: 'asc', after: first, limit: 1 })
    expect(page.data.map(({ id }) => id)).toEqual([second])
    expect(page.has_more).toBe(true)
    expect((await client.files.list({ after: second })).data.map(({ id }) => id)).toEqual([first])
    expect((await client.files.list()).data[0]?.id).toBe(third)
    await expect(client.files.list({ order: 'up' as 'asc' })).rejects.toMatchObject({ status: 400, param: 'order' })
  })

  const formOf = (fields: Record<string, string | File>) => {
    const body = new FormData()
    for (const [name, value] of Object.entries(fields)) body.set(name, value)
    return { method: 'POST', body }
  }
  const ofBatch = () => formOf({ purpose: 'batch', file: new File(['{}'], 'x.jsonl') })

  // Recorded December 2024 to March 2026: two services behind one path, chosen by purpose.
  it.each([
    ['/openai/files', '2024-10-21'],
    ['/openai/files', '2025-04-01-preview'],
    ['/openai/v1/files', '2025-03-01-preview'],
  ])('of a batch is made with 201 and a dated address, and has the keys that it had (%s, %s)', async (path, dated) => {
    const query = path.includes('v1') ? '' : `?api-version=${dated}`
    const made = await simulator.request(path + query, ofBatch())
    expect(made.status).toBe(201)
    const file = (await made.json()) as { id: string }
    expect(Object.keys(file)).toEqual(['status', 'bytes', 'purpose', 'filename', 'id', 'created_at', 'object'])
    expect(file).toMatchObject({ status: 'processed', id: expect.stringMatching(/^file-[0-9a-f]{32}$/) as string })
    expect(made.headers.get('location')).toBe(`http://sim.test/openai/files/${file.id}?api-version=${dated}`)
    expect(made.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(made.headers.get('api-supported-versions')).toMatch(/^2022-12-01,2023-03-15-preview,2023-05-15,/)
    expect(made.headers.get('x-ms-middleware-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(made.headers.get('x-request-id')).toBeNull()
  })

  it.each(['/openai/files?api-version=2024-10-21', '/openai/v1/files'])(
    'of assistants is made with 200, pretty-printed with a newline (%s)',
    async (path) => {
      const made = await simulator.request(path, formOf({ purpose: 'assistants', file: new File(['hello'], 'x.txt') }))
      expect(made.status).toBe(200)
      const text = await made.text()
      const file = JSON.parse(text) as object
      expect(text).toBe(`${JSON.stringify(file, undefined, 2)}\n`)
      expect(Object.keys(file).join()).toBe(
        'object,id,purpose,filename,bytes,created_at,expires_at,status,status_details',
      )
      expect(made.headers.get('location')).toBeNull()
      expect(made.headers.get('openai-version')).toBe('2020-10-01')
      expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
      const again = await simulator.request(path, { headers: { 'x-ms-client-request-id': 'mine' } })
      // Until December 2024 it was given back.
      expect(again.headers.get('x-ms-client-request-id')).toBe(path.includes('v1') ? null : 'mine')
    },
  )

  it('that a model is tuned with is pending until it has been looked through, by the clock', async () => {
    const clock = manualClock(1_800_000_000_000)
    const slow = testSimulator({ files: { processTime: '3s' } }, { clock })
    const { id, status } = await slow.azure().files.create({ purpose: 'fine-tune', file: await textFile('{}') })
    expect(status).toBe('pending')
    expect((await slow.azure().files.retrieve(id)).status).toBe('pending')
    clock.advance(3_000)
    expect((await slow.azure().files.retrieve(id)).status).toBe('processed')
  })

  // Recorded January 2025.
  it('that a model cannot be tuned with has its fault first, once it has been looked through', async () => {
    const { id } = await azure.files.create({ purpose: 'fine-tune', file: await textFile('{}\nno JSON') })
    const found = await azure.files.retrieve(id)
    expect(Object.keys(found)[0]).toBe('status_details')
    expect(found).toMatchObject({
      status: 'error',
      status_details: 'Validation of jsonl file failed: Deserialization of line #1 failed.',
    })
  })

  // Recorded January and April 2025.
  it('that is gone is deleted again without an error, unless it was of assistants', async () => {
    const { id } = await azure.files.create({ purpose: 'batch', file: await textFile('{}') })
    await azure.files.delete(id)
    expect(await azure.files.delete(id)).toEqual({ object: 'file', deleted: false, id })
    const gone = await simulator.request(`/openai/files/${id}${version}`, {})
    expect([gone.status, await gone.text()]).toEqual([
      404,
      '{\n  "error": {\n    "code": "notFound",\n    "message": "The specified entity cannot be found."\n  }\n}',
    ])
    const other = await simulator.request(`/openai/files/assistant-x${version}`, { method: 'DELETE' })
    expect([other.status, await other.text()]).toEqual([
      404,
      `${JSON.stringify({ error: { message: 'No such File object: assistant-x', type: 'invalid_request_error', param: 'id', code: null } }, undefined, 2)}\n`,
    ])
    expect(other.headers.get('access-control-allow-origin')).toBe('*')
  })

  it('is listed with every other one, in one order of keys, and the dated list comes to an end', async () => {
    const own = testSimulator()
    const client = own.azure()
    for (const purpose of ['batch', 'assistants'] as const)
      await client.files.create({ purpose, file: await textFile('x') })
    const list = (await (await own.request(`/openai/files${version}`, {})).json()) as { data: { id: string }[] }
    expect(Object.keys(list)).toEqual(['object', 'data'])
    for (const file of list.data)
      expect(Object.keys(file).join()).toBe(
        'object,id,purpose,filename,bytes,created_at,expires_at,status,status_details',
      )
    // As clients page that know of no end but an empty page.
    const after = async (id: string | undefined) =>
      ((await (await own.request(`/openai/files${version}&after=${id}`, {})).json()) as typeof list).data
    expect(await after(list.data[0]?.id)).toEqual(list.data.slice(1))
    expect(await after(list.data[1]?.id)).toEqual([])
    expect(await after('file-unknown')).toEqual([])
    const v1Page = await own.v1().files.list()
    expect(Object.keys((await (await own.request('/openai/v1/files', {})).json()) as object)).toEqual([
      'object',
      'data',
      'has_more',
      'first_id',
      'last_id',
    ])
    expect(v1Page.data).toHaveLength(2)
  })

  // Recorded January 2025 and March 2026.
  it('is sent with both forms of its name', async () => {
    const content = async (name: string) => {
      const { id } = await azure.files.create({ purpose: 'batch', file: await textFile('{}', name) })
      return (await azure.files.content(id)).headers.get('content-disposition')
    }
    expect(await content('a.jsonl')).toBe("attachment; filename=a.jsonl; filename*=UTF-8''a.jsonl")
    expect(await content('é b.jsonl')).toBe(`attachment; filename="_ b.jsonl"; filename*=UTF-8''%C3%A9%20b.jsonl`)
  })

  // The form is that of several clients: with brackets (Node), with a dot (.NET), as JSON in one part.
  it.each([
    { 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '1209600' },
    { 'expires_after.anchor': 'created_at', 'expires_after.seconds': '1209600' },
    { expires_after: '{"anchor":"created_at","seconds":1209600}' },
  ])('expires by every way of saying so, or says that it cannot: %j', async (fields) => {
    const clock = manualClock(1_800_000_000_000)
    const own = testSimulator({}, { clock })
    const send = (path: string) =>
      own.request(path, formOf({ purpose: 'batch', file: new File(['{}'], 'x.jsonl'), ...fields }))
    for (const path of ['/openai/files?api-version=2025-03-01-preview', '/openai/v1/files'])
      expect(await (await send(path)).json()).toMatchObject({ expires_at: 1_801_209_600 })
    const old = await send('/openai/files?api-version=2024-10-21')
    expect(old.status).toBe(400)
    expect(await old.text()).toContain("Additional properties are not allowed ('expires_after' was unexpected)")
  })

  it.each([
    { 'expires_after[days]': '1' },
    { "expires_after['anchor']": 'created_at', "expires_after['seconds']": '3600' },
    { 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '3600', 'expires_after[days]': '1' },
    { 'expires_after.seconds': 'soon', 'expires_after.anchor': 'created_at' },
    { expires_after: '{"seconds":1209600}' },
    { expires_after: 'tomorrow' },
    { expires_after: '{"anchor":"created_at","seconds":60}' },
  ])('is refused where it is not known when it is to expire: %j', async (fields) => {
    const file = new File(['{}'], 'x.jsonl')
    expect((await simulator.request('/openai/v1/files', formOf({ purpose: 'batch', file, ...fields }))).status).toBe(
      400,
    )
  })

  // Quoted by users, February to October 2024: the layout by a user of June 2024, 119 bytes.
  it('is refused in words of its own where its purpose, its type or its name will not do', async () => {
    const send = async (fields: Record<string, string | File>) => {
      const answer = await simulator.request(`/openai/files${version}`, formOf(fields))
      return [answer.status, ((await answer.json()) as { error: object }).error]
    }
    const payload = (message: string) => [400, { code: 'invalidPayload', message }]
    const file = new File(['{}'], 'x.jsonl')
    expect(await send({ purpose: 'bogus', file })).toEqual(payload('Invalid value for purpose.'))
    expect(await send({ file })).toEqual(payload('Invalid value for purpose.'))
    expect(await send({ purpose: 'fine-tune', file: new File(['x'], 'x.pdf') })).toEqual(
      payload('fileName contains an invalid filename: wrong suffix.'),
    )
    const untyped = await simulator.request(`/openai/files${version}`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: '--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="x.jsonl"\r\n\r\n{}\r\n--b--\r\n',
    })
    expect(untyped.headers.get('content-length')).toBe('119')
    expect(await untyped.json()).toEqual({
      error: { code: 'invalidPayload', message: 'The file has no or an empty content type specified.' },
    })
  })

  it('expires when that was asked for', async () => {
    const clock = manualClock(1_800_000_000_000)
    const client = testSimulator({}, { clock }).v1()
    const file = await textFile('x')
    const made = await client.files.create({
      purpose: 'batch',
      file,
      expires_after: { anchor: 'created_at', seconds: 3_600 },
    })
    expect(made.expires_at).toBe(1_800_003_600)
    clock.advance(3_600_000)
    await expect(client.files.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
    expect((await client.files.list()).data).toEqual([])
  })

  it('goes when there are too many, or too much of them: the oldest first', async () => {
    const client = testSimulator({ files: { maxFiles: 3, maxBytes: 10 } }).v1()
    const add = async (text: string) => (await client.files.create({ purpose: 'batch', file: await textFile(text) })).id
    const names = async () => (await client.files.list({ order: 'asc' })).data.map(({ id }) => id)
    const [a, b, c, d] = [await add('1'), await add('2'), await add('3'), await add('4')]
    expect(await names()).toEqual([b, c, d])
    const large = await add('12345678')
    expect(await names()).toEqual([c, d, large])
    expect(a).not.toBe(b)
  })

  it('is refused where it cannot be kept at all', async () => {
    const client = testSimulator({ files: { maxBytes: 10 } }).v1()
    const upload = client.files.create({ purpose: 'batch', file: await textFile('12345678901') })
    await expect(upload).rejects.toMatchObject({ status: 413 })
  })

  it('needs a purpose, a file and a form', async () => {
    const send = (fields: Record<string, string | File>) => {
      const body = new FormData()
      for (const [name, value] of Object.entries(fields)) body.set(name, value)
      return simulator.request('/openai/v1/files', { method: 'POST', body })
    }
    const message = async (answer: Response) => ((await answer.json()) as { error: { message: string } }).error.message
    const file = new File(['x'], 'x.jsonl')
    expect(await message(await send({ purpose: 'batch' }))).toContain("'file'")
    const soon = { 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '60' }
    expect(await message(await send({ file, purpose: 'batch', ...soon }))).toContain('3600')
    const noForm = await simulator.post('/openai/v1/files', { purpose: 'batch' })
    expect(noForm.status).toBe(400)
  })
})

afterAll(() => expect(simulator.errors).toEqual([]))
