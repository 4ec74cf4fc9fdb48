/** From a chat completion's body to what it asks of its model. */
import type { Cost, Model } from '../../types.ts'
import type { Ask } from './ask.ts'
import type { ChatBody } from './chat-body.ts'
import { stopsOf } from './completion-fields.ts'
import { messageTexts } from './prompt-tokens.ts'
import { jsonFormatOf } from './response-format.ts'
import { isOpenQuestion, offeredTools } from './tool-choice.ts'

export function askOf(body: ChatBody, { promptTokens, maxTokens }: Cost, model: Model): Ask {
  const offer = offeredTools(body)
  return {
    model,
    promptTokens,
    maxTokens,
    stop: stopsOf(body.stop),
    offer,
    isOpenQuestion: offer !== undefined && isOpenQuestion(body.messages),
    format: jsonFormatOf(body.response_format),
    effort: body.reasoning_effort,
    promptTexts: () => messageTexts(body.messages),
    isStream: body.stream === true,
    alternatives: body.logprobs === true ? (body.top_logprobs ?? 0) : undefined,
    verbosity: body.verbosity,
  }
}
