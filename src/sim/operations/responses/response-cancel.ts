import { cannotCancel } from '../../errors/responses.ts'
import { sendEvent, webhookShelf } from '../../kept/webhooks.ts'
import type { ResourceOperation } from '../../operation.ts'
import { viewAt } from './background.ts'
import { responsesRoutes } from './routes.ts'
import { storedResponses } from './store.ts'
import { presentPlan, namedResponse } from './stored.ts'

/** Ends a background response. One that has ended stays as it is, however often it is cancelled (documented). */
export const responseCancel: ResourceOperation = {
  scope: 'resource',
  keeps: [storedResponses, webhookShelf],
  name: 'Responses_Cancel',
  method: 'POST',
  path: '/responses/{response}/cancel',
  routes: responsesRoutes('/{response}/cancel'),
  answer: (call) => {
    const record = namedResponse(call)
    if (!record.background) throw cannotCancel()
    const nowMs = call.resource.clock.now()
    const { status } = viewAt(record, nowMs)
    if (status === 'queued' || status === 'in_progress') {
      record.background.cancelledAtMs = nowMs
      call.resource.shelf(storedResponses).changed(record.id)
      sendEvent(call.resource.live, 'response.cancelled', record.id)
    }
    return presentPlan(record, call)
  },
}
