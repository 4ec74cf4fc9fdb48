/** What generating JSON and checking it have in common. */
import { isObject } from '../../base/object.ts'
import type { Random } from '../../random.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A schema that says something; `true` and `{}` say nothing. */
export type Schema = Readonly<Record<string, unknown>>

/** Work that may still be done: a schema of a few lines can ask for more than any machine has. */
export type Budget = { steps: number }

/** What a draw needs besides the schema. */
export type Source = { readonly random: Random; readonly budget: Budget }

export const isRecord: (value: unknown) => value is Schema = isObject

export const recordOf = (value: unknown): Schema => (isRecord(value) ? value : {})

export const isSchema = (value: unknown): value is Schema | boolean => typeof value === 'boolean' || isRecord(value)

export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** A count, as `minItems` has it. */
export const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 ? Math.floor(value) : undefined

export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []

export const schemasOf = (value: unknown): readonly (Schema | boolean)[] =>
  Array.isArray(value) ? value.filter(isSchema) : []

/** Before 2020 the schemas of the first items stood in `items`, and that of the others in `additionalItems`. */
export function itemsOf({ prefixItems, items, additionalItems }: Schema): {
  readonly first: readonly (Schema | boolean)[]
  readonly rest: unknown
} {
  return Array.isArray(items)
    ? { first: schemasOf(items), rest: additionalItems }
    : { first: schemasOf(prefixItems), rest: items }
}

/** What `$ref` names: the root, or a JSON pointer into it (RFC 6901). Other documents are not fetched. */
export function referred(reference: string, root: unknown): unknown {
  if (reference === '#') return root
  if (!reference.startsWith('#/')) return undefined
  let at = root
  for (const step of reference.slice(2).split('/')) {
    const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Schema)[key]
  }
  return at
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The same for equal values, whatever the order of their keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
}

export const isSame = (one: unknown, other: unknown): boolean =>
  one === other || (typeof one === 'object' && canonical(one) === canonical(other))

/** As validators judge it: what the division gives is whole. */
export const isMultiple = (value: number, step: number): boolean => Number.isInteger(value / step)

export function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
