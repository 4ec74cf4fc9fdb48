/** How a resource (recorded April 2025) and a project (March and May 2026) tell an evaluation, a run and what came of it. */
import { isObject, type JsonObject } from '../../base/object.ts'
import { toSeconds } from '../../kept/stored-files.ts'
import type { AnyCall } from '../../operation.ts'
import { type Grade, gradesOf, judgeOf } from './grade.ts'
import { type Criterion, type Eval, type EvalRun, statusOf } from './kept.ts'

const isOfProject = ({ match }: AnyCall): boolean => match.isWithin === true

/** The creator is not known here. */
const someone = 'Simulated User'

export function toldEval(call: AnyCall, { id, createdAtMs, modifiedAtMs, name, metadata, source, criteria }: Eval) {
  const created = { created_at: toSeconds(createdAtMs) }
  if (!isOfProject(call))
    return {
      object: 'eval',
      id,
      data_source_config: resourceSource(source),
      testing_criteria: criteria.map(resourceCriterion),
      name,
      ...created,
      metadata,
    }
  return {
    object: 'eval',
    ...created,
    modified_at: toSeconds(modifiedAtMs),
    created_by: someone,
    id,
    name,
    metadata,
    properties: { evals_run_type: 'azure_ai' },
    data_source_config: projectSource(source),
    testing_criteria: criteria.map(projectCriterion),
  }
}

/** The schema of items, with the model's sample if that was asked for. */
function resourceSource({
  type,
  item_schema: item,
  include_sample_schema: hasSample,
  ...rest
}: JsonObject): JsonObject {
  if (!isObject(item)) return { type, ...rest }
  const sample = { type: 'object', properties: { output_text: { type: 'string' } }, required: ['output_text'] }
  const properties = { item, ...(hasSample === true && { sample }) }
  return { type, schema: { type: 'object', properties, required: Object.keys(properties) } }
}

function projectSource({
  type,
  item_schema: item,
  include_sample_schema: hasSample = false,
  ...rest
}: JsonObject): JsonObject {
  if (!isObject(item)) return { type, ...rest }
  const sample = { type: 'object', properties: { output_text: { type: 'string' } } }
  const schema = { item, ...(hasSample === true && { sample }) }
  return { type, item_schema: {}, include_sample_schema: hasSample, schema }
}

const resourceOrder = ['name', 'id', 'type', 'input', 'reference', 'pass_threshold', 'evaluation_metric']

const resourceCriterion = (criterion: Criterion): JsonObject => inOrder(criterion, resourceOrder)

const projectOrder = [
  ...['type', 'id', 'name', 'evaluator_name', 'evaluator_version', 'initialization_parameters', 'data_mapping'],
  ...['evaluation_metric', 'input', 'labels', 'model', 'operation', 'passing_labels', 'reference', 'pass_threshold'],
]

/** Messages get their `type`, and unknown fields are dropped. */
function projectCriterion({ image_tag: _, ...criterion }: Criterion & { readonly image_tag?: unknown }): JsonObject {
  const { input } = criterion
  const told = {
    ...criterion,
    ...(criterion.type === 'azure_ai_evaluator' && { evaluator_version: criterion['evaluator_version'] ?? '' }),
    ...(Array.isArray(input) && {
      input: input.map((message: unknown) => (isObject(message) ? { ...message, type: 'message' } : message)),
    }),
  }
  return inOrder(told, projectOrder)
}

function inOrder(fields: JsonObject, names: readonly string[]): JsonObject {
  const known = names.flatMap((name) => (name in fields ? [[name, fields[name]] as const] : []))
  return { ...Object.fromEntries(known), ...fields }
}

/** How many items passed, and how many by each criterion. */
type Tally = { readonly total: number; readonly passed: number; readonly passedBy: readonly number[] }

const noTally: Tally = { total: 0, passed: 0, passedBy: [] }

/** A run is graded once, as whoever waits for it asks for it again and again. */
const tallies = new WeakMap<EvalRun, Tally>()

function* tallyOf({ criteria }: Eval, run: EvalRun): Generator<undefined, Tally> {
  const known = tallies.get(run)
  if (known) return known
  const judges = criteria.map(judgeOf)
  const passedBy = criteria.map(() => 0)
  let passed = 0
  for (const place of run.items.keys()) {
    const grades = yield* gradesOf(judges, run, place)
    for (const [at, { isPassed }] of grades.entries()) if (isPassed) passedBy[at] = (passedBy[at] ?? 0) + 1
    if (grades.every(({ isPassed }) => isPassed)) passed++
  }
  const tally = { total: run.items.length, passed, passedBy }
  tallies.set(run, tally)
  return tally
}

