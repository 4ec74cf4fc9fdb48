/** What the operations on a stored response have in common. */
import { responseNotFound } from '../../errors/responses.ts'
import type { BackEndName } from '../../base/back-ends.ts'
import type { AnyCall } from '../../operation.ts'
import type { Plan } from '../../types.ts'
import { wholePlan } from '../parts/whole-plan.ts'
import { viewAt } from './background.ts'
import { doorOf } from './doors.ts'
import { prettyJson, prettyResponse } from './envelope.ts'
import type { ResponseRecord } from './record.ts'
import { storedResponses } from './store.ts'

/** The response that the path names. Throws 404. */
export function namedResponse({ match, resource }: AnyCall): ResponseRecord {
  const id = match.params['response'] ?? ''
  const record = resource.shelf(storedResponses).get(id)
  if (record === undefined) throw responseNotFound(id, keptBackEnd({ match }))
  return record
}

export const keptBackEnd = (call: Pick<AnyCall, 'match'>): BackEndName =>
  doorOf(call) === 'resource' ? 'keptResponses' : 'projectKeptResponses'

export const asItIs = (record: ResponseRecord, call: AnyCall): Plan =>
  planned(call, prettyResponse(record, viewAt(record, call.resource.clock.now()), doorOf(call)))

export const objectPlan = (call: AnyCall, body: object): Plan => planned(call, prettyJson(body))

const planned = (call: AnyCall, data: string): Plan => ({
  ...wholePlan('application/json', data),
  backEnd: keptBackEnd(call),
})
