/** Evaluations: what is judged, and by which criteria (recorded April 2025 to May 2026). */
import * as z from 'zod'
import { acceptsOf, isAcceptedBy } from '../../base/accept.ts'
import type { BackEndName } from '../../base/back-ends.ts'
import { originOf } from '../../http/links.ts'
import { later } from '../../http/validate.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import { hexText, uuid } from '../../random.ts'
import { optional } from '../parts/body-fields.ts'
import { bodyOf } from '../parts/json-body.ts'
import { listOf, pageOf } from '../parts/page.ts'
import { jsonPlan } from '../parts/whole-plan.ts'
import { type Eval, evals, namedEval, runs, runsOf } from './kept.ts'
import { toldDeletion, toldEval } from './told.ts'

const metadata = () => optional(z.record(z.string(), z.string()))
const operations: readonly unknown[] = ['eq', 'ne', 'like', 'ilike']

/** Of texts that are compared it is known how; what all others say is theirs. */
function criterion() {
  const any = z.looseObject({ type: z.string(), name: optional(z.string()) })
  const isAny = acceptsOf(any)
  const isKnown = ({ type, operation }: { readonly type?: unknown; readonly operation?: unknown }) =>
    type !== 'string_check' || operations.includes(operation)
  const known = any.superRefine((given, context) => {
    if (isKnown(given)) return
    const { operation } = given
    context.addIssue({ code: 'invalid_value', values: operations, input: operation, path: ['operation'] } as never)
  })
  return isAcceptedBy(known, (given) => isAny?.(given) === true && isKnown(given as object))
}

/** A guess, far above what an evaluation has: each item is judged by all of them. */
const maxCriteria = 100

const creating = later(() =>
  z.looseObject({
    name: optional(z.string()),
    metadata: metadata(),
    data_source_config: z.looseObject({ type: z.string() }),
    testing_criteria: z.array(criterion()).max(maxCriteria),
  }),
)
const changing = later(() => z.looseObject({ name: optional(z.string()), metadata: metadata() }))

const backEnd: BackEndName = 'evals'
const shared = { scope: 'resource', backEnd, keeps: [evals, runs] } as const
const plan = (call: AnyCall, one: Eval, status = 200) => jsonPlan(toldEval(call, one), { status, backEnd })

export const evalCreate: ResourceOperation = {
  ...shared,
  name: 'Evals_Create',
  accepts: { json: creating },
  method: 'POST',
  path: '/evals',
  answer: (call) => {
    const asked = bodyOf(creating(), call)
    const { random, clock } = call.resource
    const nowMs = clock.now()
    const made: Eval = {
      id: `eval_${hexText(random, 32)}`,
      createdAtMs: nowMs,
      modifiedAtMs: nowMs,
      name: asked.name ?? '',
      metadata: asked.metadata ?? {},
      source: asked.data_source_config,
      criteria: asked.testing_criteria.map((criterion) => {
        const name = criterion.name ?? criterion.type
        return { ...criterion, name, id: `${name}_${uuid(random)}` }
      }),
    }
    call.resource.shelf(evals).put(made)
    return plan(call, made, 201)
  },
}

const bounds = { usual: 20, max: 100, usualOrder: 'asc' } as const

export const evalList: ResourceOperation = {
  ...shared,
  name: 'Evals_List',
  method: 'GET',
  path: '/evals',
  lists: [evals],
  answer: (call) => {
    const page = pageOf(call.resource.shelf(evals).all(), call.wire.target.query, bounds)
    return jsonPlan(
      listOf(page, (one) => toldEval(call, one)),
      { backEnd },
    )
  },
}

export const evalGet: ResourceOperation = {
  ...shared,
  name: 'Evals_Get',
  method: 'GET',
  path: '/evals/{eval}',
  answer: (call) => plan(call, namedEval(call)),
}

export const evalUpdate: ResourceOperation = {
  ...shared,
  name: 'Evals_Update',
  accepts: { json: changing },
  method: 'POST',
  path: '/evals/{eval}',
  answer: (call) => {
    const one = namedEval(call)
    const asked = bodyOf(changing(), call)
    const changed = {
      ...one,
      modifiedAtMs: call.resource.clock.now(),
      name: asked.name ?? one.name,
      metadata: asked.metadata ?? one.metadata,
    }
    call.resource.shelf(evals).put(changed)
    return plan(call, changed)
  },
}

export const evalDelete: ResourceOperation = {
  ...shared,
  name: 'Evals_Delete',
  method: 'DELETE',
  path: '/evals/{eval}',
  answer: (call) => {
    const { id } = namedEval(call)
    for (const run of runsOf(call.resource, id)) call.resource.shelf(runs).delete(run.id)
    call.resource.shelf(evals).delete(id)
    return jsonPlan(toldDeletion(call, id, originOf(call.wire)), { backEnd })
  },
}
