/** What an event of a stream says, whichever API's it is. */
import { isObject, objectIn, type JsonObject } from '../base/object.ts'

/** The JSON of its data, where it is some. */
export function eventJson(event: Buffer): JsonObject | undefined {
  const text = /^data: ?(\{.*)$/m.exec(event.toString('utf8'))?.[1]
  return text === undefined ? undefined : objectIn(text)
}

/** The same event with another JSON. */
export const withJson = (event: Buffer, json: unknown): Buffer =>
  Buffer.from(event.toString('utf8').replace(/^data: ?\{.*$/m, () => `data: ${JSON.stringify(json)}`))

/** The piece of text, of a refusal, of thinking or of a call's arguments that it brings. */
export function contentOf(event: Buffer): string {
  const json = eventJson(event)
  if (!json) return ''
  const { delta, choices, type } = json
  if (typeof delta === 'string') return typeof type === 'string' && type.endsWith('.delta') ? delta : ''
  if (isObject(delta)) return textOf(delta)
  return (Array.isArray(choices) ? (choices as readonly unknown[]) : [])
    .map((choice) => (isObject(choice) ? (isObject(choice.delta) ? textOf(choice.delta) : textOf(choice)) : ''))
    .join('')
}

/** Whether it brings a piece of the answer: a text, a picture or sound. */
export function bringsContent(event: Buffer): boolean {
  if (contentOf(event) !== '') return true
  const { b64_json: picture, audio } = eventJson(event) ?? {}
  return typeof picture === 'string' || typeof audio === 'string'
}

const names = ['content', 'refusal', 'text', 'thinking', 'partial_json', 'reasoning_content', 'arguments']

function textOf(delta: JsonObject): string {
  const calls: readonly unknown[] = Array.isArray(delta.tool_calls) ? delta.tool_calls : []
  const called = calls.map((call) => (isObject(call) && isObject(call.function) ? textOf(call.function) : ''))
  const legacy = isObject(delta.function_call) ? textOf(delta.function_call) : ''
  const own = names.map((name) => delta[name]).filter((text) => typeof text === 'string')
  return [...own, legacy, ...called].join('')
}
