/** What was said in a conversation, whichever API's. */
import { isObject } from '../base/object.ts'

export type SaidMessage = { readonly role: string; readonly text: string }

/**
 * The conversation in the words of every API that has one: chat, responses, Claude; a completion's prompt and the input of
 * an embedding are a user's.
 * What a tool said is a `tool`'s in all of them, and told even where it is nothing, so that an agent's loop can end.
 */
export function messagesOf(body: unknown): readonly SaidMessage[] {
  if (!isObject(body)) return []
  const said: SaidMessage[] = []
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
      else if (typeof message === 'string') add('user', message)
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
