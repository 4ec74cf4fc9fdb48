/** One batch on its way: validating, in progress, finalizing, completed; or failed, or cancelled. */
import { until } from '../../clock.ts'
import { uuid } from '../../random.ts'
import type { LiveResource } from '../../operation.ts'
import type { SimRequest } from '../../types.ts'
import { checkInput } from './check.ts'
import { endpointOf, isLineError, type LineError, readTask, type Task } from './lines.ts'
import { linesOf } from '../../kept/lines.ts'
import { JsonLines, spaced } from './json-lines.ts'
import { type StoredFile, storedFiles, toSeconds } from '../../kept/stored-files.ts'
import { sendEvent } from '../../kept/webhooks.ts'
import { workSlices } from '../../base/work-slices.ts'

export type BatchOrder = {
  readonly endpoint: string
  readonly completionWindow: string
  readonly metadata: Readonly<Record<string, string>> | null
  readonly outputExpiresAfterMs: number | undefined
}

type Status = 'validating' | 'in_progress' | 'finalizing' | 'completed' | 'failed' | 'cancelling' | 'cancelled'

/** Statuses that an `…_at` tells the beginning of. */
type Stamp = Exclude<Status, 'validating'>

/** The one window that there is; the service aims at it, and ends no batch that takes longer. */
const windowMs = 24 * 60 * 60 * 1000

/** All that is to be known of a batch. */
export type BatchState = {
  readonly id: string
  readonly order: BatchOrder
  readonly inputId: string
  readonly createdAtMs: number
  readonly stamps: Readonly<Partial<Record<Stamp, number>>>
  readonly counts: { readonly total: number; readonly completed: number; readonly failed: number }
  readonly status: Status
  readonly errors: readonly LineError[]
  readonly outputId: string | null
  readonly errorsId: string | null
  /** Who works on it, and when that one was last heard of. */
  readonly runner: { readonly id: string; readonly atMs: number }
}

export const newBatch = ({ random, clock }: LiveResource, order: BatchOrder, inputId: string): BatchState => ({
  id: `batch_${uuid(random)}`,
  order,
  inputId,
  createdAtMs: clock.now(),
  stamps: {},
  counts: { total: 0, completed: 0, failed: 0 },
  status: 'validating',
  errors: [],
  outputId: '',
  errorsId: '',
  runner: { id: uuid(random), atMs: clock.now() },
})

/** Where a batch survives, whoever works on it is heard of that often; who is not heard of for so long has left it. */
const beatMs = 3_000
const leftMs = 10_000

export class BatchJob {
  readonly id: string
  readonly #resource: LiveResource
  readonly #changed: (id: string) => boolean
  readonly #order: BatchOrder
  readonly #inputId: string
  readonly #createdAtMs: number
  readonly #cancelling = new AbortController()
  readonly #ended = new AbortController()
  readonly #stamps: Partial<Record<Stamp, number>>
  readonly #counts: { total: number; completed: number; failed: number }
  #status: Status
  #errors: readonly LineError[]
  #outputId: string | null
  #errorsId: string | null
  #runner: BatchState['runner']
  #isRunning = false

  /** `changed` is told of each new state, and says whether the batch is still known. */
  constructor(resource: LiveResource, state: BatchState, changed: (id: string) => boolean) {
    this.id = state.id
    this.#resource = resource
    this.#changed = changed
    this.#order = state.order
    this.#inputId = state.inputId
    this.#createdAtMs = state.createdAtMs
    this.#stamps = { ...state.stamps }
    this.#counts = { ...state.counts }
    this.#status = state.status
    this.#errors = state.errors
    this.#outputId = state.outputId
    this.#errorsId = state.errorsId
    this.#runner = state.runner
    if (state.status === 'cancelling') this.#cancelling.abort()
  }

  state(): BatchState {
    return {
      id: this.id,
      order: this.#order,
      inputId: this.#inputId,
      createdAtMs: this.#createdAtMs,
      stamps: this.#stamps,
      counts: this.#counts,
      status: this.#status,
      errors: this.#errors,
      outputId: this.#outputId,
      errorsId: this.#errorsId,
      runner: this.#runner,
    }
  }

