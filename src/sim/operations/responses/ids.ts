/**
 * Ids of responses and of their items (recorded 2025-2026). After the prefix: 16 hexadecimal digits that all ids of a thread share,
 * a byte that says whether it is stored, the second of its creation, and 24 digits of which some are always the same.
 */
import { table } from '../../base/object.ts'
import { invalidValue, stringTooLong } from '../../errors.ts'
import { base62Text, hexText, type Random } from '../../random.ts'
import type { Item, KeptItem } from './items.ts'

export type IdMaker = (prefix: string) => string

type Thread = {
  readonly createdAtSeconds: number
  readonly isStored: boolean
  /** The thread that it continues; a new one if absent. */
  readonly thread?: string | undefined
}

export function idMaker(random: Random, { createdAtSeconds, isStored, thread }: Thread): IdMaker {
  const shared = thread ?? hexText(random, threadDigits)
  const stored = isStored ? '00' : '01'
  const second = (createdAtSeconds >>> 0).toString(16).padStart(8, '0')
  return (prefix) =>
    `${prefix}_${shared}${stored}${second}${hexText(random, 4)}819${random.below(8)}${hexText(random, 16)}`
}

const threadDigits = 16

/** Ids of a conversation and of the items that are added to it: the shared digits, then letters and digits (recorded 2025-2026). */
export function conversationIdMaker(random: Random, thread = hexText(random, threadDigits)): IdMaker {
  return (prefix) => `${prefix}_${thread}00${base62Text(random, 32)}`
}

/** The digits of an id that its thread shares. */
export const threadOf = (id: string): string | undefined => /^[a-z]+_([0-9a-f]{16})0[01][0-9A-Za-z]{32}$/.exec(id)?.[1]

/** The item with an id: clients may leave it out. */
export const withId = ({ id, ...item }: Item, newId: IdMaker): KeptItem => ({
  id: id ?? newId(prefixes[item.type] ?? 'item'),
  ...item,
  type: item.type,
})

const prefixes: Readonly<Record<string, string>> = table({
  message: 'msg',
  reasoning: 'rs',
  compaction: 'cmp',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
  web_search_call: 'ws',
  file_search_call: 'fs',
  code_interpreter_call: 'ci',
  image_generation_call: 'ig',
  computer_call: 'cu',
  local_shell_call: 'lsh',
  shell_call: 'sh',
  shell_call_output: 'sho',
  apply_patch_call: 'apc',
  apply_patch_call_output: 'apco',
  mcp_list_tools: 'mcpl',
  mcp_approval_request: 'mcpr',
  mcp_call: 'mcp',
})

/** The id of an output must begin like that of its call, as ids of older outputs do. */
const required: Readonly<Record<string, string>> = table({
  ...prefixes,
  function_call_output: 'fc',
  custom_tool_call_output: 'ctc',
  shell_call_output: 'sh',
  apply_patch_call_output: 'apc',
})

/** Throws for an id that no item of its type can have. Messages as users quote them (2025-2026). */
export function refuseItemId(id: string, type: string, param: string): void {
  refuseId(id, required[type], param)
}

export function refuseId(id: string, prefix: string | undefined, param: string): void {
  if (id.length > maxIdCharacters) throw stringTooLong(param, maxIdCharacters, id.length)
  const expected = !/^[\w-]*$/.test(id)
    ? 'contains letters, numbers, underscores, or dashes, but this value contained additional characters'
    : prefix !== undefined && !id.startsWith(prefix)
      ? `begins with '${prefix}'`
      : undefined
  if (expected === undefined) return
  throw invalidValue(param, `Invalid '${param}': '${id}'. Expected an ID that ${expected}.`)
}

const maxIdCharacters = 64
