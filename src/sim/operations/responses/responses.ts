import { oneStep } from '../../base/slices.ts'
import { lookAhead } from '../../answers/content-filter.ts'
import { until } from '../../clock.ts'
import { hasWebhooks, sendEvent } from '../../kept/webhooks.ts'
import type { Call, Operation, Resource } from '../../operation.ts'
import { padding } from '../parts/obfuscation.ts'
import { makeResponse, type ResponsesAnswer } from './answer.ts'
import { readPdfsIn } from '../../measure/pdf.ts'
import { messageTexts } from '../../measure/prompt-tokens.ts'
import { measure, type ResponsesBody } from './ask.ts'
import { routedResponse } from './routed.ts'
import { refuseUnsupported } from './refused-parameters.ts'
import { backgroundFrames, startBackground, viewAt } from './background.ts'
import { recordedIn } from './as-recorded.ts'
import { doorOf, isOfProject } from './doors.ts'
import { wholeResponse } from './envelope.ts'
import { continueConversation } from './conversation-store.ts'
import { unusedOf } from './hosted.ts'
import { askServers } from './mcp-ask.ts'
import { finalStatus, type ResponseRecord, turnOf } from './record.ts'
import { refuseTooLong, responsesFamily } from './family.ts'
import { responsesRoutes } from './routes.ts'
import { storedResponses } from './store.ts'
import { responseEvents } from './stream.ts'

export const responses: Operation<ResponsesBody, ResponsesAnswer> = {
  ...responsesFamily,
  scope: 'deployment',
  name: 'Responses_Create',
  path: '/responses',
  leaves: ({ request }) => request.store !== false || request.conversation != null,
  routes: responsesRoutes(),

  routed: routedResponse,
  readAhead: readPdfsIn,
  unused: ({ request }) => unusedOf(request),
  measure,

  check: (body, cost, model) => {
    refuseUnsupported(body, model)
    refuseTooLong(cost, model)
  },

  lookAhead: ({ messages }, { contentFilter }) => {
    lookAhead(contentFilter, () => messageTexts(messages))
  },
  isSaid: true,
  isStream: ({ request }) => request.stream === true,
  backEndOf: (body, model, match, apiVersion) => {
    const door = doorOf({ match, apiVersion })
    const month = recordedIn(door, { model, agent: body?.agent })
    if (month === '2025-03') return 'datedResponsesOfMarch2025'
    if (month === '2025-08') return 'datedResponsesOfAugust2025'
    if (!isOfProject(door)) return door === 'resource' ? 'responses' : 'datedResponses'
    const isSlow = body?.request.stream || body?.request.background
    if (door === 'project')
      return isSlow ? 'projectStreams' : month !== 'newest' ? 'projectResponsesOfMarch2026' : 'projectResponses'
    return isSlow ? 'datedProjectStreams' : 'datedProjectResponses'
  },
  tier: ({ request }) => request.service_tier,
  askOthers: askServers,
  goesOn: ({ previous_response_id: previous, conversation }) => previous != null || conversation != null,
  isSliced: ({ body: { request, before }, wire, said }) =>
    wire.bytes.length > longBytes ||
    before.length > manyItems ||
    said !== undefined ||
    request.tools != null ||
    request.text?.format != null ||
    request.include != null,
  generate: makeResponse,

  whole: (call, { record }, endsAtMs) => {
    const ended = endedAt(record, Math.floor((call.receivedAtMs + endsAtMs) / 1000))
    keep(call, ended)
    return { contentType: 'application/json', data: wholeResponse(ended, viewAt(ended, 0), doorOf(call)) }
  },

  *events(call, { record }) {
    const nowSeconds = () => Math.floor(call.resource.clock.now() / 1000)
    const isPadded = call.body.request.stream_options?.include_obfuscation !== false
    yield* responseEvents(record, { pad: isPadded ? padding(call.timing) : undefined, nowSeconds, door: doorOf(call) })
    // If the reader leaves before the end, the response is not stored (as users report).
    keep(call, endedAt(record, nowSeconds()))
  },

  plan: (call, { record, usage, units }, pace) => {
    const { request } = call.body
    if (!request.background) return undefined
    const { receivedAtMs } = call
    const started = { ...record, background: startBackground(receivedAtMs, units, pace, call.timing) }
    keep(call, started)
    if (hasWebhooks(call.resource)) void tellOfEnd(started, call.resource)
    if (!request.stream) {
      const data = wholeResponse(started, { status: 'queued', completedAtSeconds: null }, doorOf(call))
      return { status: 200, contentType: 'application/json', usage, body: { kind: 'whole', atMs: 0, data } }
    }
    const frames = backgroundFrames(started, { fromMs: receivedAtMs, startingAfter: -1, door: doorOf(call) })
    return { status: 200, contentType: 'text/event-stream; charset=utf-8', usage, body: { kind: 'stream', frames } }
  },
}

/** A shorter request that asks only for text is answered without a break. */
const longBytes = 16_384
const manyItems = 128

const endedAt = (record: ResponseRecord, seconds: number): ResponseRecord =>
  finalStatus(record) === 'completed' ? { ...record, completedAtSeconds: seconds } : record

function keep({ body, resource }: Call<ResponsesBody>, record: ResponseRecord): void {
  if (body.request.store !== false) resource.shelf(storedResponses).put(record)
  const { conversationId } = record
  if (conversationId) oneStep(() => continueConversation(resource, conversationId, turnOf(record)))
}

/** For a cancelled response the event was sent when it was cancelled. */
async function tellOfEnd(record: ResponseRecord, { clock, live }: Resource): Promise<void> {
  const { background } = record
  if (!background) return
  await until(clock, background.startedAtMs + background.endMs)
  const { status } = viewAt(record, clock.now())
  if (status === 'completed' || status === 'incomplete') sendEvent(live, `response.${status}`, record.id)
}
