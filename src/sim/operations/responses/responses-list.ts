/** The stored responses of a project, newest first (recorded November 2025 and April 2026). A resource has no such list. */
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import type { Plan } from '../../types.ts'
import { pageOf } from '../parts/page.ts'
import { viewAt } from './background.ts'
import { listPlan } from './conversation-told.ts'
import type { ProjectDoor } from './doors.ts'
import { keptResponse } from './envelope.ts'
import { storedResponses } from './store.ts'

export const responsesList: ResourceOperation = {
  scope: 'resource',
  name: 'Responses_List',
  keeps: [storedResponses],
  lists: [storedResponses],
  method: 'GET',
  path: '/responses',
  routes: [{ surface: 'project', template: '/api/projects/{project}/openai/responses' }],
  backEnd: 'project',
  answer: (call) => listResponses(call, 'datedProject'),
}

export function listResponses(call: AnyCall, door: ProjectDoor): Plan {
  const { resource, wire } = call
  const page = pageOf(resource.shelf(storedResponses).all(), wire.target.query, { usual: 20, max: 100 })
  return listPlan(call, page, (record) => keptResponse(record, viewAt(record, resource.clock.now()), door))
}
