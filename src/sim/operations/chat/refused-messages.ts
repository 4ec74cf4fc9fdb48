/** What a message must have, by the role of who says it. Texts as users quote them (2023-2026). */
import { invalidRequest, missingParameter } from '../../errors.ts'
import type { ChatBody } from './body.ts'

type Message = ChatBody['messages'][number]

export function refuseMessages(messages: readonly Message[]): void {
  for (const [index, message] of messages.entries()) {
    const { role, content } = message
    if (role === 'tool' && message.tool_call_id == null) throw missingFor('tool', 'tool_call_id', index)
    if (role === 'function' && message.name == null) throw missingFor('function', 'name', index)
    if (content == null && !speaksWithoutContent(message))
      throw invalidRequest(
        "Invalid value for 'content': expected a string, got null.",
        `messages.[${index}].content`,
        null,
      )
    for (const [at, call] of (message.tool_calls ?? []).entries()) {
      if (call[call.type] !== undefined) continue
      throw missingParameter(`messages[${index}].tool_calls[${at}].${call.type}`)
    }
  }
}

/** An assistant's message may have calls, a refusal or sound in place of a text. */
const speaksWithoutContent = ({ role, tool_calls: calls, function_call: call, refusal, audio }: Message): boolean =>
  role === 'assistant' && [calls, call, refusal, audio].some((member) => member != null)

const missingFor = (role: string, name: string, index: number) =>
  invalidRequest(
    `Missing parameter '${name}': messages with role '${role}' must have a '${name}'.`,
    `messages.[${index}].${name}`,
    null,
  )
