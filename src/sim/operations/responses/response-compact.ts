import { mapInSteps } from '../../base/slices.ts'
import type { Generated, Operation } from '../../operation.ts'
import { measure, type ResponsesBody } from './ask.ts'
import { doorOf, isOfProject } from './doors.ts'
import { encryptedContent } from './encrypted.ts'
import { prettyJson, usageTold } from './envelope.ts'
import { idMaker, threadOf, withId } from './ids.ts'
import { refuseTooLong, responsesFamily } from './family.ts'
import { responsesRoutes } from './routes.ts'

type Answer = Generated & { readonly summaryTokens: number }

/**
 * Compacts a conversation, for the input of the next request: all messages that are not the model's, each with a new id (recorded
 * June 2026), and one item that replaces the rest. Its shape is the upstream API's (2026).
 */
export const responseCompact: Operation<ResponsesBody, Answer> = {
  ...responsesFamily,
  scope: 'deployment',
  name: 'Responses_Compact',
  path: '/responses/compact',
  routes: responsesRoutes('/compact'),
  measure,
  backEndOf: (_body, _model, match) => (isOfProject(doorOf({ match })) ? 'projectCompactions' : 'responses'),
  check: (_body, cost, model) => refuseTooLong(cost, model),
  generate: ({ cost }) => {
    const summaryTokens = Math.max(minTokens, Math.ceil(cost.promptTokens * keptShare))
    const usage = { promptTokens: cost.promptTokens, completionTokens: summaryTokens }
    return { summaryTokens, usage, units: summaryTokens }
  },
  whole: ({ body, receivedAtMs, timing, resource }, { summaryTokens, usage }) => {
    const createdAtSeconds = Math.floor(receivedAtMs / 1000)
    const newId = idMaker(timing, { createdAtSeconds, isStored: false, thread: body.thread })
    const id = newId('resp')
    const said = [...body.before, ...body.own].filter(({ type, role }) => type === 'message' && role !== 'assistant')
    const making = { apiKey: resource.config.apiKey, nowSeconds: createdAtSeconds, random: timing }
    const summary = encryptedContent({ tokens: summaryTokens, thread: threadOf(id) ?? '' }, making)
    const rest = { id: newId('cmp'), type: 'compaction', encrypted_content: summary }
    const output = [...mapInSteps(said, ({ id: _, ...item }) => withId(item, newId)), rest]
    const head = { id, object: 'response.compaction', created_at: createdAtSeconds }
    const usageMember = { usage: usageTold({ usage, details: {} }) }
    const contentType = 'application/json'
    if (output.length <= manyItems) return { contentType, data: prettyJson({ ...head, output, ...usageMember }) }
    return { contentType, pieces: piecesOf(prettyJson({ ...head, output: [], ...usageMember }), output) }
  },
}

/** More are written while they are sent. */
const manyItems = 128
const itemsAPiece = 32

function* piecesOf(empty: string, output: readonly object[]): Generator<string> {
  const [before = '', after = ''] = empty.split('"output": []', 2)
  yield `${before}"output": [`
  for (let from = 0; from < output.length; from += itemsAPiece) {
    const some = output.slice(from, from + itemsAPiece)
    yield (from === 0 ? '' : ',') + some.map((item) => `\n    ${prettyJson(item).replaceAll('\n', '\n    ')}`).join(',')
  }
  yield `\n  ]${after}`
}

/** How much of a conversation a summary keeps: a guess. */
const keptShare = 0.1
const minTokens = 32
