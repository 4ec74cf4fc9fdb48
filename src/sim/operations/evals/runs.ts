/** Runs of evaluations: nothing runs, what came of each item is told when the clock says that it is done. */
import * as z from 'zod'
import type { BackEndName } from '../../base/back-ends.ts'
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import { fileNotFound, notKept } from '../../errors/stored.ts'
import { parseJsonObject } from '../../http/body.ts'
import { steppedFor } from '../../http/call-slices.ts'
import { later } from '../../http/validate.ts'
import { linesOf } from '../../kept/lines.ts'
import { storedFiles } from '../../kept/stored-files.ts'
import type { AnyCall, Resource, ResourceOperation } from '../../operation.ts'
import { hexText } from '../../random.ts'
import { optional } from '../parts/body-fields.ts'
import { bodyOf } from '../parts/json-body.ts'
import { listOf, pageOf } from '../parts/page.ts'
import { jsonPlan } from '../parts/whole-plan.ts'
import { evals, type EvalItem, namedEval, namedRun, type EvalRun, runs, runsOf, statusOf } from './kept.ts'
import { outputItemsOf, toldOutputItem, toldRun } from './told.ts'

const creating = later(() =>
  z.looseObject({
    name: optional(z.string()),
    metadata: optional(z.record(z.string(), z.string())),
    data_source: z.looseObject({ type: z.string(), model: optional(z.string()), source: optional(z.looseObject({})) }),
  }),
)

const backEnd: BackEndName = 'evals'
const shared = { scope: 'resource', backEnd, keeps: [evals, runs, storedFiles] } as const
const bounds = { usual: 20, max: 100, usualOrder: 'asc' } as const
async function plan(call: AnyCall, run: EvalRun, status = 200) {
  const evaluation = namedEval(call)
  return jsonPlan(await steppedFor(call, () => toldRun(call, evaluation, run)), { status, backEnd })
}

/** What is told of each, one after the other. */
function* toldEach<T>(items: readonly T[], told: (item: T) => Generator<undefined, object>) {
  const all = new Map<T, object>()
  for (const item of items) all.set(item, yield* told(item))
  return (item: T): object => all.get(item) ?? {}
}

export const evalRunCreate: ResourceOperation = {
  ...shared,
  name: 'EvalRuns_Create',
  accepts: { json: creating },
  method: 'POST',
  path: '/evals/{eval}/runs',
  answer: (call) => {
    const { id: evalId } = namedEval(call)
    const asked = bodyOf(creating(), call)
    const { random, clock } = call.resource
    const run: EvalRun = {
      id: `evalrun_${hexText(random, 32)}`,
      evalId,
      createdAtMs: clock.now(),
      name: asked.name ?? '',
      metadata: asked.metadata ?? {},
      source: asked.data_source,
      model: asked.data_source.model ?? null,
      items: itemsIn(asked.data_source.source ?? {}, call.resource),
      seed: random.uint32(),
      cancelledAtMs: undefined,
    }
    call.resource.shelf(runs).put(run)
    return plan(call, run, 201)
  },
}

const maxItems = 10_000

/** What is sent along, or stands in a file, a line each; what is stored elsewhere is not looked up. */
function itemsIn(source: Readonly<Record<string, unknown>>, resource: Resource): readonly EvalItem[] {
  const { type, content, id } = source
  if (type === 'file_content' && Array.isArray(content)) return content.slice(0, maxItems).flatMap(itemOf)
  if (type !== 'file_id') return []
  const file = resource.shelf(storedFiles).get(textOf(id))
  if (!file) throw fileNotFound(textOf(id))
  const items: EvalItem[] = []
  for (const { bytes } of linesOf(file.bytes)) {
    if (items.length >= maxItems) break
    items.push(...itemOf(parseJsonObject(bytes)))
  }
  return items
}

function itemOf(line: unknown): readonly EvalItem[] {
  if (!isObject(line)) return []
  const { item = line, sample } = line
  return isObject(item) ? [{ item, sample: isObject(sample) ? sample : undefined }] : []
}

export const evalRunList: ResourceOperation = {
  ...shared,
  name: 'EvalRuns_List',
  method: 'GET',
  path: '/evals/{eval}/runs',
  lists: [runs],
  answer: async (call) => {
    const one = namedEval(call)
    const { query } = call.wire.target
    const status = query.get('status')
    const all = runsOf(call.resource, one.id).filter((run) => !status || statusOf(run, call.resource) === status)
    const page = pageOf(all, query, bounds)
    const told = await steppedFor(call, () => toldEach(page.items, (run) => toldRun(call, one, run)))
    return jsonPlan(listOf(page, told), { backEnd })
  },
}

export const evalRunGet: ResourceOperation = {
  ...shared,
  name: 'EvalRuns_Get',
  method: 'GET',
  path: '/evals/{eval}/runs/{run}',
  answer: (call) => plan(call, namedRun(call)),
}

/** One that is over stays as it is. */
export const evalRunCancel: ResourceOperation = {
  ...shared,
  name: 'EvalRuns_Cancel',
  method: 'POST',
  path: '/evals/{eval}/runs/{run}/cancel',
  answer: (call) => {
    const run = namedRun(call)
    if (statusOf(run, call.resource) === 'completed') return plan(call, run)
    const cancelled = { ...run, cancelledAtMs: run.cancelledAtMs ?? call.resource.clock.now() }
    call.resource.shelf(runs).put(cancelled)
    return plan(call, cancelled)
  },
}

/** As the upstream API asks for it. */
export const evalRunStop: ResourceOperation = {
  ...evalRunCancel,
  name: 'EvalRun_Cancel',
  path: '/evals/{eval}/runs/{run}',
}

export const evalRunDelete: ResourceOperation = {
  ...shared,
  name: 'EvalRuns_Delete',
  method: 'DELETE',
  path: '/evals/{eval}/runs/{run}',
  answer: (call) => {
    const { id } = namedRun(call)
    call.resource.shelf(runs).delete(id)
    return jsonPlan({ object: 'eval.run.deleted', deleted: true, run_id: id }, { backEnd })
  },
}

export const evalOutputItemList: ResourceOperation = {
  ...shared,
  name: 'EvalOutputItems_List',
  method: 'GET',
  path: '/evals/{eval}/runs/{run}/output_items',
  answer: async (call) => {
    const run = namedRun(call)
    const evaluation = namedEval(call)
    const page = pageOf(outputItemsOf(call, run), call.wire.target.query, bounds)
    const told = await steppedFor(call, () =>
      toldEach(page.items, (item) => toldOutputItem(call, evaluation, run, item)),
    )
    const { object: _, ...list } = listOf(page, told)
    return jsonPlan(call.match.isWithin ? list : { object: 'list', ...list }, { backEnd })
  },
}

export const evalOutputItemGet: ResourceOperation = {
  ...shared,
  name: 'EvalOutputItems_Get',
  method: 'GET',
  path: '/evals/{eval}/runs/{run}/output_items/{item}',
  answer: async (call) => {
    const run = namedRun(call)
    const id = call.match.params['item'] ?? ''
    const found = outputItemsOf(call, run).find((item) => item.id === id)
    if (!found) throw notKept('output item', id, backEnd)
    const evaluation = namedEval(call)
    return jsonPlan(await steppedFor(call, () => toldOutputItem(call, evaluation, run, found)), { backEnd })
  },
}
