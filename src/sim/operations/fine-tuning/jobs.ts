/** Jobs of fine-tuning (recorded December 2024 to March 2026). */
import * as z from 'zod'
import { isObject } from '../../base/object.ts'
import { jobNotFound, notNow } from '../../errors/stored.ts'
import { originOf } from '../../http/links.ts'
import { integer, later } from '../../http/validate.ts'
import { storedFiles, toSeconds } from '../../kept/stored-files.ts'
import { findModel, modelId } from '../../models/catalogue.ts'
import { until } from '../../clock.ts'
import { hasWebhooks, sendEvent, webhookShelf } from '../../kept/webhooks.ts'
import type { AnyCall, Resource, ResourceOperation } from '../../operation.ts'
import { hexText } from '../../random.ts'
import { anything, optional } from '../parts/body-fields.ts'
import { bodyOf } from '../parts/json-body.ts'
import { type PageBounds, pageOf } from '../parts/page.ts'
import { jsonPlan, wholePlan } from '../parts/whole-plan.ts'
import { accuracyAt, finish, type Job, jobs, lossAt, note, settled, type JobStatus, toldJob } from './job.ts'

const shared = { scope: 'resource', backEnd: 'jobFiles', keeps: [jobs, storedFiles, webhookShelf] } as const

const share = () => optional(z.union([z.literal('auto'), z.number()]))
const hyperparameters = later(() =>
  z.looseObject({ n_epochs: share(), batch_size: share(), learning_rate_multiplier: share() }),
)
const creating = later(() =>
  z.looseObject({
    model: z.string().min(1),
    training_file: z.string().min(1),
    validation_file: optional(z.string()),
    suffix: optional(z.string().max(64)),
    seed: optional(integer(0)),
    hyperparameters: optional(hyperparameters()),
    method: optional(z.looseObject({ type: z.enum(['supervised', 'dpo', 'reinforcement']) })),
    trainingType: optional(z.string()),
    inference_configs: anything,
  }),
)

export const fineTuningCreate: ResourceOperation = {
  ...shared,
  name: 'FineTuningJobs_Create',
  accepts: { json: creating },
  method: 'POST',
  path: '/fine_tuning/jobs',
  answer: (call) => {
    const { resource } = call
    const asked = bodyOf(creating(), call)
    const { method } = asked
    const settings = method && method[method.type]
    const own = isObject(settings) && isObject(settings['hyperparameters']) ? settings['hyperparameters'] : undefined
    const given = own ?? asked.hyperparameters ?? {}
    const number = (name: string, usual: number) => (typeof given[name] === 'number' ? given[name] : usual)
    const nowMs = resource.clock.now()
    const job: Job = {
      id: `ftjob-${hexText(resource.random, 32)}`,
      createdAtMs: nowMs,
      order: {
        model: modelTold(asked.model),
        trainingFile: asked.training_file,
        validationFile: asked.validation_file ?? undefined,
        suffix: asked.suffix ?? undefined,
        seed: asked.seed ?? resource.random.uint32() >>> 1,
        method: method ? (own && Object.keys(own).length > 0 ? method : { type: method.type }) : undefined,
        more: moreOf(call, asked),
      },
      hyperparameters: {
        n_epochs: number('n_epochs', -1),
        batch_size: number('batch_size', -1),
        learning_rate_multiplier: number('learning_rate_multiplier', 1),
      },
      status: 'pending',
      sinceMs: nowMs,
      ranMs: 0,
      finishedAtMs: undefined,
      fault: undefined,
      result: undefined,
      events: [],
    }
    note(job, nowMs, 'Job enqueued. Waiting for jobs ahead to complete.', resource)
    resource.shelf(jobs).put(job)
    if (hasWebhooks(resource)) void tellOfEnd(job, resource)
    const version = call.match.surface === 'dated' ? call.apiVersion : '1'
    const location = `${originOf(call.wire)}/openai/fine_tuning/${job.id}?api-version=${version}`
    return jsonPlan(toldJob(job), { status: 201, headers: { location }, backEnd: 'jobFiles' })
  },
}

/** The model's id with its version; a tuned or an unknown model keeps the name that the client gave. */
function modelTold(name: string): string {
  const model = findModel(name)
  return model && !name.includes('.ft-') ? modelId(model) : name
}

/** `trainingType` is in the answer if the client sent one, and always on v1. */
function moreOf({ match }: AnyCall, asked: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const named = asked['trainingType']
  if (typeof named !== 'string' && match.surface === 'dated') return {}
  const type = typeof named === 'string' ? named : 'standard'
  const inference = asked['inference_configs']
  return {
    additionalParameters: { completionOverride: 'True' },
    trainingType: type.slice(0, 1).toLowerCase() + type.slice(1),
    ...(isObject(inference) && {
      inference_configs: { ...inference, ...(inference['inference_sku'] === 0 && { inference_sku: 'developerTier' }) },
    }),
  }
}

const bounds: PageBounds = { usual: 20, max: 100 }

function list<T extends { readonly id: string }>(call: AnyCall, all: readonly T[], told: (one: T) => object) {
  const { items, hasMore } = pageOf(all, call.wire.target.query, bounds)
  return jsonPlan({ has_more: hasMore, data: items.map(told), object: 'list' }, { backEnd: 'jobFiles' })
}

export const fineTuningList: ResourceOperation = {
  ...shared,
  name: 'FineTuningJobs_List',
  lists: [jobs],
  method: 'GET',
  path: '/fine_tuning/jobs',
  answer: (call) => list(call, call.resource.shelf(jobs).all(), (job) => toldJob(settled(job, call.resource))),
}

