import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

describe('A video', () => {
  it('is queued, made and fetched, and remixed', async () => {
    const clock = manualClock()
    const client = testSimulator({ jobs: { queueTime: '1s', runTime: '10s' } }, { clock }).v1()
    const made = await client.videos.create({ model: 'sora-2', prompt: 'A cat on a piano', seconds: '8' })
    expect(made).toMatchObject({
      id: expect.stringMatching(/^video_[0-9a-f]{32}$/) as string,
      object: 'video',
      status: 'queued',
      model: 'sora-2',
      progress: 0,
      seconds: '8',
      size: '720x1280',
      completed_at: null,
      error: null,
      remixed_from_video_id: null,
    })
    await expect(client.videos.downloadContent(made.id)).rejects.toMatchObject({ status: 400 })
    clock.advance(6_000)
    expect(await client.videos.retrieve(made.id)).toMatchObject({ status: 'in_progress', progress: 50 })
    clock.advance(6_000)
    expect(await client.videos.retrieve(made.id)).toMatchObject({ status: 'completed', progress: 100 })
    const film = Buffer.from(await (await client.videos.downloadContent(made.id)).arrayBuffer())
    expect(film.toString('latin1', 4, 12)).toBe('ftypisom')
    const at = film.indexOf('mvhd') + 4
    expect(film.readUInt32BE(at + 16) / film.readUInt32BE(at + 12)).toBe(8)
    const odd = client.videos.downloadContent(made.id, { variant: 'poster' as never })
    await expect(odd).rejects.toMatchObject({ status: 400, param: 'variant' })
    const remix = await client.videos.remix(made.id, { prompt: 'And a dog' })
    expect(remix).toMatchObject({ remixed_from_video_id: made.id, seconds: '8', status: 'queued' })
    expect((await client.videos.list()).data.map(({ id }) => id)).toEqual([remix.id, made.id])
    expect(await client.videos.delete(made.id)).toEqual({ id: made.id, object: 'video.deleted', deleted: true })
    await expect(client.videos.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it('is made by a model that makes videos, of a length and a size that there are', async () => {
    const sim = testSimulator()
    for (const body of [
      { model: 'gpt-4.1-mini', prompt: 'x' },
      { model: 'sora-2', prompt: 'x', seconds: '7' },
      { model: 'sora-2', prompt: 'x', size: '10x10' },
      { model: 'sora-2' },
    ])
      expect((await sim.post('/openai/v1/videos', body)).status).toBe(400)
  })
})
