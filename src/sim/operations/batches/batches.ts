import * as z from 'zod'
import { type KeptShelf, keptShelf } from '../../base/kept-shelf.ts'
import { invalidBody, invalidValue } from '../../errors.ts'
import { batchNotCancellable, batchNotFound, fileNotFound } from '../../errors/stored.ts'
import { parseJsonObject } from '../../http/body.ts'
import { integer, parseBody } from '../../http/validate.ts'
import type { AnyCall, LiveResource, ResourceOperation } from '../../operation.ts'
import { BatchJob, type BatchState, newBatch } from './job.ts'
import { endpointOf } from './lines.ts'
import { optional, refuseManyPairs } from '../parts/body-fields.ts'
import { jsonPlan } from '../parts/whole-plan.ts'
import { listOf, pageOf } from '../parts/page.ts'
import { storedFiles } from '../../kept/stored-files.ts'
import { webhookShelf } from '../../kept/webhooks.ts'
import { workQueue } from './work-queue.ts'

/** For `resource.shelf`. What another process was running, and left, goes on here. */
const batchJobs = (live: LiveResource): KeptShelf<BatchJob> => {
  const jobs: KeptShelf<BatchJob> = keptShelf<BatchJob>({
    kind: 'batches',
    ids: /\bbatch_[0-9a-f-]{36}\b/g,
    bytesOf: () => 0,
    bounds: ({ batches: { maxBatches, lifetimeMs } }) => ({ maxEntries: maxBatches, maxBytes: Infinity, lifetimeMs }),
    encode: (job) => job.state(),
    decode: (plain) => new BatchJob(live, plain as BatchState, changed),
    needs: (job) => job.state().inputId,
    merge: (mine, theirs) => mine.metWith(theirs),
    added: (job) => {
      if (job.isLeft()) void resumed(live, job)
    },
  })(live)
  const changed = (id: string) => isChanged(jobs, id)
  return jobs
}

function isChanged(jobs: KeptShelf<BatchJob>, id: string): boolean {
  jobs.changed(id)
  return jobs.get(id) !== undefined
}

/** When what it needs is here, too. */
async function resumed(live: LiveResource, job: BatchJob): Promise<void> {
  job.takeOver()
  await live.keeping?.lookUp({
    text: job.state().inputId,
    named: [live.shelf(storedFiles).port],
    listed: [live.shelf(webhookShelf).port],
  })
  live.shelf(batchQueue)(() => job.run())
}

/** How many batches are on their way at once, each with its input and its output in memory; others wait, validating. */
const maxAtOnce = 4

/** For `resource.shelf`. What waits longer than the store remembers it has nobody to wait for it. */
const batchQueue = ({ config }: LiveResource) => workQueue(maxAtOnce, () => config().batches.maxBatches)

const jobsOf = ({ resource }: AnyCall) => resource.shelf(batchJobs)

const of = { backEnd: 'batches' } as const
const shared = { scope: 'resource', backEnd: 'batches', keeps: [batchJobs, storedFiles, webhookShelf] } as const

/** A file that is not there yet is an empty id; unset with the first version (recorded August 2024). */
function told(job: BatchJob, { apiVersion }: AnyCall) {
  const described = job.describe()
  if (apiVersion !== since.version) return described
  const { error_file_id: errors, output_file_id: output } = described
  return { ...described, error_file_id: errors || null, output_file_id: output || null }
}
const since = { version: '2024-07-01-preview' }

export const batchCreate: ResourceOperation = {
  ...shared,
  name: 'Batches_Create',
  accepts: { json: () => Create },
  method: 'POST',
  path: '/batches',
  since,
  routes: [
    { surface: 'dated', since, template: '/openai/batches' },
    { surface: 'v1', template: '/openai/v1/batches' },
    // The Node client goes there when it has been told a deployment; which one the lines say, all the same.
    { surface: 'dated', since, template: '/openai/deployments/{deployment}/batches' },
  ],
  answer: (call) => {
    const json = parseJsonObject(call.wire.bytes)
    if (!json) throw invalidBody()
    refuseManyPairs(json)
    const asked = parseBody(Create, json)
    if (!endpoints.includes(endpointOf(asked.endpoint))) throw unknownEndpoint(asked.endpoint)
    const input = call.resource.shelf(storedFiles).get(asked.input_file_id)
    if (!input) throw fileNotFound(asked.input_file_id)
    if (input.purpose !== 'batch') throw wrongPurpose(input.purpose)
    const seconds = asked.output_expires_after?.seconds
    const order = {
      endpoint: asked.endpoint,
      completionWindow: asked.completion_window,
      metadata: asked.metadata ?? null,
      outputExpiresAfterMs: seconds && seconds * 1000,
    }
    const { live } = call.resource
    const job = new BatchJob(live, newBatch(live, order, input.id), (id) => isChanged(jobsOf(call), id))
    jobsOf(call).put(job)
    job.hold()
    call.resource.shelf(batchQueue)(() => job.run())
    return jsonPlan(told(job, call), { backEnd: 'newBatches' })
  },
}

export const batchList: ResourceOperation = {
  ...shared,
  name: 'Batches_List',
  lists: [batchJobs],
  method: 'GET',
  path: '/batches',
  since,
  answer: (call) => {
    const page = pageOf(jobsOf(call).all(), call.wire.target.query, { usual: 20, max: 100 })
    return jsonPlan(
      listOf(page, (job) => told(job, call)),
      of,
    )
  },
}

export const batchGet: ResourceOperation = {
  ...shared,
  name: 'Batches_Get',
  method: 'GET',
  path: '/batches/{batch}',
  since,
  answer: (call) => jsonPlan(told(found(call), call), of),
}

export const batchCancel: ResourceOperation = {
  ...shared,
  name: 'Batches_Cancel',
  method: 'POST',
  path: '/batches/{batch}/cancel',
  since,
  answer: (call) => {
    const job = found(call)
    if (!job.cancel()) throw batchNotCancellable(job.status)
    return jsonPlan(told(job, call), of)
  },
}

function found(call: AnyCall): BatchJob {
  const id = call.match.params['batch'] ?? ''
  const job = jobsOf(call).get(id)
  if (job === undefined) throw batchNotFound(id)
  return job
}

const endpoints: readonly string[] = ['/chat/completions', '/completions', '/embeddings', '/responses']

/** Bounds of metadata, and of what expires, as the upstream API has them. */
const Create = z.object({
  input_file_id: z.string().min(1),
  endpoint: z.string().min(1),
  completion_window: z.enum(['24h']),
  metadata: optional(
    z
      .record(z.string().max(64), z.string().max(512))
      .refine((pairs) => Object.keys(pairs).length <= 16, { error: 'more than 16 pairs' }),
  ),
  output_expires_after: optional(z.object({ anchor: z.enum(['created_at']), seconds: integer(3_600, 2_592_000) })),
})

const unknownEndpoint = (endpoint: string) =>
  invalidValue(
    'endpoint',
    `Invalid value: '${endpoint}'. Supported values are: ${endpoints.map((known) => `'${known}'`).join(', ')}.`,
  )

/** A guess in the shape of its neighbours. */
const wrongPurpose = (purpose: string) =>
  invalidValue('input_file_id', `Invalid 'input_file_id': the file's purpose is '${purpose}', and must be 'batch'.`)
