/** What the operations on a stored response have in common. */
import { projectResponseNotFound } from '../../errors/conversations.ts'
import { responseNotFound } from '../../errors/responses.ts'
import type { BackEndName } from '../../base/back-ends.ts'
import type { AnyCall } from '../../operation.ts'
import type { Plan } from '../../types.ts'
import { wholePlan } from '../parts/whole-plan.ts'
import { viewAt } from './background.ts'
import { type Door, doorOf } from './doors.ts'
import { keptResponse, prettyJson, wholeResponse } from './envelope.ts'
import { projectAscii } from './project-writer.ts'
import type { ResponseRecord } from './record.ts'
import { storedResponses } from './store.ts'

/** The response that the path names. Throws 404. */
export function namedResponse({ match, resource }: AnyCall): ResponseRecord {
  const id = match.params['response'] ?? ''
  const record = resource.shelf(storedResponses).get(id)
  if (record !== undefined) return record
  throw doorOf({ match }) === 'datedProject'
    ? projectResponseNotFound(id)
    : responseNotFound(id, keptBackEnd({ match }))
}

export const keptBackEnd = (call: Pick<AnyCall, 'match'>): BackEndName => keepers[doorOf(call)] ?? 'keptResponses'

const keepers: Partial<Record<Door, BackEndName>> = {
  project: 'projectKeptResponses',
  datedProject: 'datedProjectKept',
}

/** The response in its present status. */
export function presentPlan(record: ResponseRecord, call: AnyCall): Plan {
  const door = doorOf(call)
  const view = viewAt(record, call.resource.clock.now())
  if (door !== 'datedProject') return planned(call, wholeResponse(record, view, door))
  return planned(call, projectAscii(JSON.stringify(keptResponse(record, view, door))))
}

export const objectPlan = (call: AnyCall, body: object): Plan => planned(call, prettyJson(body))

const planned = (call: AnyCall, data: string): Plan => ({
  ...wholePlan('application/json', data),
  backEnd: keptBackEnd(call),
})
