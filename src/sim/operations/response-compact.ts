import { inputTooLong } from '../errors/responses.ts'
import type { Generated, Operation } from '../operation.ts'
import { measure, readBody, type ResponsesBody } from './parts/responses/ask.ts'
import { encryptedContent } from './parts/responses/encrypted.ts'
import { prettyJson, usageTold } from './parts/responses/envelope.ts'
import { idMaker, withId } from './parts/responses/ids.ts'
import { toResponsesError } from './parts/responses/rate-limited.ts'
import { responsesRoutes } from './parts/responses/routes.ts'

type Answer = Generated & { readonly summaryTokens: number }

/**
 * A conversation in few words: what its user said, and one item that stands for all the rest, for the next request's
 * input. Its shape is the upstream API's (2026).
 */
export const responseCompact: Operation<ResponsesBody, Answer> = {
  scope: 'deployment',
  name: 'Responses_Compact',
  label: 'responses',
  method: 'POST',
  path: '/responses/compact',
  routes: responsesRoutes('/compact'),
  toError: toResponsesError,
  modelKind: 'responses',
  defaultModel: 'gpt-4.1-mini',
  latency: 'chatCompletions',
  content: 'json',
  parse: (input, _model, origin) => readBody(input, origin),
  measure,
  check: (_body, { promptTokens }, model) => {
    if (promptTokens > model.maxInputTokens || promptTokens >= model.contextWindowTokens) throw inputTooLong()
  },
  generate: ({ cost }) => {
    const summaryTokens = Math.max(leastTokens, Math.ceil(cost.promptTokens * keptShare))
    const usage = { promptTokens: cost.promptTokens, completionTokens: summaryTokens }
    return { summaryTokens, usage, units: summaryTokens }
  },
  whole: ({ body, receivedAtMs, timing }, { summaryTokens, usage }) => {
    const createdAtSeconds = Math.floor(receivedAtMs / 1000)
    const newId = idMaker(timing, createdAtSeconds, false)
    const id = newId('resp')
    const said = [...body.before, ...body.own].filter(({ type, role }) => type === 'message' && role === 'user')
    const rest = { id: newId('cmp'), type: 'compaction', encrypted_content: encryptedContent(summaryTokens, timing) }
    return {
      contentType: 'application/json',
      data: prettyJson({
        id,
        object: 'response.compaction',
        created_at: createdAtSeconds,
        output: [...said.map((item) => withId(item, newId)), rest],
        usage: usageTold({ usage, details: {} }),
      }),
    }
  },
}

/** How much of a conversation a summary keeps: a guess. */
const keptShare = 0.1
const leastTokens = 32
