import type { ResourceOperation } from '../../operation.ts'
import { doorOf } from './doors.ts'
import { responsesRoutes } from './routes.ts'
import { storedResponses } from './store.ts'
import { namedResponse, objectPlan } from './stored.ts'

export const responseDelete: ResourceOperation = {
  scope: 'resource',
  keeps: [storedResponses],
  name: 'Responses_Delete',
  method: 'DELETE',
  path: '/responses/{response}',
  routes: responsesRoutes('/{response}'),
  answer: (call) => {
    const { id } = namedResponse(call)
    call.resource.shelf(storedResponses).delete(id)
    // Dated versions were recorded in August 2025, v1 in May 2026.
    const object = call.match.surface === 'dated' ? 'response.deleted' : 'response'
    const plan = objectPlan(call, { id, object, deleted: true })
    // A project's own service deletes it (recorded May 2026).
    return doorOf(call) === 'project'
      ? { ...plan, backEnd: 'project', contentType: 'application/json; charset=utf-8' }
      : plan
  },
}
