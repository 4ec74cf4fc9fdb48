/** What a generator is asked, and what it says. */
import { isObject } from '../base/object.ts'
import { messagesOf } from '../answers/conversation.ts'
import type { Call } from '../operation.ts'
import { toCall } from './call.ts'
import type { GeneratorCall, Said } from './define.ts'
import { ExtensionError } from './extension-error.ts'

export function toGeneratorCall(call: Call): GeneratorCall {
  const { cost, deployment, random } = call
  const asked = toCall(call)
  const { contextWindowTokens, maxOutputTokens } = deployment.model
  return {
    ...asked,
    messages: messagesOf(asked.body),
    maxTokens: Math.min(cost.maxTokens ?? Infinity, maxOutputTokens, contextWindowTokens - cost.promptTokens),
    random: () => random.fraction(),
  }
}

/** A text alone stands for an answer that says it. */
export async function said(asked: Promise<unknown>, who: string): Promise<Said | undefined> {
  const answer = await asked
  if (answer === undefined) return undefined
  if (typeof answer === 'string') return { text: answer }
  if (isSaid(answer)) return answer
  throw new ExtensionError(who, 'it answered neither a text nor { text, toolCalls, finishReason }')
}

function isSaid(answer: unknown): answer is Said {
  if (!isObject(answer)) return false
  const { text, refusal, toolCalls, finishReason } = answer
  const isCall = (call: unknown) => isObject(call) && typeof call['name'] === 'string'
  return (
    (text === undefined || typeof text === 'string') &&
    (refusal === undefined || typeof refusal === 'string') &&
    (finishReason === undefined || finishReason === 'stop' || finishReason === 'length') &&
    (toolCalls === undefined || (Array.isArray(toolCalls) && toolCalls.every(isCall)))
  )
}
