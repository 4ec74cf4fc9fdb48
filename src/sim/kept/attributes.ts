/** What a client notes of a file, and filters that choose by it. */
import * as z from 'zod'
import { isAcceptedBy } from '../base/accept.ts'
import { isObject } from '../base/object.ts'
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
  return isAcceptedBy(z.union([comparison, compound]), isFilter)
})

/** No filter has nearly as many within each other. */
const maxDepth = 64

/** To judge such a filter, or to filter by it, would take more than there is of the stack. */
export function isTooDeep(filter: unknown): boolean {
  let level: readonly unknown[] = [filter]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return true
    level = level.flatMap((one) =>
      isObject(one) && Array.isArray(one['filters']) ? (one['filters'] as unknown[]) : [],
    )
  }
  return false
}

const isValue = (given: unknown) =>
  typeof given === 'string' || typeof given === 'boolean' || (typeof given === 'number' && Number.isFinite(given))
const comparing: readonly unknown[] = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte']

/** Says yes to what the schema takes as it is. */
function isFilter(given: unknown): boolean {
  if (!isObject(given)) return false
  const { type, filters, key, value: wanted } = given
  const names = Object.keys(given).length
  if (type === 'and' || type === 'or') return names === 2 && Array.isArray(filters) && filters.every(isFilter)
  if (names !== 3 || typeof key !== 'string') return false
  if (type === 'in' || type === 'nin') return Array.isArray(wanted) && wanted.every(isValue)
  return comparing.includes(type) && isValue(wanted)
}

export const attributesInput = later(() =>
  z.record(z.string().max(64), z.union([z.string().max(512), z.number(), z.boolean()])),
)

type Matches = (attributes: Attributes) => boolean

/** Made ready for the attributes of many files. */
export function matcherOf(filter: Filter | null | undefined): Matches {
  if (!filter) return () => true
  if ('filters' in filter) {
    const all = filter.filters.map(matcherOf)
    return filter.type === 'and'
      ? (attributes) => all.every((matches) => matches(attributes))
      : (attributes) => all.some((matches) => matches(attributes))
  }
  const { type, key, value } = filter
  const among = new Set<unknown>(Array.isArray(value) ? value : [value])
  const ownOf = (attributes: Attributes) => (Object.hasOwn(attributes, key) ? attributes[key] : undefined)
  if (type === 'ne' || type === 'nin') return (attributes) => !among.has(ownOf(attributes))
  if (type === 'eq' || type === 'in')
    return (attributes) => {
      const own = ownOf(attributes)
      return own !== undefined && among.has(own)
    }
  if (Array.isArray(value)) return () => false
  const than = value as Value
  return (attributes) => {
    const own = ownOf(attributes)
    if (own === undefined || typeof own !== typeof than) return false
    if (type === 'gt') return own > than
    if (type === 'gte') return own >= than
    return type === 'lt' ? own < than : own <= than
  }
}
