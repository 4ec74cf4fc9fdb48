/** The items of a conversation: as clients send them, and as the service lists them. */
import { step } from '../../base/slices.ts'
import { emptyString, invalidType, invalidValue, missingParameter, stringTooLong } from '../../errors.ts'
import { found } from '../../http/validate.ts'
import { refuseSoundPart } from '../../answers/sound-data.ts'
import { isObject } from '../../base/object.ts'
import { maxTextCharacters } from '../../measure/prompt-bound.ts'
import { refuseName } from '../parts/body-fields.ts'
import type { ItemInput, ResponsesRequest } from './body.ts'
import { refuseItemId } from './ids.ts'

/** Keys in the service's order; without an id where the client gave none. */
export type Item = { readonly id?: string | undefined; readonly type: string; readonly [key: string]: unknown }

export type KeptItem = Item & { readonly id: string }

/** Looks up items that clients only refer to, and checks encrypted ones. */
export type Known = {
  /** An item that the resource keeps. Throws if there is none. */
  readonly named: (id: string) => Item
  /** Throws if a reasoning item is not kept. */
  readonly thought: (id: string) => void
  /** Throws if the resource did not make this content. */
  readonly encrypted: (content: string) => void
}

export function readInput(input: ResponsesRequest['input'], known: Known): readonly Item[] {
  if (input === null || input === undefined) return []
  if (typeof input === 'string') return [message('user', [{ type: 'input_text', text: input }])]
  return readItems(input, 'input', known)
}

export const readItems = (items: readonly ItemInput[], at: string, known: Known): readonly Item[] =>
  items.map((item, index) => step(() => readItem(item, `${at}[${index}]`, known)))

const message = (role: string, content: unknown, id?: string): Item => ({
  ...(id !== undefined && { id }),
  type: 'message',
  status: 'completed',
  content,
  role,
})

const roles = ['assistant', 'system', 'developer', 'user']

/** In the order in which the service lists them (recorded February 2026, of the type `''`). */
const kinds = [
  'apply_patch_call',
  'apply_patch_call_output',
  'code_interpreter_call',
  'compaction',
  'computer_call',
  'computer_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'file_search_call',
  'function_call',
  'function_call_output',
  'image_generation_call',
  'item_reference',
  'local_shell_call',
  'local_shell_call_output',
  'mcp_approval_request',
  'mcp_approval_response',
  'mcp_call',
  'mcp_list_tools',
  'message',
  'reasoning',
  'shell_call',
  'shell_call_output',
  'web_search_call',
]

function readItem(item: ItemInput, at: string, known: Known): Item {
  const type = item.type ?? (item['role'] === undefined ? 'item_reference' : 'message')
  const id = item.id ?? undefined
  if (id !== undefined && type !== 'item_reference') refuseItemId(id, type, `${at}.id`)
  switch (type) {
    case 'message':
      return readMessage(item, at)
    case 'item_reference':
      if (id === undefined) throw item.type ? missingParameter(`${at}.id`) : unsupported(at, '', roles)
      return known.named(id)
    case 'function_call':
    case 'custom_tool_call': {
      const key = type === 'function_call' ? 'arguments' : 'input'
      const told = { [key]: textIn(item, key, at), call_id: callIdIn(item, at), name: textIn(item, 'name', at) }
      refuseName(told.name, `${at}.name`)
      const sorted = type === 'function_call' ? told : { call_id: told.call_id, input: told['input'], name: told.name }
      return { ...(id !== undefined && { id }), type, status: 'completed', ...sorted }
    }
    case 'function_call_output':
    case 'custom_tool_call_output':
      return {
        ...(id !== undefined && { id }),
        type,
        status: 'completed',
        call_id: callIdIn(item, at),
        output: readContent(item['output'], inputParts, `${at}.output`, (text) => text),
      }
    case 'reasoning':
    case 'compaction': {
      const { encrypted_content: content } = item
      if (content === undefined || content === null) {
        if (type === 'compaction') throw missingParameter(`${at}.encrypted_content`)
        if (id !== undefined) known.thought(id)
      } else known.encrypted(textIn(item, 'encrypted_content', at))
      return { ...item, type, id }
    }
    case 'shell_call_output': {
      const { output } = item
      if (output === undefined || output === null) throw missingParameter(`${at}.output`)
      if (!Array.isArray(output)) throw invalidType(`${at}.output`, 'an array of objects', found(output))
      const outputs = output.map((one: unknown, index) => readOutput(one, `${at}.output[${index}]`))
      return { status: 'completed', ...item, type, id, call_id: callIdIn(item, at), output: outputs }
    }
    case 'apply_patch_call_output': {
      const status = textIn(item, 'status', at)
      if (!['completed', 'failed'].includes(status)) throw unsupported(`${at}.status`, status, ['completed', 'failed'])
      return { ...item, type, id, call_id: callIdIn(item, at), status }
    }
    default:
      if (kinds.includes(type)) return { ...item, type, id }
      throw unsupported(at, type, kinds)
  }
}

