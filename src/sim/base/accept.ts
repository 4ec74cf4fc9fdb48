/**
 * A schema's yes, without its work. Most values that are sent fit their schema, and need no copy, no list of what is
 * wrong and no second look: what says yes here, the schema would take as it is. What does not is the schema's to judge.
 */
import type * as z from 'zod'
import { isObject } from './object.ts'

export type Accepts = (value: unknown) => boolean

type Schema = z.core.$ZodType

/** What accepts as `schema` does; absent for one that changes what it takes, or asks what is not known here. */
export function acceptsOf(schema: Schema): Accepts | undefined {
  const told = toldOf.get(schema)
  if (told) return told
  const { def } = schema._zod as unknown as { readonly def: Def }
  const make = makers[def.type]
  return make?.(def)
}

const toldOf = new WeakMap<Schema, Accepts>()

/** The same schema, of which it is told what it takes as it is: for those of which it cannot be seen. */
export function isAcceptedBy<Type extends Schema>(schema: Type, accepts: Accepts): Type {
  toldOf.set(schema, accepts)
  return schema
}

/** As far as it is looked at; each kind has some of these. */
type Def = {
  readonly type: string
  readonly checks?: readonly { readonly _zod: { readonly def: CheckDef } }[]
  readonly format?: string
  readonly innerType?: Schema
  readonly options?: readonly Schema[]
  readonly element?: Schema
  readonly items?: readonly Schema[]
  readonly rest?: Schema | null
  readonly keyType?: Schema
  readonly valueType?: Schema
  readonly entries?: Readonly<Record<string, unknown>>
  readonly values?: readonly unknown[]
  readonly shape?: Readonly<Record<string, Schema>>
  readonly catchall?: { readonly _zod: { readonly def: { readonly type: string } } }
}

type CheckDef = {
  readonly check: string
  readonly minimum?: number
  readonly maximum?: number
  readonly value?: number
  readonly inclusive?: boolean
  readonly format?: string
  readonly pattern?: RegExp
}

const makers: Readonly<Record<string, (def: Def) => Accepts | undefined>> = {
  string: (def) => (def.format === undefined ? withChecks(def, (value) => typeof value === 'string') : undefined),
  number: (def) =>
    def.format === undefined
      ? withChecks(def, Number.isFinite)
      : def.format === 'safeint'
        ? withChecks(def, Number.isSafeInteger)
        : undefined,
  boolean: (def) => withChecks(def, (value) => typeof value === 'boolean'),
  null: (def) => withChecks(def, (value) => value === null),
  unknown: (def) => withChecks(def, () => true),
  enum: (def) => withChecks(def, oneOf(Object.values(def.entries ?? {}))),
  literal: (def) => withChecks(def, oneOf(def.values ?? [])),
  optional: (def) => orElse(def, (value) => value === undefined),
  nullable: (def) => orElse(def, (value) => value === null),
  union: (def) => withChecks(def, anyOf(def.options ?? [])),
  array: listOf,
  object: (def) => withChecks(def, objectOf(def)),
  tuple: (def) => (def.rest ? undefined : withChecks(def, tupleOf(def.items ?? []))),
  record: (def) => withChecks(def, recordOf(def)),
}

function oneOf(values: readonly unknown[]): Accepts {
  const known = new Set(values)
  return (value) => known.has(value)
}

function orElse(def: Def, isElse: Accepts): Accepts | undefined {
  const inner = def.innerType && acceptsOf(def.innerType)
  return inner && withChecks(def, (value) => isElse(value) || inner(value))
}

function anyOf(options: readonly Schema[]): Accepts | undefined {
  const all: Accepts[] = []
  for (const option of options) {
    const accepts = acceptsOf(option)
    if (!accepts) return undefined
    all.push(accepts)
  }
  return (value) => {
    for (const accepts of all) if (accepts(value)) return true
    return false
  }
}

/** How many there may be is asked first. */
function listOf(def: Def): Accepts | undefined {
  const accepts = def.element && acceptsOf(def.element)
  const isList = withChecks(def, Array.isArray)
  if (!accepts || !isList) return undefined
  return (value) => {
    if (!isList(value)) return false
    for (const item of value as readonly unknown[]) if (!accepts(item)) return false
    return true
  }
}

/** One that drops what it does not know changes what it takes. */
function objectOf({ shape = {}, catchall }: Def): Accepts | undefined {
  const others = catchall?._zod.def.type
  if (others !== 'unknown' && others !== 'never') return undefined
  const isLoose = others === 'unknown'
  const members = new Map<string, Accepts>()
  const required: string[] = []
  for (const [name, type] of Object.entries(shape)) {
    const accepts = acceptsOf(type)
    if (!accepts) return undefined
    members.set(name, accepts)
    if (!accepts(undefined)) required.push(name)
  }
  return (value) => {
    if (!isObject(value)) return false
    for (const name in value) {
      const accepts = members.get(name)
      if (accepts ? !accepts(value[name]) : !isLoose || name === '__proto__') return false
    }
    for (const name of required) if (value[name] === undefined) return false
    return true
  }
}

function tupleOf(items: readonly Schema[]): Accepts | undefined {
  const all = items.map(acceptsOf)
  return (value) =>
    Array.isArray(value) && value.length === all.length && all.every((one, at) => one?.(value[at]) === true)
}

function recordOf({ keyType, valueType }: Def): Accepts | undefined {
  const acceptsKey = keyType && acceptsOf(keyType)
  const accepts = valueType && acceptsOf(valueType)
  if (!acceptsKey || !accepts) return undefined
  return (value) => {
    if (!isObject(value)) return false
    for (const name in value) if (name === '__proto__' || !acceptsKey(name) || !accepts(value[name])) return false
    return true
  }
}

/** Absent where one of the checks is not known here. */
function withChecks({ checks = [] }: Def, accepts: Accepts | undefined): Accepts | undefined {
  let all = accepts
  for (const { _zod } of checks) {
    const passes = checkOf(_zod.def)
    const before = all
    if (!passes || !before) return undefined
    all = (value) => before(value) && passes(value)
  }
  return all
}

/** Each is asked of what is of its kind alone. */
function checkOf({ check, minimum = 0, maximum = 0, value: bound = 0, inclusive, format, pattern }: CheckDef) {
  switch (check) {
    case 'min_length':
      return (value: unknown) => (value as { length: number }).length >= minimum
    case 'max_length':
      return (value: unknown) => (value as { length: number }).length <= maximum
    case 'greater_than':
      return (value: unknown) => (inclusive ? (value as number) >= bound : (value as number) > bound)
    case 'less_than':
      return (value: unknown) => (inclusive ? (value as number) <= bound : (value as number) < bound)
    case 'number_format':
      return format === 'safeint' ? Number.isSafeInteger : undefined
    case 'string_format':
      return format === 'regex' && pattern && !pattern.global && !pattern.sticky
        ? (value: unknown) => pattern.test(value as string)
        : undefined
    default:
      return undefined
  }
}
