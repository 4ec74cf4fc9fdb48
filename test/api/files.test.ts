import { afterAll, describe, expect, it } from 'vitest'
import { toFile } from 'openai'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator({ files: { processTime: '0ms' } })
const azure = simulator.azure()
const v1 = simulator.v1()
const version = '?api-version=2024-10-21'
const textFile = (text: string, name = 'notes.txt') => toFile(Buffer.from(text), name)

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
    expect(made.id).toMatch(/^file-[0-9a-f]{32}$/)
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

  it('is created with 201 and its address on the dated surface, and with 200 on v1', async () => {
    const form = () => {
      const body = new FormData()
      body.set('purpose', 'batch')
      body.set('file', new File(['{}'], 'x.jsonl'))
      return { method: 'POST', body }
    }
    const dated = await simulator.request(`/openai/files${version}`, form())
    expect(dated.status).toBe(201)
    const { id } = (await dated.json()) as { id: string }
    expect(dated.headers.get('location')).toMatch(new RegExp(`/openai/files/${id}$`))
    expect((await simulator.request('/openai/v1/files', form())).status).toBe(200)
  })

  it('is pending until it has been looked through, by the clock', async () => {
    const clock = manualClock(1_800_000_000_000)
    const slow = testSimulator({ files: { processTime: '3s' } }, { clock })
    const { id, status } = await slow.azure().files.create({ purpose: 'batch', file: await textFile('{}') })
    expect(status).toBe('pending')
    clock.advance(3_000)
    expect((await slow.azure().files.retrieve(id)).status).toBe('processed')
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
    const file = new File(['x'], 'x.txt')
    expect(await message(await send({ file }))).toBe("Missing required parameter: 'purpose'.")
    expect(await message(await send({ file, purpose: 'fun' }))).toContain("Invalid value: 'fun'. Supported values are")
    expect(await message(await send({ purpose: 'batch' }))).toContain("'file'")
    const soon = { 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '60' }
    expect(await message(await send({ file, purpose: 'batch', ...soon }))).toContain('3600')
    const noForm = await simulator.post('/openai/v1/files', { purpose: 'batch' })
    expect(noForm.status).toBe(400)
  })
})

afterAll(() => expect(simulator.errors).toEqual([]))
