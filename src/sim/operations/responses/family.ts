/** What all operations that read the input of a response have in common. */
import { inputTooLong } from '../../errors/responses.ts'
import { containers } from '../../kept/containers.ts'
import { storedFiles } from '../../kept/stored-files.ts'
import { vectorStoreShelf } from '../../kept/vector-stores.ts'
import { webhookShelf } from '../../kept/webhooks.ts'
import type { Operation } from '../../operation.ts'
import type { Cost, Model } from '../../types.ts'
import { request } from './body.ts'
import { agentIn, agents } from './agents.ts'
import { conversationShelf } from './conversation-store.ts'
import { doorOf, isOfProject } from './doors.ts'
import { readBody, type ResponsesBody } from './ask.ts'
import { wordResponsesError } from './rate-limited.ts'
import { storedResponses } from './store.ts'

export const responsesFamily = {
  label: 'responses',
  keeps: [storedResponses, conversationShelf, agents, vectorStoreShelf, storedFiles, containers, webhookShelf],
  accepts: { json: request },
  backEnd: 'responses',
  method: 'POST',
  wordError: wordResponsesError,
  modelKind: 'responses',
  defaultModel: 'gpt-4.1-mini',
  modelOf: (input, match, resource) => {
    const model = isOfProject(doorOf({ match })) ? agentIn(input, resource)?.said['model'] : undefined
    return typeof model === 'string' ? model : undefined
  },
  latency: 'chatCompletions',
  content: 'json',
  /** A quarter of the characters (recorded June 2026); with the first dated version, the counted tokens and 18 (November 2025). */
  estimate: (_body, { promptTokens, promptCharacters }, { apiVersion }) =>
    apiVersion === '2025-03-01-preview' ? promptTokens + 18 : Math.floor(promptCharacters / 4),
  parse: (input, _model, origin) => readBody(input, origin),
} as const satisfies Partial<Operation<ResponsesBody, never>>

export function refuseTooLong({ promptTokens }: Cost, model: Model): void {
  if (promptTokens > model.maxInputTokens || promptTokens >= model.contextWindowTokens) throw inputTooLong()
}
