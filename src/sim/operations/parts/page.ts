/** A part of a list, as clients ask for it: newest first, after the last one that they have. */
import { invalidValue } from '../../errors.ts'

export type Page<T> = { readonly items: readonly T[]; readonly hasMore: boolean }

/** Newest first where neither the client nor the list says otherwise. */
export type PageBounds = {
  readonly usual: number
  readonly max: number
  readonly usualOrder?: 'asc'
  /** Behind one that is not there is nothing, where others have the list from its start. */
  readonly isEmptyAfterUnknown?: true
  /** The list may be asked for up to one of its items: where `after` is given, too, that wins (recorded November 2025). */
  readonly takesBefore?: true
}

/** `items` are oldest first. Throws an `ApiError` for a query that asks for no such part. */
export function pageOf<T extends { readonly id: string }>(
  items: readonly T[],
  query: URLSearchParams,
  bounds: PageBounds,
): Page<T> {
  const order = query.get('order') ?? bounds.usualOrder ?? 'desc'
  if (order !== 'asc' && order !== 'desc')
    throw invalidValue('order', `Invalid value: '${order}'. Supported values are: 'asc' and 'desc'.`)
  const limit = limitOf(query.get('limit'), bounds)
  const asked = bounds.takesBefore ? upTo(items, order, query) : items
  const sorted = order === 'desc' ? asked.toReversed() : asked
  const after = query.get('after')
  // Whoever names one that is gone gets the list from its start, as if nothing had been named.
  const start = after === null ? 0 : sorted.findIndex(({ id }) => id === after) + 1
  if (bounds.isEmptyAfterUnknown && after !== null && start === 0) return { items: [], hasMore: false }
  const rest = sorted.slice(start)
  return { items: rest.slice(0, limit), hasMore: rest.length > limit }
}

function upTo<T extends { readonly id: string }>(
  items: readonly T[],
  order: 'asc' | 'desc',
  query: URLSearchParams,
): readonly T[] {
  const before = query.get('before')
  const at = before === null || query.has('after') ? -1 : items.findIndex(({ id }) => id === before)
  if (at < 0) return items
  return order === 'asc' ? items.slice(0, at) : items.slice(at + 1)
}

/** A part as JSON has it. */
export const listOf = <T extends { readonly id: string }>({ items, hasMore }: Page<T>, told: (item: T) => object) => ({
  object: 'list',
  data: items.map(told),
  first_id: items[0]?.id ?? null,
  last_id: items.at(-1)?.id ?? null,
  has_more: hasMore,
})

function limitOf(text: string | null, { usual, max }: PageBounds): number {
  if (text === null || text === '') return usual
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : NaN
  if (limit >= 1 && limit <= max) return limit
  throw invalidValue('limit', `Invalid 'limit': expected an integer from 1 to ${max}, but got '${text}' instead.`)
}
