/** The items of one session, in order. More than any model could read are not kept. */
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import type { SessionItem } from './item.ts'
import { idTaken, noSuchCall, noSuchItem, noSuchPrevious, noSuchReference } from './refusals.ts'

/** The oldest is dropped first, as in the service's own truncation. */
const maxItems = 2_000
const maxCharacters = 16_777_216

export class SessionConversation {
  readonly items: SessionItem[] = []
  #characters = 0

  /** Returns the id of the item before it. */
  add(item: SessionItem, place = this.items.length): string | null {
    this.items.splice(place, 0, item)
    this.#characters += sizeOf(item)
    const previous = this.items[place - 1]?.id ?? null
    while (this.items.length > maxItems || (this.#characters > maxCharacters && this.items.length > 1))
      this.#drop(this.items[0] === item ? 1 : 0)
    return previous
  }

  replace(item: SessionItem): void {
    const place = this.items.findIndex(({ id }) => id === item.id)
    const before = this.items[place]
    if (!before) return
    this.#characters += sizeOf(item) - sizeOf(before)
    this.items[place] = item
  }

  before(item: Pick<SessionItem, 'id'>): string | null {
    return this.items[this.items.findIndex(({ id }) => id === item.id) - 1]?.id ?? null
  }

  find(id: string): SessionItem | undefined {
    return this.items.find((item) => item.id === id)
  }

  /** Throws an `ApiError` if there is none. `what` is the operation on it. */
  named(id: string, what: 'retrieve' | 'delete' | 'truncate'): SessionItem {
    const item = this.find(id)
    if (!item) throw noSuchItem(what, id)
    return item
  }

  delete(item: SessionItem): void {
    this.#drop(this.items.indexOf(item))
  }

  /** The place of a new item after another. Throws an `ApiError` if that one does not exist. */
  placeAfter(previous: string | null | undefined): number {
    if (previous === null || previous === undefined) return this.items.length
    if (previous === 'root') return 0
    const place = this.items.findIndex(({ id }) => id === previous)
    if (place < 0) throw noSuchPrevious(previous)
    return place + 1
  }

  /** Throws an `ApiError` for a duplicate id, or an output without its call. */
  admit(id: string | undefined, type: unknown, callId: unknown): void {
    if (id !== undefined && this.find(id)) throw idTaken(id)
    if (type !== 'function_call_output') return
    const isCalled = this.items.some(({ told }) => told['type'] === 'function_call' && told['call_id'] === callId)
    if (!isCalled) throw noSuchCall(textOf(callId))
  }

  /** Throws an `ApiError` where what an answer is to look at is not all there. */
  refuseUnknown(input: unknown): void {
    if (!Array.isArray(input)) return
    const known = new Set(this.items.map(({ id }) => id))
    for (const [at, item] of input.entries())
      if (isObject(item) && item['type'] === 'item_reference' && !known.has(textOf(item['id'])))
        throw noSuchReference(textOf(item['id']), `response.input[${at}].id`)
  }

  #drop(at: number): void {
    const [gone] = this.items.splice(at, 1)
    if (gone) this.#characters -= sizeOf(gone)
  }
}

const sizes = new WeakMap<object, number>()

function sizeOf({ told }: SessionItem): number {
  const known = sizes.get(told)
  if (known !== undefined) return known
  const size = JSON.stringify(told).length
  sizes.set(told, size)
  return size
}
