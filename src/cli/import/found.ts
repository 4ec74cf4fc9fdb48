/** What was found in a file of somebody else's, in the words of rules and recordings, and what could not be carried over. */
import type { JsonObject } from '../../sim/base/object.ts'
import type { ImportedExchange } from '../../sim/index.ts'

/** As it is written in a file of rules. */
export type FoundRule = { readonly name?: string; readonly when?: JsonObject; readonly then: JsonObject }

export type Found = {
  readonly rules: readonly FoundRule[]
  /** Whole requests with their answers, where the file has such. */
  readonly exchanges: readonly ImportedExchange[]
  /** A line each. */
  readonly left: readonly string[]
}

export const isJson = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

export const objectsIn = (value: unknown): readonly JsonObject[] => listOf(value).filter(isJson)

export const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** A text that a rule looks for as it stands: `/…/` would be a pattern. */
export const soughtText = (text: string): string =>
  /^\/.+\/[a-z]*$/s.test(text) ? `/${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}/i` : text

/** The content of a message: a text, or its parts' texts. */
function contentOf(content: unknown): string {
  if (typeof content === 'string') return content
  return objectsIn(content)
    .map(({ text }) => textIn(text) ?? '')
    .filter((text) => text !== '')
    .join('\n')
}

/** Arguments as an object where they are JSON, else as they are. */
export function argumentsOf(given: unknown): unknown {
  if (typeof given !== 'string') return given ?? {}
  try {
    return JSON.parse(given) as unknown
  } catch {
    return given
  }
}

/** What a chat asked that a rule can look for: the last text of the user, and how many there were. */
export function whenOfMessages(messages: readonly JsonObject[]): JsonObject | undefined {
  const said = messages.filter(({ role }) => role === 'user').map(({ content }) => contentOf(content))
  const prompt = said.at(-1)?.trim() ?? ''
  if (prompt === '') return undefined
  const last = messages.at(-1)
  const result = last?.role === 'tool' ? calledBy(messages, last.tool_call_id) : undefined
  return {
    prompt: soughtText(prompt),
    ...(said.length > 1 && { turn: said.length }),
    ...(result !== undefined && { toolResult: result }),
  }
}

function calledBy(messages: readonly JsonObject[], id: unknown): string | undefined {
  const calls = messages.flatMap(({ tool_calls: made }) => objectsIn(made))
  const call = calls.find((made) => made.id === id)?.function
  return isJson(call) ? textIn(call.name) : undefined
}

/** As the service words an error, with its status. */
export function thenOfError(status: number, { error }: JsonObject): FoundRule['then'] {
  const { code, message } = isJson(error) ? error : {}
  const [saidCode, saidMessage] = [textIn(code), textIn(message)]
  return {
    error: {
      status,
      ...(saidCode !== undefined && { code: saidCode }),
      ...(saidMessage !== undefined && { message: saidMessage }),
    },
  }
}

/** What the message of an assistant says, in the words of a rule. */
export function thenOfMessage({ content, refusal, tool_calls: made }: JsonObject): JsonObject | undefined {
  const calls = objectsIn(made).map(({ function: called }) => (isJson(called) ? called : {}))
  if (calls.length > 0)
    return { toolCalls: calls.map(({ name, arguments: given }) => ({ name, arguments: argumentsOf(given) })) }
  if (typeof refusal === 'string' && refusal !== '') return { refusal }
  const text = contentOf(content)
  return text === '' ? undefined : { text }
}
