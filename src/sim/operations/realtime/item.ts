/** What stands in the conversation of a Realtime session. */
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import type { Json } from '../../live/session.ts'
import type { Message } from '../../measure/prompt-tokens.ts'

export type Item = {
  readonly id: string
  readonly told: Json
  /** How long its sound is; what was cut off is not there any more. */
  soundMs: number
}

const textIn = ({ content }: Json): string =>
  Array.isArray(content)
    ? content.map((part: unknown) => (isObject(part) ? textOf(part['text'] ?? part['transcript'] ?? '') : '')).join(' ')
    : ''

/** As the model reads it. */
export function messageOf({ told }: Item): Message {
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

/** In, sound counts ten tokens a second (remembered from the upstream API's page of costs). */
export const heardTokens = (items: readonly Item[]): number =>
  items.reduce((sum, { soundMs, told }) => sum + (told['role'] === 'user' ? Math.ceil(soundMs / 100) : 0), 0)
