/** Reads a request of the Responses API, with the conversation before it, and makes what the model is asked. */
import { step } from '../../base/slices.ts'
import { textOf } from '../../base/text-of.ts'
import { backgroundNeedsStore, promptNotFound } from '../../errors/responses.ts'
import { isObject } from '../../base/object.ts'
import type { BodyContext } from '../../operation.ts'
import type { Cost, Model } from '../../types.ts'
import type { Ask } from '../../answers/ask.ts'
import { tokensBeyond } from '../../measure/prompt-bound.ts'
import {
  chatPromptCharacters,
  type ChatMessage,
  messageTexts,
  type PromptBody,
  requestPromptTokens,
} from '../../measure/prompt-tokens.ts'
import { isOpenQuestion } from '../../answers/tool-choice.ts'
import { agentIn, type AgentReference } from './agents.ts'
import { doorOf, isOfProject } from './doors.ts'
import { type Conversation, readConversation } from './conversation.ts'
import { parseRequest, type ResponsesRequest } from './body.ts'
import { formatInPrompt, responsesJsonFormat } from './format.ts'
import type { Decision, McpHeard } from './mcp-types.ts'
import { offeredResponsesTools } from './tools.ts'

export type ResponsesBody = Conversation & {
  readonly request: ResponsesRequest
  /** The agent that answers, if any. */
  readonly agent: AgentReference | undefined
  /** The request names it as `agent`; then answers do so, too. */
  readonly tellsAgent: boolean
  readonly promptCharacters: number
  /** What real MCP servers answered, if any was asked. */
  readonly heard?: McpHeard | undefined
  /** Which tool is used, if that had to be decided before. */
  readonly decision?: Decision | undefined
}

/** Throws what the service refuses for every model. */
export function readBody(input: unknown, { resource, match }: Pick<BodyContext, 'resource' | 'match'>): ResponsesBody {
  const agent = isOfProject(doorOf({ match })) && isObject(input) ? agentIn(input, resource) : undefined
  const request = parseRequest(agent && isObject(input) ? withAgent(input, agent.said) : input)
  const { prompt } = request
  if (prompt !== undefined && prompt !== null) throw promptNotFound(idOf(prompt))
  if (request.background && request.store === false) throw backgroundNeedsStore()

  const read = readConversation(request, resource, doorOf({ match }))
  const tellsAgent = agent?.isTold === true
  const promptCharacters = step(() => chatPromptCharacters(read.messages))
  return { request, agent: agent?.reference, tellsAgent, ...read, promptCharacters }
}

function withAgent(input: Readonly<Record<string, unknown>>, said: Readonly<Record<string, unknown>>): object {
  const { agent: _, agent_reference: __, structured_inputs: ___, ...rest } = input
  return { ...said, ...rest, model: said['model'] }
}

const idOf = (kept: unknown): string => textOf(isObject(kept) ? kept['id'] : kept)

/** The prompt of a request, in the form of chat completions. */
export const promptOf = ({ request, messages }: ResponsesBody): PromptBody => ({
  isOfResponses: true,
  messages,
  tools: request.tools,
  tool_choice: request.tool_choice,
  reasoning_effort: request.reasoning?.effort,
  response_format: formatInPrompt(request),
})

export function measure(body: ResponsesBody, model: Model): Cost {
  const { request, promptCharacters } = body
  const maxTokens = request.max_output_tokens ?? undefined
  return {
    promptTokens:
      body.thoughtTokens +
      (request.truncation === 'auto' ? fittingTokens(body, model) : tokensOf(promptOf(body), model)),
    promptCharacters,
    maxTokens,
    choices: 1,
    countsTokens: true,
  }
}

const tokensOf = (prompt: PromptBody, model: Model): number =>
  tokensBeyond(chatPromptCharacters(prompt.messages), model.contextWindowTokens) ?? requestPromptTokens(prompt, model)

/**
 * With `truncation: auto` the oldest messages are left out until the rest fits. Messages of the system and the developer stay,
 * and so does the last message.
 */
function fittingTokens(body: ResponsesBody, model: Model): number {
  const prompt = promptOf(body)
  const tokenLimit = Math.min(
    model.maxInputTokens,
    model.contextWindowTokens - 1 - (body.request.max_output_tokens ?? 0),
  )
  const { messages } = prompt
  const isInstruction = ({ role }: ChatMessage) => role === 'system' || role === 'developer'
  const left = messages.flatMap((message, at) =>
    isInstruction(message) || at === messages.length - 1 ? [] : [message],
  )
  const without = (count: number) => {
    const dropped = new Set(left.slice(0, count))
    return tokensOf({ ...prompt, messages: messages.filter((message) => !dropped.has(message)) }, model)
  }
  let tokens = without(0)
  if (tokens <= tokenLimit) return tokens
  let tooFew = 0
  let enough = left.length
  tokens = without(enough)
  // A binary search, so that a long conversation is counted a few times, not once for each message.
  while (tokens <= tokenLimit && enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1
    const found = without(middle)
    if (found > tokenLimit) tooFew = middle
    else {
      enough = middle
      tokens = found
    }
  }
  return tokens
}

export function responsesAsk(
  { request, messages }: ResponsesBody,
  { promptTokens, maxTokens }: Cost,
  model: Model,
): Ask {
  return {
    model,
    promptTokens,
    maxTokens,
    stop: [],
    offer: offeredResponsesTools(request),
    isOpenQuestion: isOpenQuestion(messages),
    format: responsesJsonFormat(request),
    effort: request.reasoning?.effort,
    promptTexts: () => messageTexts(messages),
    formMessages: messages,
    isStream: request.stream === true,
    alternatives: request.include?.includes('message.output_text.logprobs') ? (request.top_logprobs ?? 0) : undefined,
    verbosity: request.text?.verbosity,
  }
}
