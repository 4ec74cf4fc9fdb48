/** Jobs of fine-tuning by the clock, through the SDK (recorded December 2024 to March 2026). */
import { toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const lines = Array.from({ length: 10 }, (_, at) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: `${at}` },
      { role: 'assistant', content: 'yes' },
    ],
  }),
).join('\n')

async function start(more = {}) {
  const clock = manualClock(1_000_000)
  const simulator = testSimulator({}, { clock })
  const client = simulator.v1()
  const file = await toFile(Buffer.from(lines), 'train.jsonl', { type: 'application/jsonl' })
  const { id } = await client.files.create({ purpose: 'fine-tune', file })
  clock.advance(1_000)
  const job = await client.fineTuning.jobs.create({ model: 'gpt-4.1', training_file: id, ...more })
  return { clock, client, job, file: id, jobs: client.fineTuning.jobs, simulator }
}

describe('a job of fine-tuning', () => {
  it('waits, runs and succeeds, with events, checkpoints and a file of results', async () => {
    const { clock, client, job, jobs, file } = await start({ suffix: 'mine', method: { type: 'supervised' } })
    expect(job).toMatchObject({
      id: expect.stringMatching(/^ftjob-[0-9a-f]{32}$/) as string,
      status: 'pending',
      model: 'gpt-4.1-2025-04-14',
      hyperparameters: { n_epochs: -1, batch_size: -1, learning_rate_multiplier: 1 },
      training_file: file,
    })
    expect(Object.values(job)).not.toContain(null)
    clock.advance(500)
    expect(await jobs.retrieve(job.id)).toMatchObject({
      status: 'running',
      hyperparameters: { n_epochs: -1, batch_size: -1 },
    })
    clock.advance(5_000)
    const done = await jobs.retrieve(job.id)
    expect(done).toMatchObject({
      status: 'succeeded',
      hyperparameters: { n_epochs: 10, batch_size: 1 },
      fine_tuned_model: expect.stringMatching(/^gpt-4\.1-2025-04-14\.ft-[0-9a-f]{32}-mine$/) as string,
      finished_at: 1_006,
    })
    expect(await (await client.files.content(done.result_files[0]!)).text()).toMatch(/^step,train_loss/)
    const messages: string[] = []
    for await (const event of jobs.listEvents(job.id, { limit: 2 })) messages.push(event.message)
    expect(messages.slice(0, 2)).toEqual([`Training tokens billed: ${done.trained_tokens}`, 'Job succeeded.'])
    expect(messages.at(-1)).toBe('Job enqueued. Waiting for jobs ahead to complete.')
    const { data } = await jobs.checkpoints.list(job.id)
    expect(data.map((one) => one.step_number)).toEqual([100, 90, 80])
    expect(data[0]!.fine_tuned_model_checkpoint).toBe(done.fine_tuned_model)
    expect(data[1]!.fine_tuned_model_checkpoint).toBe(`${done.fine_tuned_model}:ckpt-step-90`)
    expect((await jobs.list()).data.map(({ id }) => id)).toEqual([job.id])
  })

  it('pauses, resumes and is cancelled, and no more when it has ended', async () => {
    const { clock, client, job, jobs } = await start()
    await expect(jobs.pause(job.id)).rejects.toMatchObject({ status: 400 })
    clock.advance(2_500)
    const open = { n_epochs: -1, batch_size: -1 }
    expect(await jobs.pause(job.id)).toMatchObject({ status: 'pausing', hyperparameters: open })
    clock.advance(60_000)
    const paused = await jobs.retrieve(job.id)
    expect(paused).toMatchObject({ status: 'paused', hyperparameters: { n_epochs: 10, batch_size: 1 } })
    const results = await (await client.files.content(paused.result_files[0]!)).text()
    expect(results.trim().split('\n')).toHaveLength(1 + 40)
    expect((await jobs.resume(job.id)).status).toBe('resuming')
    clock.advance(500)
    expect((await jobs.retrieve(job.id)).status).toBe('running')
    clock.advance(2_000)
    expect((await jobs.cancel(job.id)).status).toBe('cancelled')
    clock.advance(60_000)
    expect((await jobs.retrieve(job.id)).status).toBe('cancelled')
    await expect(jobs.cancel(job.id)).rejects.toMatchObject({ status: 400 })
  })

  it('fails where there is nothing to train with, and is gone when it is deleted', async () => {
    const { clock, jobs, simulator } = await start()
    const job = await jobs.create({ model: 'gpt-4.1', training_file: 'file-none' })
    clock.advance(10_000)
    expect(await jobs.retrieve(job.id)).toMatchObject({ status: 'failed', error: { param: 'training_file' } })
    const path = `/openai/fine_tuning/jobs/${job.id}?api-version=2025-04-01-preview`
    const deleted = await simulator.request(path, { method: 'DELETE' })
    expect([deleted.status, await deleted.text()]).toEqual([204, ''])
    const gone = await simulator.request(path)
    expect([gone.status, await gone.json()]).toEqual([
      404,
      { error: { code: 'notFound', message: 'The specified entity cannot be found.' } },
    ])
  })
})
