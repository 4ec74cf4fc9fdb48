/** Uploads in parts, and containers with their files, through the SDK. */
import { toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

describe('an upload', () => {
  it('becomes the file that its parts make, in the order in which they are named', async () => {
    const client = testSimulator().v1()
    const upload = await client.uploads.create({
      filename: 'a.txt',
      purpose: 'assistants',
      bytes: 10,
      mime_type: 'text/plain',
    })
    expect(upload).toMatchObject({
      id: expect.stringMatching(/^assistant-upload_[0-9A-Za-z]{24}$/) as string,
      status: 'pending',
      expires_at: upload.created_at + 3_600,
    })
    const part = async (text: string) =>
      (await client.uploads.parts.create(upload.id, { data: await toFile(Buffer.from(text), 'blob') })).id
    const second = await part('world')
    const first = await part('hello')
    const done = await client.uploads.complete(upload.id, { part_ids: [first, second] })
    expect(done).toMatchObject({ status: 'completed', file: { filename: 'a.txt', bytes: 10, purpose: 'assistants' } })
    expect(await (await client.files.content(done.file!.id)).text()).toBe('helloworld')
    await expect(client.uploads.cancel(upload.id)).rejects.toMatchObject({ status: 400 })
  })

  it('refuses what is not as was said, and can be cancelled', async () => {
    const client = testSimulator().v1()
    const ask = { filename: 'a.txt', purpose: 'assistants' as const, bytes: 4, mime_type: 'text/plain' }
    const { id } = await client.uploads.create(ask)
    const { id: part } = await client.uploads.parts.create(id, { data: await toFile(Buffer.from('abc'), 'x') })
    await expect(client.uploads.complete(id, { part_ids: [part] })).rejects.toMatchObject({ status: 400 })
    await expect(client.uploads.complete(id, { part_ids: ['part_x'] })).rejects.toMatchObject({ status: 404 })
    expect((await client.uploads.cancel(id)).status).toBe('cancelled')
    await expect(client.uploads.cancel('assistant-upload_x')).rejects.toMatchObject({ status: 404 })
  })
})

describe('a container', () => {
  it('holds files that are put into it', async () => {
    const client = testSimulator().v1()
    const { id: fileId } = await client.files.create({
      purpose: 'assistants',
      file: await toFile(Buffer.from('a'), 'a.txt'),
    })
    const made = await client.containers.create({ name: 'mine', file_ids: [fileId] })
    expect(made).toMatchObject({
      id: expect.stringMatching(/^cntr_[0-9a-f]{48}$/) as string,
      status: 'running',
      expires_after: { anchor: 'last_active_at', minutes: 20 },
    })
    const put = await client.containers.files.create(made.id, { file: await toFile(Buffer.from('b,c'), 'b.csv') })
    expect(put).toMatchObject({ path: '/mnt/data/b.csv', bytes: 3, source: 'user', container_id: made.id })
    const { data } = await client.containers.files.list(made.id, { order: 'asc' })
    expect(data.map(({ path }) => path)).toEqual([`/mnt/data/${fileId}-a.txt`, '/mnt/data/b.csv'])
    const content = await client.containers.files.content.retrieve(put.id, { container_id: made.id })
    expect(await content.text()).toBe('b,c')
    await client.containers.files.delete(put.id, { container_id: made.id })
    await expect(client.containers.files.retrieve(put.id, { container_id: made.id })).rejects.toMatchObject({
      status: 404,
    })
    await client.containers.delete(made.id)
    await expect(client.containers.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it('is the one that code ran in', async () => {
    const client = testSimulator().v1()
    const { output } = await client.responses.create({
      model: 'gpt-4.1',
      input: 'Add some numbers.',
      tools: [{ type: 'code_interpreter', container: { type: 'auto' } }],
      tool_choice: 'required',
    })
    if (output[0]?.type !== 'code_interpreter_call') throw new Error('no code')
    expect((await client.containers.retrieve(output[0].container_id)).status).toBe('running')
    expect((await client.containers.list()).data).toHaveLength(1)
  })
})
