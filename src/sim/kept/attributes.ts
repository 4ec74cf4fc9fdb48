/** What a client notes of a file, and filters that choose by it. */
import * as z from 'zod'
import { later } from '../http/validate.ts'

export type Attributes = Readonly<Record<string, string | number | boolean>>

export type Filter =
  | { readonly type: 'and' | 'or'; readonly filters: readonly Filter[] }
  | {
      readonly type: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'nin'
      readonly key: string
      readonly value: Value | readonly Value[]
    }

type Value = string | number | boolean

const value = () => z.union([z.string(), z.number(), z.boolean()])

export const filterInput = later((): z.ZodType<Filter> => {
  const comparison = z
    .object({
      type: z.enum(['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin']),
      key: z.string(),
      value: z.union([value(), z.array(value())]),
    })
    .superRefine(({ type, value: given }, context) => {
      const isList = type === 'in' || type === 'nin'
      if (isList === Array.isArray(given)) return
      const expected = isList ? 'array' : 'string'
      context.addIssue({ code: 'invalid_type', expected, input: given, path: ['value'] } as never)
    })
  const compound: z.ZodType<Filter> = z.lazy(() =>
    z.object({ type: z.enum(['and', 'or']), filters: z.array(z.union([comparison, compound])) }),
  )
  return z.union([comparison, compound])
})

export const attributesInput = later(() =>
  z.record(z.string().max(64), z.union([z.string().max(512), z.number(), z.boolean()])),
)

export function matchesFilter(filter: Filter | null | undefined, attributes: Attributes): boolean {
  if (!filter) return true
  if ('filters' in filter) {
    const { filters } = filter
    return filter.type === 'and'
      ? filters.every((one) => matchesFilter(one, attributes))
      : filters.some((one) => matchesFilter(one, attributes))
  }
  const { type, key, value } = filter
  const own = Object.hasOwn(attributes, key) ? attributes[key] : undefined
  const isAmong = Array.isArray(value) ? value.includes(own) : value === own
  if (type === 'ne' || type === 'nin') return !isAmong
  if (own === undefined) return false
  if (type === 'eq' || type === 'in') return isAmong
  if (Array.isArray(value) || typeof own !== typeof value) return false
  const than = value as Value
  if (type === 'gt') return own > than
  if (type === 'gte') return own >= than
  return type === 'lt' ? own < than : own <= than
}
