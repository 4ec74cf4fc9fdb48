/** One job of fine-tuning, and what it comes to by the clock (recorded December 2024 to March 2026). */
import { keptShelf } from '../../base/kept-shelf.ts'
import { linesOf } from '../../kept/lines.ts'
import { storedFiles, toSeconds } from '../../kept/stored-files.ts'
import type { Resource } from '../../operation.ts'
import { hexText } from '../../random.ts'

export type JobStatus = 'pending' | 'running' | 'pausing' | 'paused' | 'resuming' | 'succeeded' | 'failed' | 'cancelled'

export type Hyperparameters = { n_epochs: number; batch_size: number; learning_rate_multiplier: number }

export type Job = {
  readonly id: string
  readonly createdAtMs: number
  readonly order: {
    readonly model: string
    readonly trainingFile: string
    readonly validationFile: string | undefined
    readonly suffix: string | undefined
    readonly seed: number
    readonly method: Readonly<Record<string, unknown>> | undefined
    /** What else Azure notes: the type of training and where it is deployed. */
    readonly more: Readonly<Record<string, unknown>>
  }
  hyperparameters: Hyperparameters
  status: JobStatus
  /** When it came into its state. */
  sinceMs: number
  /** How long it has run before that. */
  ranMs: number
  finishedAtMs: number | undefined
  fault: string | undefined
  /** What a pause left: a file that tells how far it came. */
  pausedFileId?: string
  /** The result: what was trained, and the file that tells of it. */
  result:
    { readonly model: string; readonly fileId: string; readonly tokens: number; readonly steps: number } | undefined
  readonly events: { readonly id: string; readonly atMs: number; readonly message: string }[]
}

/** For `resource.shelf`. */
export const jobs = keptShelf<Job>({
  kind: 'fine-tuning-jobs',
  ids: /ftjob-[0-9a-f]{32}\b/g,
  bytesOf: ({ events }) => 2_000 + 200 * events.length,
  needs: ({ order }) => order.trainingFile,
  // Each brings it to where the clock says: the one that has come further is the one that counts.
  merge: (mine, theirs) => (theirs.events.length >= mine.events.length ? theirs : mine),
})

/** Brings a job to where the clock says that it is. */
export function settled(job: Job, resource: Resource): Job {
  const { clock, config } = resource
  const nowMs = clock.now()
  const { queueTimeMs, runTimeMs } = config.jobs
  const enter = (status: JobStatus, atMs: number) => {
    job.status = status
    job.sinceMs = atMs
    resource.shelf(jobs).changed(job.id)
  }
  for (;;) {
    const waited = job.sinceMs + queueTimeMs
    if (job.status === 'pending' && nowMs >= waited) {
      begin(job, waited, resource)
      if (job.fault === undefined) enter('running', waited)
    } else if (job.status === 'pausing' && nowMs >= waited) {
      rest(job, resource)
      enter('paused', waited)
    } else if (job.status === 'resuming' && nowMs >= waited) enter('running', waited)
    else if (job.status === 'running' && nowMs >= job.sinceMs + runTimeMs - job.ranMs)
      succeed(job, job.sinceMs + runTimeMs - job.ranMs, resource)
    else return job
  }
}

/** Looks at what it is trained with. */
function begin(job: Job, atMs: number, resource: Resource): void {
  const file = resource.shelf(storedFiles).get(job.order.trainingFile)
  const fault =
    file === undefined
      ? `The training file ${job.order.trainingFile} is not there.`
      : file.purpose === 'fine-tune'
        ? file.fault
        : `The purpose of the training file is '${file.purpose}', and must be 'fine-tune'.`
  if (fault !== undefined) {
    job.fault = fault
    finish(job, 'failed', atMs)
    note(job, atMs, `Job failed. ${fault}`, resource)
    resource.shelf(jobs).changed(job.id)
    return
  }
  note(job, atMs, 'Job started.', resource)
  note(job, atMs, 'Preprocessing started.', resource)
  note(job, atMs, 'Training started.', resource)
}

/** What was left to the service is told when the job rests or has ended, and is -1 before (recorded December 2025). */
function setUp(job: Job, lines: number): void {
  const { n_epochs: epochs, batch_size: size, learning_rate_multiplier } = job.hyperparameters
  job.hyperparameters = {
    n_epochs: epochs > 0 ? epochs : Math.max(1, Math.min(10, Math.round(100 / Math.max(1, lines)))),
    batch_size: size > 0 ? size : Math.max(1, Math.round(lines / 500)),
    learning_rate_multiplier,
  }
}

