import type { ResourceOperation } from '../../operation.ts'
import { pageOf } from '../parts/page.ts'
import { responsesRoutes } from './routes.ts'
import { storedResponses } from './store.ts'
import { namedResponse, objectPlan } from './stored.ts'

/** What a response was made from. That earlier turns are among it, as they are among its tokens, is a guess. */
export const responseInputItems: ResourceOperation = {
  scope: 'resource',
  keeps: [storedResponses],
  name: 'Responses_ListInputItems',
  method: 'GET',
  path: '/responses/{response}/input_items',
  routes: responsesRoutes('/{response}/input_items'),
  answer: (call) => {
    const record = namedResponse(call)
    const stored = call.resource.shelf(storedResponses)
    const { previous_response_id: previousId } = record.request
    const previous = previousId ? stored.get(previousId) : undefined
    const items = [...(previous ? stored.conversation(previous) : []), ...record.input]
    const { items: data, hasMore } = pageOf(items, call.wire.target.query, { usual: 20, max: 100 })
    return objectPlan(call, {
      object: 'list',
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: hasMore,
    })
  },
}
