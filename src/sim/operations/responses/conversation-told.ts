/** The form of conversations, their items and lists at each door; and which items a door accepts. */
import * as z from 'zod'
import { tooManyItems } from '../../errors/conversations.ts'
import { itemNotFound } from '../../errors/responses.ts'
import type { AnyCall } from '../../operation.ts'
import type { Plan } from '../../types.ts'
import { optional } from '../parts/body-fields.ts'
import type { Page } from '../parts/page.ts'
import { jsonPlan } from '../parts/whole-plan.ts'
import type { KeptConversation } from './conversation-store.ts'
import { type Door, doorOf, isOfProject } from './doors.ts'
import { itemInput, type ItemInput } from './body.ts'
import { type Item, type KeptItem, readItems } from './items.ts'
import { projectItem } from './project-writer.ts'
import { objectPlan } from './stored.ts'

const maxItems = 20

/** The maximum is checked after the body, because a project words that error in its own way. */
export const itemsSent = () => optional(z.array(itemInput()))

export function itemsOf(call: AnyCall, items: readonly ItemInput[] | null | undefined): readonly Item[] {
  const door = doorOf(call)
  if (items && items.length > maxItems) throw tooManyItems(maxItems, items.length, door)
  const known = {
    named: (id: string) => {
      throw itemNotFound(id, true)
    },
    thought: () => undefined,
    encrypted: () => undefined,
  }
  return readItems(items ?? [], 'items', known)
}

export function toldConversation(door: Door, { id, createdAtSeconds, metadata }: KeptConversation): object {
  const head = { id, object: 'conversation' }
  return door === 'project'
    ? { ...head, metadata, created_at: createdAtSeconds }
    : { ...head, created_at: createdAtSeconds, metadata }
}

export const conversationPlan = (call: AnyCall, told: KeptConversation | Readonly<Record<string, unknown>>): Plan =>
  planned(call, 'createdAtSeconds' in told ? toldConversation(doorOf(call), told as KeptConversation) : told)

/** A list. Below a project an empty one has no `first_id` and `last_id`. */
export function listPlan<T extends { readonly id: string }>(
  call: AnyCall,
  { items, hasMore }: Page<T>,
  told: (item: T) => object,
  isCreated = false,
): Plan {
  const data = items.map(told)
  const ends = items.length > 0 ? { first_id: items[0]?.id, last_id: items.at(-1)?.id } : {}
  const object = 'list'
  if (!isOfProject(doorOf(call)))
    return planned(call, { object, data, first_id: null, last_id: null, ...ends, has_more: hasMore })
  return planned(
    call,
    isCreated ? { object, data, has_more: hasMore, ...ends } : { data, ...ends, has_more: hasMore, object },
  )
}

export const toldItem =
  (door: Door) =>
  (item: KeptItem): object =>
    isOfProject(door) ? projectItem(door, item) : item

export const itemPlan = (call: AnyCall, item: KeptItem): Plan => planned(call, toldItem(doorOf(call))(item))

const planned = (call: AnyCall, body: object): Plan =>
  isOfProject(doorOf(call)) ? jsonPlan(body, { backEnd: 'project' }) : objectPlan(call, body)
