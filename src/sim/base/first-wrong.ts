/**
 * Of a long value that a schema does not take, so much as shows why not: a service tells the first thing that is wrong, and
 * to judge thousands of items for it, each with what is wrong of it, takes long.
 */
import type * as z from 'zod'
import { acceptsOf } from './accept.ts'
import { isObject } from './object.ts'

type Schema = z.core.$ZodType

/** A list of which one item is left: where it is, and where the item stood in it. */
type Left = { readonly path: readonly PropertyKey[]; readonly index: number }

export type Wrong = {
  readonly value: unknown
  /** Where something is in the whole, by where it is in what is left. */
  readonly placed: (path: readonly PropertyKey[]) => readonly PropertyKey[]
}

/** A shorter list, or object, is judged whole. */
const shortLength = 32

export function firstWrong(schema: Schema, value: unknown): Wrong {
  const left: Left[] = []
  return { value: cut(schema, value, { path: [], left }), placed: (path) => placed(path, left) }
}

/** Whether it may hold more than is judged whole. */
export const isLong = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > shortLength : isObject(value) && Object.keys(value).length > shortLength

type Place = { readonly path: readonly PropertyKey[]; readonly left: Left[] }

type Def = {
  readonly type: string
  readonly innerType?: Schema
  readonly options?: readonly Schema[]
  readonly discriminator?: string
  readonly element?: Schema
  readonly shape?: Readonly<Record<string, Schema>>
  readonly valueType?: Schema
  readonly getter?: () => Schema
  readonly checks?: readonly {
    readonly _zod: { readonly def: { readonly check: string; readonly minimum?: number } }
  }[]
}

const defOf = (schema: Schema) => schema._zod.def as unknown as Def

function cut(schema: Schema, value: unknown, place: Place): unknown {
  if (typeof value !== 'object' || value === null) return value
  const def = defOf(schema)
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
      return def.innerType ? cut(def.innerType, value, place) : value
    case 'lazy':
      return def.getter ? cut(def.getter(), value, place) : value
    case 'union':
      return ofUnion(def, value, place)
    case 'array':
      return Array.isArray(value) ? ofList(def, value, place) : value
    case 'object':
      return Array.isArray(value) ? value : ofObject(def, value as Readonly<Record<string, unknown>>, place)
    case 'record':
      return Array.isArray(value) ? value : ofRecord(def, value as Readonly<Record<string, unknown>>, place)
    default:
      return value
  }
}

/** By the one that can be meant, if there is one. */
function ofUnion({ options = [], discriminator }: Def, value: object, place: Place): unknown {
  const meant = options.filter((option) => {
    const { type, shape } = defOf(option)
    if (Array.isArray(value)) return type === 'array'
    if (discriminator === undefined) return type === 'record' ? isLong(value) : type === 'object' && !isLong(value)
    const mark = shape?.[discriminator]
    return mark !== undefined && acceptsOf(mark)?.((value as Record<string, unknown>)[discriminator]) === true
  })
  const [one] = meant
  return one !== undefined && meant.length === 1 ? cut(one, value, place) : value
}

function ofList({ element, checks = [] }: Def, value: readonly unknown[], { path, left }: Place): unknown {
  const accepts = element && acceptsOf(element)
  if (!accepts) return value
  const index = value.findIndex((item) => !accepts(item))
  if (value.length <= shortLength)
    return index < 0 ? value : value.with(index, cut(element, value[index], { path: [...path, index], left }))
  // How long a list may be is said of the list as it is.
  if (index < 0) return checks.length > 0 ? value : value.slice(0, 1)
  left.push({ path: [...path, 0], index })
  return [cut(element, value[index], { path: [...path, 0], left })]
}

function ofObject({ shape = {} }: Def, value: Readonly<Record<string, unknown>>, { path, left }: Place): unknown {
  const changed: Record<string, unknown> = {}
  for (const [name, type] of Object.entries(shape)) {
    const member = value[name]
    const cutMember = cut(type, member, { path: [...path, name], left })
    if (cutMember !== member) changed[name] = cutMember
  }
  return Object.keys(changed).length > 0 ? { ...value, ...changed } : value
}

function ofRecord({ valueType }: Def, value: Readonly<Record<string, unknown>>, { path, left }: Place): unknown {
  const accepts = valueType && acceptsOf(valueType)
  if (!accepts || !isLong(value)) return value
  const wrong = Object.keys(value).find((name) => !accepts(value[name]))
  return wrong === undefined ? value : { [wrong]: cut(valueType, value[wrong], { path: [...path, wrong], left }) }
}

function placed(path: readonly PropertyKey[], left: readonly Left[]): readonly PropertyKey[] {
  const found = [...path]
  for (const { path: known, index } of left)
    if (known.every((part, at) => path[at] === part)) found[known.length - 1] = index
  return found
}
