/** How many tokens a chat prompt is, by formulas that were checked against recorded answers of the service. */
import { countTokens } from '../../models/tokenizer.ts'
import type { Model } from '../../types.ts'

export type Message = {
  readonly role: string
  readonly content?:
    | string
    | null
    | readonly { readonly type: string; readonly text?: unknown; readonly refusal?: unknown }[]
    | undefined
  readonly name?: string | undefined
  readonly tool_calls?: readonly ToolCall[] | null | undefined
}

export type ToolCall = { readonly function?: { readonly name: string; readonly arguments: string } | undefined }

/** What each message costs beyond its texts, and what the whole does. */
const overheads = {
  'gpt-35-0301': { perMessage: 4, countsRole: true, whole: 3 },
  'gpt-4': { perMessage: 3, countsRole: true, whole: 3 },
  // One user message is its text and six; how that splits over several is fitted, not known.
  'gpt-5': { perMessage: 4, countsRole: false, whole: 2 },
} as const

export function chatPromptTokens(messages: readonly Message[], model: Model): number {
  const { perMessage, countsRole, whole } = overheads[model.promptFormat]
  const count = (text: string) => countTokens(text, model.encoding)
  let tokens = whole
  for (const message of messages) {
    tokens += perMessage + (countsRole ? count(message.role) : 0)
    for (const text of textsOf(message)) tokens += count(text)
    if (message.name !== undefined) tokens += count(message.name) + 1
    for (const call of message.tool_calls ?? [])
      if (call.function) tokens += count(call.function.name) + count(call.function.arguments) + 7
  }
  return tokens
}

export function chatPromptCharacters(messages: readonly Message[]): number {
  let characters = 0
  for (const message of messages) for (const text of textsOf(message)) characters += text.length
  return characters
}

function textsOf({ content }: Message): readonly string[] {
  if (content === null || content === undefined) return []
  if (typeof content === 'string') return [content]
  return content.flatMap(({ text, refusal }) =>
    typeof text === 'string' ? [text] : typeof refusal === 'string' ? [refusal] : [],
  )
}
