import type { Operation } from '../../operation.ts'
import { claudeAnswer, type ClaudeAnswer } from './answer.ts'
import { type ClaudeBody, claudeBody, newClaudeBody } from './body.ts'
import {
  refuseLengths,
  refuseMarks,
  refuseClaudeMessages,
  refuseRemoved,
  refuseThinking,
  refuseClaudeTools,
} from './check.ts'
import { claudeVersion } from './versions.ts'
import { claudeMessage } from './message.ts'
import { claudePromptCharacters, claudePromptTokens } from './prompt.ts'
import { parseClaude } from './schema.ts'
import { claudeEvents } from './stream.ts'
import { tokensBeyond } from '../../measure/prompt-bound.ts'

/** Claude, by its own API. */
export const messages: Operation<ClaudeBody, ClaudeAnswer> = {
  scope: 'deployment',
  name: 'Messages_Create',
  accepts: { json: claudeBody },
  label: 'messages',
  method: 'POST',
  path: '/messages',
  routes: [{ surface: 'claude', template: '/anthropic/v1/messages' }],
  modelKind: 'messages',
  backEnd: 'claude',
  defaultModel: 'claude-sonnet-5-5',
  latency: 'chatCompletions',
  content: 'json',

  parse: (input, _, { headers }) => {
    const isOld = claudeVersion(headers) !== '2026-10-21'
    const body = parseClaude<ClaudeBody>(isOld ? claudeBody() : newClaudeBody(), input)
    if (!isOld) refuseRemoved(body)
    return body
  },

  measure: (body, model) => {
    const promptCharacters = claudePromptCharacters(body)
    return {
      promptTokens: tokensBeyond(promptCharacters, model.contextWindowTokens) ?? claudePromptTokens(body, model),
      promptCharacters,
      maxTokens: body.max_tokens,
      choices: 1,
      countsTokens: true,
    }
  },

  check: (body, cost, model) => {
    refuseClaudeTools(body)
    refuseMarks(body)
    refuseClaudeMessages(body)
    refuseThinking(body)
    refuseLengths(body, cost, model)
  },

  isSaid: true,
  isStream: ({ stream }) => stream === true,

  isSliced: ({ body, wire, said }) => wire.bytes.length > longBytes || body.tools != null || said !== undefined,
  generate: claudeAnswer,
  whole: (call, answer) => ({ contentType: 'application/json', data: claudeMessage(call, answer) }),
  events: claudeEvents,
}

/** Of a shorter request the answer is made in one go, unless it asks for more than a text. */
const longBytes = 16_384