/** So many steps as it takes with so many lines. */
function stepsOf(job: Job, lines: number): number {
  setUp(job, lines)
  const { n_epochs: epochs, batch_size: size } = job.hyperparameters
  return Math.max(1, Math.ceil((lines * epochs) / size))
}

/** A job that pauses has a file of results, too (recorded December 2025). */
function rest(job: Job, resource: Resource): void {
  const bytes = resource.shelf(storedFiles).get(job.order.trainingFile)?.bytes
  const share = Math.min(1, job.ranMs / Math.max(1, resource.config.jobs.runTimeMs))
  job.pausedFileId = resultsFile(Math.max(1, Math.round(share * stepsOf(job, linesIn(bytes)))), resource)
}

function resultsFile(steps: number, resource: Resource): string {
  const rows = Array.from(
    { length: Math.min(steps, maxRows) },
    (_, at) => `${at + 1},${lossAt(at + 1)},${accuracyAt(at + 1)}`,
  )
  const csv = `step,train_loss,train_mean_token_accuracy\n${rows.join('\n')}\n`
  const bytes = new TextEncoder().encode(csv)
  return resource.shelf(storedFiles).add({ bytes, filename: 'results.csv', purpose: 'fine-tune-results' }).id
}

const linesIn = (bytes: Uint8Array = new Uint8Array()) => {
  let count = 0
  for (const line of linesOf(bytes)) if (line.bytes.length > 0) count++
  return count
}

function succeed(job: Job, atMs: number, resource: Resource): void {
  const { random } = resource
  const bytes = resource.shelf(storedFiles).get(job.order.trainingFile)?.bytes
  const steps = stepsOf(job, linesIn(bytes))
  const tokens = Math.round(((bytes?.length ?? 0) * job.hyperparameters.n_epochs) / 4)
  const fileId = resultsFile(steps, resource)
  const suffix = job.order.suffix ? `-${job.order.suffix}` : ''
  job.result = { model: `${job.order.model}.ft-${hexText(random, 32)}${suffix}`, fileId, tokens, steps }
  finish(job, 'succeeded', atMs)
  note(job, atMs, 'Job succeeded.', resource)
  // The last of them (recorded April 2025).
  note(job, atMs, `Training tokens billed: ${tokens}`, resource)
  resource.shelf(jobs).changed(job.id)
}

const maxRows = 1_000
/** A curve that falls, as such curves do. */
export const lossAt = (step: number): number => Number((0.1 + 1.9 / Math.sqrt(step)).toFixed(6))
export const accuracyAt = (step: number): number => Number((1 - 0.5 / Math.sqrt(step)).toFixed(6))

export function finish(job: Job, status: JobStatus, atMs: number): void {
  job.status = status
  job.sinceMs = job.finishedAtMs = atMs
}

export const note = (job: Job, atMs: number, message: string, { random }: Pick<Resource, 'random'>): void => {
  job.events.push({ id: `ftevent-${hexText(random, 32)}`, atMs, message })
}

/** What has nothing to say is left out. */
export function toldJob(job: Job): object {
  const { order, result, finishedAtMs, fault, pausedFileId } = job
  const resultsId = result?.fileId ?? pausedFileId
  const { seed, method, more, suffix, validationFile } = order
  const { inference_configs: inference, trainingType, ...additional } = more
  return {
    hyperparameters: job.hyperparameters,
    ...additional,
    ...(suffix !== undefined && { suffix }),
    seed,
    ...(method && { method }),
    ...(trainingType !== undefined && { trainingType }),
    ...(inference !== undefined && { inference_configs: inference }),
    ...(fault !== undefined && { error: { code: 'invalidPayload', message: fault, param: 'training_file' } }),
    status: job.status,
    model: order.model,
    ...(result && { fine_tuned_model: result.model }),
    training_file: order.trainingFile,
    ...(validationFile !== undefined && { validation_file: validationFile }),
    ...(resultsId !== undefined && { result_files: [resultsId] }),
    ...(finishedAtMs !== undefined && { finished_at: toSeconds(finishedAtMs) }),
    ...(result && { trained_tokens: result.tokens }),
    // As recorded: a quarter of an hour, whatever comes of it.
    estimated_finish: toSeconds(job.createdAtMs) + 900,
    id: job.id,
    created_at: toSeconds(job.createdAtMs),
    object: 'fine_tuning.job',
  }
}
