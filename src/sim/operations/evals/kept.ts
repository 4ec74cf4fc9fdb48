/** Evaluations and their runs, as a resource keeps them. */
import type { JsonObject } from '../../base/object.ts'
import { keptShelf } from '../../base/kept-shelf.ts'
import { notKept } from '../../errors/stored.ts'
import type { AnyCall, Resource } from '../../operation.ts'

export type Eval = {
  readonly id: string
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  readonly name: string
  readonly metadata: JsonObject
  /** As the client sent it. */
  readonly source: JsonObject
  /** Each with its id and its name. */
  readonly criteria: readonly Criterion[]
}

export type Criterion = JsonObject & { readonly id: string; readonly name: string; readonly type: string }

export type EvalItem = { readonly item: JsonObject; readonly sample: JsonObject | undefined }

export type EvalRun = {
  readonly id: string
  readonly evalId: string
  readonly createdAtMs: number
  readonly name: string
  readonly metadata: JsonObject
  readonly source: JsonObject
  readonly model: string | null
  readonly items: readonly EvalItem[]
  /** Draws what a model would have judged, the same each time. */
  readonly seed: number
  readonly cancelledAtMs: number | undefined
}

export type Status = 'queued' | 'in_progress' | 'completed' | 'canceled'

/** For `resource.shelf`. */
export const evals = keptShelf<Eval>({ kind: 'evals', ids: /eval_[0-9a-f]{32}\b/g })
export const runs = keptShelf<EvalRun>({
  kind: 'eval-runs',
  ids: /evalrun_[0-9a-f]{32}\b/g,
  needs: ({ evalId }) => evalId,
})

/** What a run is by the clock: it waits and works as long as other jobs do. */
export function statusOf({ createdAtMs, cancelledAtMs }: EvalRun, { clock, config }: Resource): Status {
  if (cancelledAtMs !== undefined) return 'canceled'
  const elapsedMs = clock.now() - createdAtMs
  const { queueTimeMs, runTimeMs } = config.jobs
  if (elapsedMs < queueTimeMs) return 'queued'
  return elapsedMs < queueTimeMs + runTimeMs ? 'in_progress' : 'completed'
}

/** The one that the path names. Throws 404, in words that are a guess in the shape of their neighbours. */
export function namedEval({ match, resource }: AnyCall): Eval {
  const id = match.params['eval'] ?? ''
  const found = resource.shelf(evals).get(id)
  if (!found) throw notKept('eval', id, 'evals')
  return found
}

export function namedRun(call: AnyCall): EvalRun {
  const { id: evalId } = namedEval(call)
  const id = call.match.params['run'] ?? ''
  const run = call.resource.shelf(runs).get(id)
  if (run?.evalId !== evalId) throw notKept('run', id, 'evals')
  return run
}

export const runsOf = ({ shelf }: Resource, evalId: string): readonly EvalRun[] =>
  shelf(runs)
    .all()
    .filter((run) => run.evalId === evalId)
