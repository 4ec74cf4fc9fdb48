/**
 * Ids of responses and of their items, as they were taken apart (recorded 2025-2026): after the prefix 16 hexadecimal
 * digits that all items of one response share, a byte that tells whether it is stored, the second of the making, and 24
 * digits of which some are always the same.
 */
import { hexText, type Random } from '../../random.ts'
import type { Item, KeptItem } from './items.ts'

export type IdMaker = (prefix: string) => string

export function idMaker(random: Random, createdAtSeconds: number, isStored: boolean): IdMaker {
  const shared = hexText(random, 16)
  const stored = isStored ? '00' : '01'
  const second = (createdAtSeconds >>> 0).toString(16).padStart(8, '0')
  return (prefix) =>
    `${prefix}_${shared}${stored}${second}${hexText(random, 4)}819${random.below(8)}${hexText(random, 16)}`
}

/** The digits that a response and all its items have in common. */
export function sharedDigits(id: string): string {
  const start = id.indexOf('_') + 1
  return id.slice(start, start + 16)
}

/** An item as it is kept: clients need not name theirs. */
export const withId = ({ id, ...item }: Item, newId: IdMaker): KeptItem => ({
  id: id ?? newId(prefixes[item.type] ?? 'item'),
  ...item,
  type: item.type,
})

const prefixes: Readonly<Record<string, string>> = {
  message: 'msg',
  reasoning: 'rs',
  compaction: 'cmp',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
}
