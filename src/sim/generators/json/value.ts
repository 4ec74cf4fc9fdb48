/** What generating JSON and checking it have in common. */
import { isObject } from '../../base/object.ts'
import type { Random } from '../../random.ts'
import type { Work } from './work.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A schema that says something; `true` and `{}` say nothing. */
export type Schema = Readonly<Record<string, unknown>>

/** What a draw needs besides the schema. */
export type Source = { readonly random: Random; readonly work: Work }

export const isRecord: (value: unknown) => value is Schema = isObject

export const recordOf = (value: unknown): Schema => (isRecord(value) ? value : {})

export const isSchema = (value: unknown): value is Schema | boolean => typeof value === 'boolean' || isRecord(value)

export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** A count, as `minItems` has it. */
export const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 ? Math.floor(value) : undefined

/** What follows from an object alone, found out once. */
export function fact<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined || known.has(key)) return found as V
    const value = make(key)
    known.set(key, value)
    return value
  }
}

type List = readonly unknown[]
const onlyTexts = fact<List, readonly string[]>((list) => list.filter((item) => typeof item === 'string'))
const onlySchemas = fact<List, readonly (Schema | boolean)[]>((list) => list.filter(isSchema))
const keysFact = fact<Schema, readonly string[]>((record) => Object.keys(record))
const canonicalFact = fact<object, string>(makeCanonical)

/** The members of a list: a look-up instead of a search. */
const membersFact = fact<List, Members>((list) => ({
  plain: new Set(list.filter((item) => typeof item !== 'object' || item === null)),
  others: new Set(list.filter((item) => typeof item === 'object' && item !== null).map(canonical)),
}))
/** To find out the members of a long list takes as long as many a search in it. */
const longList = 1_000
const maxSearches = 8
const searches = new WeakMap<List, number>()

function isLookedAtSeldom(list: List): boolean {
  const count = (searches.get(list) ?? 0) + 1
  searches.set(list, count)
  return count <= maxSearches
}

type Members = { readonly plain: ReadonlySet<unknown>; readonly others: ReadonlySet<string> }

export const textsOf = (value: unknown, work: Work): readonly string[] => {
  if (!Array.isArray(value)) return []
  work.steps -= value.length
  return onlyTexts(value)
}

export const schemasOf = (value: unknown, work: Work): readonly (Schema | boolean)[] => {
  if (!Array.isArray(value)) return []
  work.steps -= value.length
  return onlySchemas(value)
}

/** The keys of what stands in a schema, for example of its properties. */
export const keysOf = (value: unknown, work: Work): readonly string[] => {
  if (!isRecord(value)) return []
  const keys = keysFact(value)
  work.steps -= keys.length
  return keys
}

/** Before 2020 the schemas of the first items stood in `items`, and that of the others in `additionalItems`. */
export function listItems(
  { prefixItems, items, additionalItems }: Schema,
  work: Work,
): { readonly first: readonly (Schema | boolean)[]; readonly rest: unknown } {
  return Array.isArray(items)
    ? { first: schemasOf(items, work), rest: additionalItems }
    : { first: schemasOf(prefixItems, work), rest: items }
}

/** By the root, what its references name. */
const references = new WeakMap<object, Map<string, unknown>>()

/** What `$ref` names: the root, or a JSON pointer into it (RFC 6901). Other documents are not fetched. */
export function referred(reference: string, root: unknown, work: Work): unknown {
  if (reference === '#') return root
  if (!reference.startsWith('#/') || !isRecord(root)) return undefined
  let known = references.get(root)
  if (!known) references.set(root, (known = new Map<string, unknown>()))
  work.steps -= 2
  if (!known.has(reference)) {
    work.steps -= reference.length
    known.set(reference, found(reference, root))
  }
  return known.get(reference)
}

function found(reference: string, root: unknown): unknown {
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
export const canonical = (value: unknown): string =>
  typeof value === 'object' && value !== null ? canonicalFact(value) : JSON.stringify(value)

function makeCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(makeCanonical).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${makeCanonical(value[key])}`).join(',')}}`
}

/** About how many characters it takes as JSON. */
export const valueSize = (value: unknown): number => {
  if (typeof value === 'string') return value.length + 2
  return typeof value === 'object' && value !== null ? canonicalFact(value).length : 8
}

/** For what is compared; known sizes are paid again, since comparing goes through both. */
export function isSameValue(one: unknown, other: unknown, work: Work): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  work.steps -= 2 + (valueSize(one) + valueSize(other)) / 8
  return canonical(one) === canonical(other)
}

/** Whether a list, as `enum` has it, has the value in it. */
export function isMember(value: unknown, list: List, work: Work): boolean {
  const isPlain = typeof value !== 'object' || value === null
  work.steps -= 3
  if (list.length <= 3) return list.some((one) => isSameValue(one, value, work))
  if (list.length > longList && isLookedAtSeldom(list) && typeof value !== 'object') return list.includes(value)
  const { plain, others } = membersFact(list)
  if (isPlain) return plain.has(value)
  work.steps -= valueSize(value) / 8
  return others.has(canonical(value))
}

/** Before the members of a list are gone through, or looked up for the first time. */
export const payMembers = (list: List, work: Work): void => void (work.steps -= list.length)

/** As validators judge it: what the division gives is whole. */
export const isMultiple = (value: number, step: number): boolean => Number.isInteger(value / step)

export function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
