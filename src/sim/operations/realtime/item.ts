/** The items of a Realtime session's conversation. */
import { isObject, type JsonObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import type { ChatMessage } from '../../measure/prompt-tokens.ts'
import { mcpMessages } from './mcp-items.ts'
import type { Format } from './settings.ts'
import { soundIn, soundMsOf } from './sound.ts'

export type SessionItem = {
  readonly id: string
  readonly told: JsonObject
  /** The length of its sound, without what was truncated. */
  readonly soundMs: number
}

const partsOf = ({ content }: JsonObject): readonly JsonObject[] =>
  Array.isArray(content) ? content.filter(isObject) : []

/** An item from a client. The length of its sound is kept, not the sound. Throws an `ApiError` for invalid sound. */
export function givenItem(id: string, { id: _, ...given }: JsonObject, format: Format): SessionItem {
  let soundMs = 0
  const content = partsOf(given).map(({ audio, ...part }) => {
    if (typeof audio !== 'string') return part
    soundMs += soundMsOf(soundIn(audio, format).length, format)
    return { ...part, transcript: part['transcript'] ?? null }
  })
  const { type, status, object: ____, ...rest } = given
  const told = { id, type, status: status ?? 'completed', ...rest, ...(Array.isArray(given['content']) && { content }) }
  return { id, told, soundMs }
}

/** The text of an item; sound of the user has none. */
const textIn = (told: JsonObject): string =>
  partsOf(told)
    .map(({ type, text, transcript }) => textOf(text ?? (type === 'input_audio' ? '' : transcript) ?? ''))
    .join(' ')

/** The item in the form of chat completions. */
function chatMessagesOf({ told }: SessionItem): readonly ChatMessage[] {
  return mcpMessages(told) ?? [chatMessageOf(told)]
}

/** No model could read more. */
const maxReadCharacters = 1_048_576

/** Of more than any model could read, the latest. */
export function latestMessages(items: readonly SessionItem[]): readonly ChatMessage[] {
  const messages: (readonly ChatMessage[])[] = []
  let characters = 0
  for (const item of items.toReversed()) {
    const some = chatMessagesOf(item)
    for (const { content } of some) if (typeof content === 'string') characters += content.length
    if (characters > maxReadCharacters && messages.length > 0) break
    messages.push(some)
  }
  return messages.toReversed().flat()
}

function chatMessageOf(told: JsonObject): ChatMessage {
  const { type } = told
  if (type === 'function_call')
    return {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: told['call_id'], function: { name: textOf(told['name']), arguments: textOf(told['arguments']) } },
      ],
    }
  if (type === 'function_call_output')
    return { role: 'tool', tool_call_id: told['call_id'], content: textOf(told['output']) }
  return { role: textOf(told['role'] ?? 'user'), content: textIn(told) }
}

const heardMsPerToken = 100
const saidMsPerToken = 50

/**
 * A second of sound is ten tokens from the user and twenty from the model (remembered from the upstream API's page on
 * costs).
 */
export const heardTokens = (items: readonly SessionItem[]): number =>
  items.reduce(
    (sum, { soundMs, told }) =>
      sum + Math.ceil(soundMs / (told['role'] === 'assistant' ? saidMsPerToken : heardMsPerToken)),
    0,
  )

/** Removes the sound that was not heard, and the transcript with it. */
export const truncated = ({ id, told }: SessionItem, soundMs: number): SessionItem => ({
  id,
  soundMs,
  told: { ...told, content: partsOf(told).map(({ transcript: _, ...part }) => part) },
})

export const isSpoken = ({ told }: SessionItem): boolean =>
  told['role'] === 'assistant' && partsOf(told).some(({ type }) => type === 'output_audio' || type === 'audio')
