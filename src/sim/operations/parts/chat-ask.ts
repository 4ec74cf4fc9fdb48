/** From a chat completion's body to what it asks of its model. */
import type { Cost, Model } from '../../types.ts'
import type { Ask } from './ask.ts'
import type { ChatBody } from './chat-body.ts'
import { stopsOf } from './completion-fields.ts'
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
    verbosity: body.verbosity,
  }
}