/** The output of one command (types of the official SDK, 2026). */
function readOutput(output: unknown, at: string) {
  if (!isObject(output)) throw invalidType(at, 'an object', found(output))
  const { outcome } = output
  if (outcome === undefined || outcome === null) throw missingParameter(`${at}.outcome`)
  if (!isObject(outcome)) throw invalidType(`${at}.outcome`, 'an object', found(outcome))
  const type = textIn(outcome, 'type', `${at}.outcome`)
  if (type !== 'exit' && type !== 'timeout') throw unsupported(`${at}.outcome.type`, type, ['exit', 'timeout'])
  if (type === 'exit' && !Number.isSafeInteger(outcome['exit_code'])) throw missingParameter(`${at}.outcome.exit_code`)
  return { ...output, stdout: textIn(output, 'stdout', at), stderr: textIn(output, 'stderr', at) }
}

/** Bounds of the published API description. */
function callIdIn(item: ItemInput, at: string): string {
  const callId = textIn(item, 'call_id', at)
  if (callId === '') throw emptyString(`${at}.call_id`)
  if (callId.length > maxCallIdCharacters) throw stringTooLong(`${at}.call_id`, maxCallIdCharacters, callId.length)
  return callId
}

const maxCallIdCharacters = 64

const inputParts = ['input_text', 'input_image', 'input_file', 'input_audio']
const outputParts = ['output_text', 'refusal']
/** The parts that there are, and which of them a client may say, as users quote the service's lists (2025). */
const allParts = [
  'input_text',
  'input_image',
  'output_text',
  'refusal',
  'input_file',
  'computer_screenshot',
  'summary_text',
]
const toldInputParts = ['input_text', 'input_image', 'input_file']

function readMessage(item: ItemInput, at: string): Item {
  const role = textIn(item, 'role', at)
  if (!roles.includes(role)) throw unsupported(at, role, roles)
  const isAnswer = role === 'assistant'
  const content = readContent(item['content'], isAnswer ? outputParts : inputParts, `${at}.content`, (text) => [
    isAnswer ? { type: 'output_text', annotations: [], text } : { type: 'input_text', text },
  ])
  return message(role, content, item.id ?? undefined)
}

function readContent(
  content: unknown,
  kinds: readonly string[],
  at: string,
  whole: (text: string) => unknown,
): unknown {
  if (content === undefined || content === null) throw missingParameter(at)
  if (typeof content === 'string') return whole(bounded(content, at))
  if (!Array.isArray(content)) throw invalidType(at, 'one of a string or array of objects', found(content))
  return content.map((part: unknown, index) => {
    const param = `${at}[${index}]`
    if (!isObject(part)) throw invalidType(param, 'an object', found(part))
    const { type } = part
    if (type === undefined) throw missingParameter(`${param}.type`)
    if (typeof type !== 'string' || !kinds.includes(type)) throw refusedPart(param, type, kinds)
    if (type === 'input_text' || type === 'output_text') textIn(part, 'text', param)
    if (type === 'input_audio') refuseSoundPart(part, param)
    return { type, ...part }
  })
}

/** A part that there is nowhere, or one that does not belong there. */
const refusedPart = (param: string, type: unknown, kinds: readonly string[]) =>
  allParts.some((part) => part === type)
    ? unsupported(param, type, kinds === inputParts ? toldInputParts : kinds)
    : unsupported(`${param}.type`, type, allParts)

function textIn(holder: Readonly<Record<string, unknown>>, key: string, at: string): string {
  const value = holder[key]
  if (value === undefined || value === null) throw missingParameter(`${at}.${key}`)
  if (typeof value !== 'string') throw invalidType(`${at}.${key}`, 'a string', found(value))
  return bounded(value, `${at}.${key}`)
}

function bounded(text: string, param: string): string {
  if (text.length <= maxTextCharacters) return text
  throw stringTooLong(param, maxTextCharacters, text.length)
}

function unsupported(param: string, value: unknown, supported: readonly string[]) {
  const known = supported.map((name, at) => `${at > 0 && at === supported.length - 1 ? 'and ' : ''}'${name}'`)
  const shown = typeof value === 'string' ? value : JSON.stringify(value)
  const list = known.join(supported.length > 2 ? ', ' : ' ')
  return invalidValue(param, `Invalid value: '${shown}'. Supported values are: ${list}.`)
}
