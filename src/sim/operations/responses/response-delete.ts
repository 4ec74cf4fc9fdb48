import type { ResourceOperation } from '../../operation.ts'
import { responsesRoutes } from './routes.ts'
import { storedResponses } from './store.ts'
import { namedResponse, objectPlan } from './stored.ts'

export const responseDelete: ResourceOperation = {
  scope: 'resource',
  name: 'Responses_Delete',
  method: 'DELETE',
  path: '/responses/{response}',
  routes: responsesRoutes('/{response}'),
  answer: (call) => {
    const { id } = namedResponse(call)
    call.resource.shelf(storedResponses).delete(id)
    return objectPlan({ id, object: 'response', deleted: true })
  },
}