  get #isOver(): boolean {
    return this.#status === 'completed' || this.#status === 'failed' || this.#status === 'cancelled'
  }

  /** Whether whoever worked on it is there no more. */
  isLeft(): boolean {
    return !this.#isOver && !this.#isRunning && this.#resource.clock.now() - this.#runner.atMs >= leftMs
  }

  /** It is this process's work now. */
  takeOver(): void {
    this.#runner = { ...this.#runner, id: uuid(this.#resource.random) }
    this.#counts.total = this.#counts.completed = this.#counts.failed = 0
    this.hold()
  }

  /** From now on this process works on it, or will. */
  hold(): void {
    this.#isRunning = true
    if (this.#resource.keeping) void this.#beat()
  }

  /** Another process has changed it, too: whoever works on it knows best how it is, and may have been told to stop. */
  metWith(theirs: BatchJob): BatchJob {
    if (this.#isRunning && theirs.#runner.id === this.#runner.id) {
      if (theirs.#isCancelled) this.cancel()
      return this
    }
    // Somebody else has taken it over.
    if (this.#isRunning) this.#ended.abort()
    if (this.#isCancelled) theirs.cancel()
    return theirs
  }

  /** Resolves when the batch has come to its end, whichever. Never rejects. */
  async run(): Promise<void> {
    await this.#runThrough()
    if (this.#ended.signal.aborted) return
    this.#ended.abort()
    const status = this.#status
    if (status === 'completed' || status === 'failed' || status === 'cancelled')
      sendEvent(this.#resource, `batch.${status}`, this.id)
  }

  async #runThrough(): Promise<void> {
    const output = new JsonLines()
    const errors = new JsonLines()
    try {
      const input = this.#resource.shelf(storedFiles).get(this.#inputId)
      if (!input) {
        this.#fail([
          { code: 'invalid_request', message: 'The input file is not there any more.', param: null, line: null },
        ])
        return
      }
      const checked = await this.#validate(input)
      if (checked.errors.length > 0 && !this.#isCancelled) {
        this.#fail(checked.errors)
        return
      }
      if (!this.#isCancelled) await this.#answerAll(input.bytes, checked.total, { output, errors })
      await this.#finish({ output, errors })
    } catch (error) {
      this.#resource.report(error)
      this.#fail([{ code: 'internal_error', message: 'The batch failed unexpectedly.', param: null, line: null }])
    }
  }

  /** False for a batch that has come to its end. */
  cancel(): boolean {
    if (this.#status === 'cancelling') return true
    if (this.#status !== 'validating' && this.#status !== 'in_progress') return false
    this.#enter('cancelling')
    this.#cancelling.abort()
    return true
  }

  get status(): Status {
    return this.#status
  }

  /** Keys as documented (2024-10-21). */
  describe() {
    const { endpoint, completionWindow, metadata } = this.#order
    const at = (stamp: Stamp) => {
      const ms = this.#stamps[stamp]
      return ms === undefined ? null : toSeconds(ms)
    }
    return {
      cancelled_at: at('cancelled'),
      cancelling_at: at('cancelling'),
      completed_at: at('completed'),
      completion_window: completionWindow,
      created_at: toSeconds(this.#createdAtMs),
      error_file_id: this.#errorsId,
      expired_at: null,
      expires_at: toSeconds(this.#createdAtMs + windowMs),
      failed_at: at('failed'),
      finalizing_at: at('finalizing'),
      id: this.id,
      in_progress_at: at('in_progress'),
      input_file_id: this.#inputId,
      errors: this.#errors.length > 0 ? { object: 'list', data: this.#errors } : null,
      metadata,
      object: 'batch',
      output_file_id: this.#outputId,
      request_counts: { ...this.#counts },
      status: this.#status,
      endpoint: endpointOf(endpoint),
    }
  }

  get #isCancelled(): boolean {
    return this.#cancelling.signal.aborted
  }

  #enter(status: Stamp): void {
    this.#status = status
    this.#stamps[status] = this.#resource.clock.now()
    this.#changed(this.id)
  }

  async #beat(): Promise<void> {
    const { clock } = this.#resource
    const { signal } = this.#ended
    // Whoever made it keeps it first.
    await Promise.resolve()
    while (!signal.aborted) {
      this.#runner = { ...this.#runner, atMs: clock.now() }
      if (!this.#changed(this.id)) return
      await until(clock, clock.now() + beatMs, signal)
    }
  }

  #fail(errors: readonly LineError[]): void {
    this.#errors = errors
    this.#enter('failed')
  }

  async #validate(input: StoredFile) {
    const { clock, config } = this.#resource
    const { signal } = this.#cancelling
    // What was uploaded just now is looked through first.
    await until(clock, Math.max(input.processedAtMs, this.#createdAtMs + config().batches.validateTimeMs), signal)
    if (signal.aborted) return { total: 0, errors: [] }
    const endpoint = endpointOf(this.#order.endpoint)
    return checkInput(input.bytes, endpoint, this.#resource, signal)
  }

  /** The lines are spread over the time that the batch takes; they take longer only where that is too short for them. */
  async #answerAll(input: Uint8Array, total: number, files: Files): Promise<void> {
    this.#enter('in_progress')
    this.#counts.total = total
    const { clock, config, shelf } = this.#resource
    const { signal } = this.#cancelling
    const slices = shelf(workSlices)
    const startMs = clock.now()
    const { runTimeMs } = config().batches
    const maxBytes = config().files.maxBytes
    let done = 0
    let slice = await slices.next(startMs, signal)
    for (const line of linesOf(input)) {
      const dueMs = startMs + (runTimeMs * done) / total
      if (dueMs > clock.now() || slice.isOver()) slice = await slices.next(dueMs, signal)
      if (signal.aborted) return
      const task = readTask(line)
      if (isLineError(task)) throw new Error(`Line ${line.number} of ${this.#inputId} was valid before.`)
      await this.#answer(task, files)
      done++
      if (files.output.bytes + files.errors.bytes > maxBytes)
        throw new Error(`The output of ${this.id} is longer than all files together may be: ${maxBytes} bytes.`)
    }
    await until(clock, startMs + runTimeMs, signal)
  }

  async #answer({ customId, body, url }: Task, { output, errors }: Files): Promise<void> {
    const answer = await this.#resource.answerAtOnce(postOf(`/openai/v1${endpointOf(url)}`, body))
    const isGood = answer.status < 300
    if (isGood) this.#counts.completed++
    else this.#counts.failed++
    const file = isGood ? output : errors
    file.append(
      `{"custom_id": ${JSON.stringify(customId)}, "response": {"body": ${spaced(textOf(answer.body))}, ` +
        `"request_id": ${JSON.stringify(answer.headers['apim-request-id'] ?? '')}, "status_code": ${answer.status}}, "error": null}`,
    )
  }

  async #finish({ output, errors }: Files): Promise<void> {
    const { clock, config } = this.#resource
    const wasCancelled = this.#isCancelled
    if (!wasCancelled) this.#enter('finalizing')
    // Where nothing was answered, there is nothing to finalize.
    if (!wasCancelled || !output.isEmpty || !errors.isEmpty)
      await until(clock, clock.now() + config().batches.finalizeTimeMs)
    const { outputExpiresAfterMs: expiresAfterMs } = this.#order
    const keep = (lines: JsonLines, filename: string) =>
      this.#resource.shelf(storedFiles).add({ bytes: lines.take(), filename, purpose: 'batch_output', expiresAfterMs })
        .id
    // Of a batch that was completed both are there, if empty; of one that was cancelled, what there is (recorded 2025).
    const isKept = (lines: JsonLines) => !wasCancelled || !lines.isEmpty
    this.#outputId = isKept(output) ? keep(output, `${this.id}_results.jsonl`) : null
    this.#errorsId = isKept(errors) ? keep(errors, `${this.id}_errors.jsonl`) : null
    this.#enter(wasCancelled ? 'cancelled' : 'completed')
  }
}

type Files = { readonly output: JsonLines; readonly errors: JsonLines }

function postOf(url: string, body: object): SimRequest {
  const bytes = Buffer.from(JSON.stringify(body))
  return {
    method: 'POST',
    url,
    headers: { get: (name) => (name === 'content-type' ? 'application/json' : null) },
    bytes: () => Promise.resolve(bytes),
  }
}

const textOf = (body: unknown): string =>
  typeof body === 'string' ? body : body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : 'null'
