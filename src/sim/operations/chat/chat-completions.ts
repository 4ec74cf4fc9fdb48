import { step } from '../../base/slices.ts'
import { contextLengthExceeded, maxTokensTooLarge } from '../../errors.ts'
import { parseBody } from '../../http/validate.ts'
import type { Operation } from '../../operation.ts'
import type { Model } from '../../types.ts'
import { chatBackEnd } from './back-end.ts'
import { cacheWriteTokensOf, cachedTokensOf } from '../../answers/cached-tokens.ts'
import { ChatBody } from './body.ts'
import { chatAsk } from './ask.ts'
import { newId } from './envelope.ts'
import { isStoredChat, isLeft, keep, keptChunks } from './keep.ts'
import { detailsOf } from './details.ts'
import { refuseOwnData } from './own-data.ts'
import { type ChatAnswer, chatChunks } from './stream.ts'
import { isLongChat, longChat, wholeChat } from './whole.ts'
import type { Choice } from '../../answers/choice.ts'
import { judgePrompt, lookAhead } from '../../answers/content-filter.ts'
import { drawChoices, isBoundFor } from '../../answers/draw-choice.ts'
import { refuseManyPairs } from '../parts/body-fields.ts'
import { chatParameters, modelInput } from '../parts/extra-parameters.ts'
import { groundingOf } from '../../answers/grounding.ts'
import { estimatedChatTokens } from '../../measure/estimate.ts'
import { readPdfsIn } from '../../measure/pdf.ts'
import { tokensBeyond } from '../../measure/prompt-bound.ts'
import {
  chatPromptCharacters,
  functionTokens,
  messageTexts,
  promptTexts,
  requestPromptTokens,
} from '../../measure/prompt-tokens.ts'
import { refuseContents } from './refused-contents.ts'
import { refuseMessages } from './refused-messages.ts'
import { refuseParameters } from './refused-parameters.ts'
import { refuseRepetition } from './repetition.ts'
import { refuseResponseFormat } from './response-format.ts'
import { refuseManyAlternatives, refuseManyWeights } from '../../answers/token-logprobs.ts'
import { refuseTools } from '../../answers/tool-choice.ts'
import { isUnsorted, unsortedEvents, unsortedWhole } from './unsorted.ts'
import { refuseByVersion } from './version-gates.ts'
import type { UsageDetails } from '../parts/chat-usage.ts'
import { bareStreamError } from '../../errors/stream.ts'
import { routedChat } from './routed.ts'
import { refuseToolMessages } from './tool-messages.ts'

