/** A choice that is more than a text of its own accord: calls of tools, or JSON. */
import type { Config } from '../../config/config.ts'
import type { Call } from '../../types.ts'
import type { ChatBody } from './chat-body.ts'
import type { ChatChoice } from './chat-choice.ts'
import { completionText, cutAtStop, type Wish } from './completion-text.ts'
import { cutText } from './cut-text.ts'
import { jsonContent, jsonFormatOf } from './response-format.ts'
import { callChoice } from './tool-calls.ts'
import { isOpenQuestion, type Offer, offerOf } from './tool-choice.ts'

/** Whether nothing is asked for but text. */
export const isPlainText = ({ tools, functions, response_format: format }: ChatBody): boolean =>
  !tools && !functions && (format === undefined || format === null)

export function answerChoice(call: Call<ChatBody>, wish: Wish, { generate }: Config): ChatChoice {
  const { body, deployment, random, timing } = call
  const mostTokens = Math.min(wish.maxTokens ?? Infinity, wish.roomTokens)
  const offer = offerOf(body)
  if (offer && isCalled(offer, body, () => random.fraction() < generate.toolCallProbability))
    return callChoice({ offer, model: deployment.model, mostTokens, random, timing })

  const format = jsonFormatOf(body.response_format)
  if (!format) return completionText(wish, random)
  const { text, isCut } = cutText(jsonContent(format, random), mostTokens, wish.encoding)
  return cutAtStop({ text, finishReason: isCut ? 'length' : 'stop' }, wish)
}

const isCalled = ({ mode }: Offer, { messages }: ChatBody, isDrawn: () => boolean) =>
  mode !== 'auto' || (isOpenQuestion(messages) && isDrawn())
