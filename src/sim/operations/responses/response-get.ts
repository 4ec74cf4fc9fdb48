import { invalidType } from '../../errors.ts'
import { cannotStream } from '../../errors/responses.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import type { Plan } from '../../types.ts'
import { backgroundFrames } from './background.ts'
import { doorOf } from './doors.ts'
import type { ResponseRecord } from './record.ts'
import { responsesRoutes } from './routes.ts'
import { storedResponses } from './store.ts'
import { presentPlan, keptBackEnd, namedResponse } from './stored.ts'
import { noUsage } from '../../base/no-usage.ts'

/** A stored response as it is, or the stream of one in the background, from any event on. */
export const responseGet: ResourceOperation = {
  scope: 'resource',
  keeps: [storedResponses],
  name: 'Responses_Get',
  method: 'GET',
  path: '/responses/{response}',
  routes: responsesRoutes('/{response}'),
  answer: (call) => {
    const record = namedResponse(call)
    return call.wire.target.query.get('stream') === 'true' ? streamOf(record, call) : presentPlan(record, call)
  },
}

function streamOf(record: ResponseRecord, { receivedAtMs, wire, match, apiVersion }: AnyCall): Plan {
  const { query } = wire.target
  if (!record.background || !record.request.stream) throw cannotStream(record.background !== undefined)
  const after = query.get('starting_after') ?? '-1'
  if (!/^-?\d{1,15}$/.test(after)) throw invalidType('starting_after', 'an integer', 'a string')
  const frames = backgroundFrames(record, {
    fromMs: receivedAtMs,
    startingAfter: Number(after),
    door: doorOf({ match, apiVersion }),
    isReplay: true,
  })
  return {
    status: 200,
    contentType: 'text/event-stream; charset=utf-8',
    usage: noUsage,
    backEnd: keptBackEnd({ match }),
    body: { kind: 'stream', frames },
  }
}