export function* toldRun(call: AnyCall, evaluation: Eval, run: EvalRun): Generator<undefined, JsonObject> {
  const status = statusOf(run, call.resource)
  const tally = status === 'completed' ? yield* tallyOf(evaluation, run) : noTally
  const { passed } = tally
  const counts = { total: tally.total, passed, failed: tally.total - passed }
  const created = toSeconds(run.createdAtMs)
  const isOver = status === 'completed' || status === 'canceled'
  if (!isOfProject(call))
    return {
      object: 'eval.run',
      id: run.id,
      eval_id: run.evalId,
      report_url: 'https://ai.azure.com/resource/evaluation',
      status,
      model: run.model,
      name: run.name,
      created_at: created,
      result_counts: { total: counts.total, errored: 0, failed: counts.failed, passed },
      per_model_usage: isOver ? [] : null,
      per_testing_criteria_results: isOver ? criteriaResults(evaluation, tally, false) : null,
      data_source: run.source,
      error: null,
      metadata: run.metadata,
    }
  return {
    object: 'eval.run',
    created_at: created,
    modified_at: created,
    created_by: isOver ? someone : null,
    id: run.id,
    eval_id: run.evalId,
    // A queued run is shown as in progress.
    status: status === 'queued' ? 'in_progress' : status,
    model: run.model,
    data_source: run.source,
    metadata: run.metadata,
    properties: { eval_id: run.evalId, NetworkType: 'Public', ...(isOver && { runType: 'eval_run' }) },
    name: run.name,
    report_url: isOver ? 'https://ai.azure.com/nextgen/r/evaluation' : null,
    result_counts: isOver ? { ...counts, errored: 0, skipped: 0 } : counts,
    per_model_usage: [],
    per_testing_criteria_results: isOver ? criteriaResults(evaluation, tally, true) : [],
    error: { code: null, message: null, correlation_id: null, inner_error: null },
  }
}

const criteriaResults = ({ criteria }: Eval, { total, passedBy }: Tally, isProject: boolean) =>
  criteria.map(({ id, name }, at) => {
    const passed = passedBy[at] ?? 0
    const counts = { passed, failed: total - passed }
    return isProject
      ? { testing_criteria: name, ...counts, errored: 0, skipped: 0 }
      : { testing_criteria: id, ...counts }
  })

export type EvalOutputItem = { readonly id: string; readonly place: number }

export function* toldOutputItem(
  call: AnyCall,
  evaluation: Eval,
  run: EvalRun,
  { id, place }: EvalOutputItem,
): Generator<undefined, JsonObject> {
  const grades = yield* gradesOf(evaluation.criteria.map(judgeOf), run, place)
  const results = grades.map((grade) => toldGrade(grade, isOfProject(call)))
  const created_at = toSeconds(run.createdAtMs)
  const datasource = { datasource_item_id: place, datasource_item: run.items[place]?.item ?? {} }
  const base = { object: 'eval.run.output_item', id, run_id: run.id, eval_id: run.evalId }
  return { ...base, created_at, status: 'completed', ...datasource, results, sample: noSample }
}

function toldGrade({ criterion, score, threshold, label, isPassed }: Grade, isProject: boolean): JsonObject {
  const { type, name } = criterion
  if (!isProject) return { name, sample: null, passed: isPassed, score }
  return { type, name, metric: name, score, label, reason: null, threshold, passed: isPassed, status: 'completed' }
}

/** No model was asked. */
const noSample = {
  error: null,
  finish_reason: '',
  input: [],
  max_completion_tokens: null,
  model: '',
  output: [],
  seed: null,
  temperature: null,
  top_p: null,
  usage: null,
}

/** Only a completed run has output items. */
export const outputItemsOf = (call: AnyCall, run: EvalRun): readonly EvalOutputItem[] =>
  statusOf(run, call.resource) === 'completed' ? run.items.map((_, place) => ({ id: String(place + 1), place })) : []

/** A project deletes an evaluation later, and says where to see that (recorded May 2026). */
export const toldDeletion = (call: AnyCall, evalId: string, origin: string): JsonObject =>
  isOfProject(call)
    ? {
        object: 'eval.deleted',
        deleted: false,
        eval_id: evalId,
        run_id: null,
        location: `${origin}${call.wire.target.path}`,
      }
    : { object: 'eval.deleted', deleted: true, eval_id: evalId }