export const chatCompletions: Operation<ChatBody, ChatAnswer> = {
  scope: 'deployment',
  name: 'ChatCompletions_Create',
  accepts: { json: () => ChatBody },
  label: 'chatCompletion',
  method: 'POST',
  path: '/chat/completions',
  routes: [
    {
      surface: 'dated',
      template: '/openai/deployments/{deployment}/chat/completions',
    },
    { surface: 'v1', template: '/openai/v1/chat/completions' },
    { surface: 'inference', template: '/models/chat/completions' },
  ],
  modelKind: 'chat',
  defaultModel: 'gpt-4.1-mini',
  latency: 'chatCompletions',
  content: 'json',
  streamError: bareStreamError,
  checkDated: refuseByVersion,

  parse: (input, _, origin) => {
    refuseOwnData(input)
    refuseManyPairs(input)
    return parseBody(ChatBody, modelInput(input, chatParameters, origin))
  },

  routed: routedChat,
  readAhead: readPdfsIn,
  measure: (body, model) => {
    const promptCharacters = chatPromptCharacters(body.messages)
    return {
      promptTokens: tokensBeyond(promptCharacters, model.contextWindowTokens) ?? requestPromptTokens(body, model),
      promptCharacters,
      maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
      choices: body.n ?? 1,
      countsTokens: true,
    }
  },

  estimate: ({ messages }, { maxTokens }, { model }) => estimatedChatTokens(messages, maxTokens, model),

  check: (body, { promptTokens, maxTokens }, model) => {
    refuseMessages(body.messages)
    refuseParameters(body, model)
    refuseContents(body, model)
    refuseTools(body)
    refuseResponseFormat(body, model)
    refuseToolMessages(body.messages)
    const name = body.max_completion_tokens == null ? 'max_tokens' : 'max_completion_tokens'
    if (maxTokens !== undefined && maxTokens > model.maxOutputTokens)
      throw maxTokensTooLarge(name, maxTokens, model.maxOutputTokens)
    if (promptTokens > model.maxInputTokens || promptTokens >= model.contextWindowTokens)
      throw tooLong(body, model, promptTokens)
    if (maxTokens !== undefined && promptTokens + maxTokens > model.contextWindowTokens)
      throw tooLong(body, model, promptTokens, maxTokens)
  },

  lookAhead: ({ messages }, { contentFilter }) => {
    lookAhead(contentFilter, () => messageTexts(messages))
  },
  isSaid: true,
  leaves: isLeft,
  isStream: ({ stream }) => stream === true,
  backEnd: 'chat',
  backEndOf: chatBackEnd,
  withoutEffect: ['web_search_options', 'user_security_context'],
  tier: ({ service_tier: tier }) => tier,
  seed: ({ seed }) => seed ?? undefined,

  isSliced: ({ body, cost, wire, said }) =>
    wire.bytes.length > longBytes ||
    cost.choices > 1 ||
    said !== undefined ||
    body.response_format != null ||
    body.tools != null ||
    body.functions != null,

  generate: (call, config) => {
    const { cost, body, deployment, random, timing, said } = call
    const { contentFilter: filter } = config
    const { model } = deployment
    const grounding = body.data_sources ? groundingOf(body, { random, encoding: model.encoding }) : undefined
    const ask = chatAsk(body, cost, model, grounding?.citations.length)
    const { maxRepeats } = config.azure
    if (maxRepeats !== undefined) refuseRepetition(maxRepeats + 1, ask.promptTexts())
    const promptVerdict = judgePrompt(filter, ask.promptTexts)
    const drawn = drawChoices(ask, cost.choices, {
      config,
      random,
      timing,
      said,
      isBound: isBoundFor(config, deployment.name),
    })
    const { choices, completionTokens, longestTokens } = drawn
    refuseManyWeights(cost.choices, completionTokens, ask.alternatives)
    if (isStoredChat(call)) refuseManyAlternatives(completionTokens, ask.alternatives, maxStoredWeights)
    const texts = () => promptTexts(body)
    const cachedTokens = cachedTokensOf(call, config, { texts, key: body.prompt_cache_key })
    const details = detailsOf(call, choices, cachedTokens, cacheWriteTokensOf(call, config, cachedTokens))
    const promptTokens = cost.promptTokens + (grounding?.tokens ?? 0) + predictedTokens(details)
    const usage = { promptTokens, completionTokens, cachedTokens }
    const [{ thoughts, reasoningTokens = 0 } = {}] = choices as readonly Partial<Choice>[]
    const hiddenTokens = thoughts ? 0 : reasoningTokens
    const answer = { choices, usage, details, units: longestTokens, hiddenTokens, filter, promptVerdict, grounding }
    return isStoredChat(call) ? { ...answer, id: newId(call) } : answer
  },

  whole: (call, answer) => {
    if (isLongChat(answer) && !isUnsorted(call))
      return { contentType: 'application/json', pieces: longChat(call, answer) }
    const data = step(() => wholeChat(call, answer))
    if (answer.id !== undefined) keep(call, data)
    return { contentType: 'application/json', data: isUnsorted(call) ? unsortedWhole(data) : data }
  },

  events: (call, answer) => {
    const events = answer.id === undefined ? chatChunks(call, answer) : keptChunks(call, answer)
    return isUnsorted(call) ? unsortedEvents(events) : events
  },
}

/** Of likelihoods in a chat that is kept, which is read again for it. */
const maxStoredWeights = 20_000

/** Of a shorter request the answer is made in one go, unless it asks for more than a text. */
const longBytes = 16_384

/** What came as predicted was read with the prompt, but for a token (recorded February and March 2025). */
const predictedTokens = (details: UsageDetails | undefined) => Math.max(0, (details?.acceptedPredictionTokens ?? 0) - 1)

function tooLong(body: ChatBody, model: Model, promptTokens: number, completionTokens?: number) {
  // Where a prompt is so long that it was only estimated, its messages alone are.
  const isCounted = tokensBeyond(chatPromptCharacters(body.messages), model.contextWindowTokens) === undefined
  const hasTools = isCounted && (body.tools || body.functions)
  return contextLengthExceeded(model.contextWindowTokens, promptTokens, {
    ...(completionTokens !== undefined && { completionTokens }),
    ...(hasTools && { functionTokens: functionTokens(body, model) }),
  })
}
