/** What the operations on a stored response have in common. */
import { responseNotFound } from '../../errors/responses.ts'
import type { AnyCall } from '../../operation.ts'
import type { Plan } from '../../types.ts'
import { wholePlan } from '../parts/whole-plan.ts'
import { viewAt } from './background.ts'
import { prettyJson, prettyResponse } from './envelope.ts'
import type { ResponseRecord } from './record.ts'
import { storedResponses } from './store.ts'

/** The response that the path names. Throws 404. */
export function namedResponse({ match, resource }: AnyCall): ResponseRecord {
  const id = match.params['response'] ?? ''
  const record = resource.shelf(storedResponses).get(id)
  if (record === undefined) throw responseNotFound(id)
  return record
}

export const asItIs = (record: ResponseRecord, { resource }: AnyCall): Plan =>
  wholePlan('application/json', prettyResponse(record, viewAt(record, resource.clock.now())))

export const objectPlan = (body: object): Plan => wholePlan('application/json', prettyJson(body))