export const fineTuningGet: ResourceOperation = {
  ...shared,
  name: 'FineTuningJobs_Get',
  method: 'GET',
  path: '/fine_tuning/jobs/{job}',
  answer: (call) => plan(named(call)),
}

export const fineTuningDelete: ResourceOperation = {
  ...shared,
  name: 'FineTuningJobs_Delete',
  method: 'DELETE',
  path: '/fine_tuning/jobs/{job}',
  answer: (call) => {
    // An unknown job is not an error (recorded 2024).
    call.resource.shelf(jobs).delete(call.match.params['job'] ?? '')
    return wholePlan('', '', { status: 204, backEnd: 'jobFiles' })
  },
}

export const fineTuningCancel: ResourceOperation = {
  ...shared,
  name: 'FineTuningJobs_Cancel',
  method: 'POST',
  path: '/fine_tuning/jobs/{job}/cancel',
  answer: (call) => {
    const job = named(call)
    refuseUnless(job, 'cancel', ['pending', 'running', 'pausing', 'paused', 'resuming'])
    finish(job, 'cancelled', call.resource.clock.now())
    note(job, job.sinceMs, 'Job canceled.', call.resource)
    call.resource.shelf(jobs).changed(job.id)
    return plan(job)
  },
}

export const fineTuningPause: ResourceOperation = {
  ...shared,
  name: 'FineTuningJobs_Pause',
  method: 'POST',
  path: '/fine_tuning/jobs/{job}/pause',
  answer: (call) => {
    const job = named(call)
    refuseUnless(job, 'pause', ['running'])
    const nowMs = call.resource.clock.now()
    job.ranMs += nowMs - job.sinceMs
    return entered(job, 'pausing', call.resource)
  },
}

export const fineTuningResume: ResourceOperation = {
  ...shared,
  name: 'FineTuningJobs_Resume',
  method: 'POST',
  path: '/fine_tuning/jobs/{job}/resume',
  answer: (call) => {
    const job = named(call)
    refuseUnless(job, 'resume', ['paused'])
    return entered(job, 'resuming', call.resource)
  },
}

export const fineTuningEvents: ResourceOperation = {
  ...shared,
  name: 'FineTuningJobs_ListEvents',
  method: 'GET',
  path: '/fine_tuning/jobs/{job}/events',
  answer: (call) =>
    list(call, named(call).events, ({ id, atMs, message }) => ({
      id,
      created_at: toSeconds(atMs),
      level: 'info',
      message,
      type: 'message',
      object: 'fine_tuning.job.event',
    })),
}

export const fineTuningCheckpoints: ResourceOperation = {
  ...shared,
  name: 'FineTuningJobs_ListCheckpoints',
  method: 'GET',
  path: '/fine_tuning/jobs/{job}/checkpoints',
  answer: (call) => {
    const job = named(call)
    return list(call, checkpointsOf(job), ({ id, step, isLast }) => ({
      id,
      created_at: toSeconds(job.finishedAtMs ?? job.sinceMs),
      fine_tuned_model_checkpoint: `${job.result?.model ?? ''}${isLast ? '' : `:ckpt-step-${step}`}`,
      step_number: step,
      metrics: { step, train_loss: lossAt(step), train_mean_token_accuracy: accuracyAt(step) },
      fine_tuning_job_id: job.id,
      object: 'fine_tuning.job.checkpoint',
    }))
  },
}

/** One for each of the last epochs, oldest first. */
function checkpointsOf({ id, result, hyperparameters: { n_epochs: epochs } }: Job) {
  if (!result) return []
  const count = Math.max(1, Math.min(3, epochs))
  return Array.from({ length: count }, (_, at) => ({
    id: `ftchkpt-${id.slice('ftjob-'.length, -2)}${(at + 1).toString(16).padStart(2, '0')}`,
    step: Math.max(1, Math.round((result.steps * (epochs - count + at + 1)) / epochs)),
    isLast: at === count - 1,
  }))
}

const plan = (job: Job) => jsonPlan(toldJob(job), { backEnd: 'jobFiles' })

function entered(job: Job, status: JobStatus, { clock, shelf }: Resource) {
  job.status = status
  job.sinceMs = clock.now()
  shelf(jobs).changed(job.id)
  return plan(job)
}

function named({ match, resource }: AnyCall): Job {
  const job = resource.shelf(jobs).get(match.params['job'] ?? '')
  if (!job) throw jobNotFound()
  return settled(job, resource)
}

function refuseUnless({ status }: Job, what: string, allowed: readonly JobStatus[]): void {
  if (!allowed.includes(status)) throw notNow(`Cannot ${what} a job with status '${status}'.`, 'jobFiles')
}

/** Looks at a job, by the clock, until it has ended, and tells of that. */
async function tellOfEnd({ id }: Job, { live, clock }: Resource): Promise<void> {
  const ended: readonly JobStatus[] = ['succeeded', 'failed', 'cancelled']
  const config = live.config()
  const stepMs = Math.max(minStepMs, Math.min(config.jobs.queueTimeMs, config.jobs.runTimeMs))
  for (let job = live.shelf(jobs).get(id); job; job = live.shelf(jobs).get(id)) {
    await until(clock, clock.now() + stepMs)
    const { status } = settled(
      job,
      live.at(live.config(), () => undefined),
    )
    if (ended.includes(status)) {
      sendEvent(live, `fine_tuning.job.${status as 'succeeded' | 'failed' | 'cancelled'}`, job.id)
      return
    }
  }
}

const minStepMs = 100
