/** What a generator is asked, and what it says. */
import { isObject } from '../base/object.ts'
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

/**
 * The conversation in the words of every API that has one: chat, responses, Claude; a completion's prompt is a user's.
 * What a tool said is a `tool`'s in all of them, and told even where it is nothing, so that an agent's loop can end.
 */
function messagesOf(body: unknown): GeneratorCall['messages'] {
  if (!isObject(body)) return []
  const said: { readonly role: string; readonly text: string }[] = []
  const add = (role: string, content: unknown) => {
    const text = textOf(content)
    if (text !== '' || role === 'tool') said.push({ role, text })
  }
  add('system', body['instructions'] ?? body['system'])
  const { messages, input, prompt } = body
  if (typeof input === 'string') add('user', input)
  else
    for (const message of Array.isArray(messages) ? messages : Array.isArray(input) ? input : [])
      if (isObject(message)) addMessage(message, add)
  for (const text of Array.isArray(prompt) ? prompt : [prompt]) add('user', text)
  return said
}

/** Of the items of a response without a role, the outputs of tools alone say something. */
function addMessage(message: Readonly<Record<string, unknown>>, add: (role: string, content: unknown) => void): void {
  const { role, content, type, output } = message
  // Claude's results of tools are parts of a user's message, before its texts.
  for (const part of Array.isArray(content) ? (content as readonly unknown[]) : [])
    if (isObject(part) && part['type'] === 'tool_result') add('tool', part['content'])
  if (typeof role === 'string') add(role, content)
  else if (typeof type === 'string' && type.endsWith('_output')) add('tool', output)
  else if (type === undefined) add('user', content)
}

/** Texts alone: a picture or a sound says nothing here. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((part: unknown) => (isObject(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .filter((text) => text !== '')
    .join('\n')
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
  const { text, toolCalls, finishReason } = answer
  const isCall = (call: unknown) => isObject(call) && typeof call['name'] === 'string'
  return (
    (text === undefined || typeof text === 'string') &&
    (finishReason === undefined || finishReason === 'stop' || finishReason === 'length') &&
    (toolCalls === undefined || (Array.isArray(toolCalls) && toolCalls.every(isCall)))
  )
}
