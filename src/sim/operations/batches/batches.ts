import * as z from 'zod'
import { BoundedStore } from '../../base/bounded-store.ts'
import { invalidBody, invalidValue } from '../../errors.ts'
import { batchNotCancellable, batchNotFound, fileNotFound } from '../../errors/stored.ts'
import { parseJsonObject } from '../../http/body.ts'
import { integer, parseBody } from '../../http/validate.ts'
import type { AnyCall, LiveResource, ResourceOperation } from '../../operation.ts'
import { BatchJob } from './job.ts'
import { endpointOf } from './lines.ts'
import { optional } from '../parts/body-fields.ts'
import { jsonPlan } from '../parts/whole-plan.ts'
import { listOf, pageOf } from '../parts/page.ts'
import { storedFiles } from '../../kept/stored-files.ts'
import { workQueue } from './work-queue.ts'

/** For `resource.shelf`. */
const batchJobs = ({ clock, config }: LiveResource) =>
  new BoundedStore<BatchJob>(clock, () => {
    const { maxBatches, lifetimeMs } = config().batches
    return { maxEntries: maxBatches, maxBytes: Infinity, lifetimeMs }
  })

/** How many batches are on their way at once, each with its input and its output in memory; others wait, validating. */
const maxAtOnce = 4

/** For `resource.shelf`. What waits longer than the store remembers it has nobody to wait for it. */
const batchQueue = ({ config }: LiveResource) => workQueue(maxAtOnce, () => config().batches.maxBatches)

const jobsOf = ({ resource }: AnyCall) => resource.shelf(batchJobs)

const of = { backEnd: 'batches' } as const

/** A file that is not there yet is an empty id; unset with the first version (recorded August 2024). */
function told(job: BatchJob, { apiVersion }: AnyCall) {
  const described = job.describe()
  if (apiVersion !== since.version) return described
  const { error_file_id: errors, output_file_id: output } = described
  return { ...described, error_file_id: errors || null, output_file_id: output || null }
}
const since = { version: '2024-07-01-preview' }

export const batchCreate: ResourceOperation = {
  scope: 'resource',
  backEnd: 'batches',
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
    const job = new BatchJob(call.resource.live, order, input.id)
    jobsOf(call).put(job.id, job, 0)
    call.resource.shelf(batchQueue)(() => job.run())
    return jsonPlan(told(job, call), { backEnd: 'newBatches' })
  },
}

export const batchList: ResourceOperation = {
  scope: 'resource',
  backEnd: 'batches',
  name: 'Batches_List',
  method: 'GET',
  path: '/batches',
  since,
  answer: (call) => {
    const jobs = jobsOf(call)
      .entries()
      .map(([, job]) => job)
    const page = pageOf(jobs, call.wire.target.query, { usual: 20, max: 100 })
    return jsonPlan(
      listOf(page, (job) => told(job, call)),
      of,
    )
  },
}

export const batchGet: ResourceOperation = {
  scope: 'resource',
  backEnd: 'batches',
  name: 'Batches_Get',
  method: 'GET',
  path: '/batches/{batch}',
  since,
  answer: (call) => jsonPlan(told(found(call), call), of),
}

export const batchCancel: ResourceOperation = {
  scope: 'resource',
  backEnd: 'batches',
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
