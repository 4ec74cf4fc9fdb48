/**
 * Of a long value that a schema does not take, so much as shows why not: a service tells the first thing that is wrong, and
 * to judge thousands of items for it, each with what is wrong of it, takes long.
 */
import type * as z from 'zod'
import { acceptsOf } from './accept.ts'
import { checked } from './checked.ts'
import { isObject } from './object.ts'

type Schema = z.core.$ZodType

/** A list of which one item is left: where it is, and where the item stood in it. */
type Left = { readonly path: readonly PropertyKey[]; readonly index: number }

export type Wrong = {
  readonly value: unknown
  /** A list that is longer than it may be: there is no need to look at what is in it. */
  readonly tooLong: TooLong | undefined
  /** Where something is in the whole, by where it is in what is left. */
  readonly placed: (path: readonly PropertyKey[]) => readonly PropertyKey[]
}

type TooLong = { readonly path: readonly PropertyKey[]; readonly length: number; readonly maximum: number }

/** A shorter list, or object, is judged whole. */
const shortLength = 32

export function firstWrong(schema: Schema, value: unknown): Wrong {
  const place: Place = { path: [], left: [], tooLong: [] }
  const rest = cut(schema, value, place)
  return { value: rest, tooLong: place.tooLong[0], placed: (path) => placed(path, place.left) }
}

/** Whether it may hold more than is judged whole. */
export const isLong = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > shortLength : isObject(value) && Object.keys(value).length > shortLength

type Place = { readonly path: readonly PropertyKey[]; readonly left: Left[]; readonly tooLong: TooLong[] }

type Def = {
  readonly type: string
  readonly innerType?: Schema
  readonly options?: readonly Schema[]
  readonly element?: Schema
  readonly shape?: Readonly<Record<string, Schema>>
  readonly valueType?: Schema
  readonly getter?: () => Schema
  readonly checks?: readonly {
    readonly _zod: { readonly def: { readonly check: string; readonly maximum?: number } }
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
function ofUnion({ options = [] }: Def, value: object, place: Place): unknown {
  const all = options.map(within)
  const ofKind = all.filter((option) => defOf(option).type === (Array.isArray(value) ? 'array' : 'object'))
  const meant = ofKind.filter((option) => (Array.isArray(value) ? mayBeList(option, value) : mayBe(option, value)))
  const records = Array.isArray(value) ? [] : all.filter((option) => defOf(option).type === 'record')
  const [one, other] = meant.length > 0 ? meant : records
  if (one !== undefined && other === undefined) return cut(one, value, place)
  // None of them takes its first item, so that there is no need for the others.
  return Array.isArray(value) && one === undefined && isLong(value) ? value.slice(0, 1) : value
}

function within(schema: Schema): Schema {
  const { innerType, getter } = defOf(schema)
  const inner = innerType ?? getter?.()
  return inner ? within(inner) : schema
}

const mayBeList = (schema: Schema, [first]: readonly unknown[]): boolean => {
  const { element } = defOf(schema)
  return (element && acceptsOf(element))?.(first) !== false
}

/** By what its kind is called. */
const mayBe = (schema: Schema, value: object): boolean =>
  Object.entries(defOf(schema).shape ?? {}).every(([name, type]) => {
    const isName = defOf(type).type === 'literal' || defOf(type).type === 'enum'
    return !isName || acceptsOf(type)?.((value as Readonly<Record<string, unknown>>)[name]) !== false
  })

/** Of a list of which it is not known at once what it takes, so many are tried. */
const maxTried = 32

function ofList({ element, checks = [] }: Def, value: readonly unknown[], { path, ...place }: Place): unknown {
  if (!element) return value
  const maximum = checks.find(({ _zod }) => _zod.def.check === 'max_length')?._zod.def.maximum
  if (maximum !== undefined && value.length > maximum) {
    place.tooLong.push({ path, length: value.length, maximum })
    return value
  }
  const accepts = acceptsOf(element)
  const isWrong = (item: unknown) => (accepts ? !accepts(item) : !checked(element, item).success)
  const index = (accepts ? value : value.slice(0, maxTried)).findIndex(isWrong)
  const at = (where: number) => ({ ...place, path: [...path, where] })
  if (value.length <= shortLength) return index < 0 ? value : value.with(index, cut(element, value[index], at(index)))
  // How many there may be is said of the list as it is.
  if (index < 0) return !accepts || checks.length > 0 ? value : value.slice(0, 1)
  place.left.push({ path: [...path, 0], index })
  return [cut(element, value[index], at(0))]
}

function ofObject({ shape = {} }: Def, value: Readonly<Record<string, unknown>>, { path, ...place }: Place): unknown {
  const changed: Record<string, unknown> = {}
  for (const [name, type] of Object.entries(shape)) {
    const member = value[name]
    const cutMember = cut(type, member, { ...place, path: [...path, name] })
    if (cutMember !== member) changed[name] = cutMember
  }
  return Object.keys(changed).length > 0 ? { ...value, ...changed } : value
}

function ofRecord({ valueType }: Def, value: Readonly<Record<string, unknown>>, { path, ...place }: Place): unknown {
  const accepts = valueType && acceptsOf(valueType)
  if (!accepts || !isLong(value)) return value
  const wrong = Object.keys(value).find((name) => !accepts(value[name]))
  return wrong === undefined ? value : { [wrong]: cut(valueType, value[wrong], { ...place, path: [...path, wrong] }) }
}

function placed(path: readonly PropertyKey[], left: readonly Left[]): readonly PropertyKey[] {
  const found = [...path]
  for (const { path: known, index } of left)
    if (known.every((part, at) => path[at] === part)) found[known.length - 1] = index
  return found
}
