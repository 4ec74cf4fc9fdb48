/**
 * Long lists and mappings of settings are checked some at a time, between which others have their turn; whoever then checks
 * the whole finds what is right already known.
 */
import { withoutOddSizes } from '../base/checked.ts'
import type * as z from 'zod'
import { isSliced, through } from '../base/slices.ts'
import { isObject } from '../base/object.ts'

type Schema = z.core.$ZodType
type Issue = z.core.$ZodRawIssue
type Context = Parameters<Schema['_zod']['run']>[1]

/** Does nothing where work is not done in slices. Gives what was found wrong in long lists, with its path. */
export function parseAhead(schema: Schema, value: unknown): readonly Issue[] {
  return isSliced() ? through(() => allAhead(schema, value)) : []
}

function* allAhead(schema: Schema, value: unknown): Generator<undefined, readonly Issue[]> {
  const wrong: Issue[] = []
  yield* ahead(schema, value, { path: [], wrong })
  return wrong
}

type Place = { readonly path: readonly PropertyKey[]; readonly wrong: Issue[] }

const context = { async: false, jitless: true } as Context
/** Fewer are checked in one go. */
const longList = 16
const itemsAStep = 16
/** Lists are no deeper. */
const maxDepth = 3

function* ahead(schema: Schema, value: unknown, place: Place): Generator<undefined, void> {
  const { def } = bare(schema)._zod as unknown as { readonly def: Def }
  if (!isObject(value)) {
    if (def.type === 'array' && def.element && Array.isArray(value) && value.length > longList)
      yield* eachAhead(def.element, value.entries(), place)
  } else if (def.type === 'record' && def.valueType) {
    if (Object.keys(value).length > longList) yield* recordAhead(schema, def.valueType, value, place)
  } else if (def.type === 'object' && def.shape && place.path.length < maxDepth)
    for (const [key, inner] of Object.entries(def.shape))
      if (Object.hasOwn(value, key)) yield* ahead(inner, value[key], { ...place, path: [...place.path, key] })
}

type Def = {
  readonly type: string
  readonly innerType?: Schema
  readonly element?: Schema
  readonly valueType?: Schema
  readonly shape?: Readonly<Record<string, Schema>>
}

function bare(schema: Schema): Schema {
  const { type, innerType } = schema._zod.def as unknown as Def
  return innerType && ['optional', 'nullable', 'default', 'prefault'].includes(type) ? bare(innerType) : schema
}

function* eachAhead(
  schema: Schema,
  values: Iterable<readonly [PropertyKey, unknown]>,
  { path, wrong }: Place,
): Generator<undefined, void> {
  remember(schema)
  let looked = 0
  for (const [key, value] of values) {
    if (++looked % itemsAStep === 0) yield
    const payload = judged(schema, value)
    if (payload instanceof Promise) continue
    for (const issue of payload.issues) wrong.push({ ...issue, path: [...path, key, ...(issue.path ?? [])] })
  }
}

/** Where all of a mapping is right, so is the mapping: it is put together of its parts. */
function* recordAhead(
  given: Schema,
  valueType: Schema,
  whole: Readonly<Record<string, unknown>>,
  place: Place,
): Generator<undefined, void> {
  const names = Object.keys(whole)
  const schema = bare(given)
  const known = remember(schema)
  const parts: Record<string, unknown> = {}
  for (let start = 0; start < names.length; start += itemsAStep) {
    yield
    const some = names.slice(start, start + itemsAStep).map((name) => [name, whole[name]] as const)
    const part = run(schema, Object.fromEntries(some))
    // Something is wrong: what is right or wrong with each of the others is known all the same.
    if (!part) return yield* eachAhead(valueType, Object.entries(whole).slice(start), place)
    Object.assign(parts, part.value)
  }
  // Zod passes over a name that is a prototype's, as an assignment does not.
  if (!Object.hasOwn(whole, '__proto__')) known.set(whole, parts)
}

const judged = (schema: Schema, value: unknown) =>
  withoutOddSizes(value, (given) => schema._zod.run({ value: given, issues: [] }, context))

/** What is right about a value; `undefined` where something is wrong. */
function run(schema: Schema, value: unknown): { readonly value: unknown } | undefined {
  const payload = judged(schema, value)
  return payload instanceof Promise || payload.issues.length > 0 ? undefined : { value: payload.value }
}

const remembered = new WeakMap<Schema, WeakMap<object, unknown>>()

/** From now on the schema knows what it found before, right or wrong. */
function remember(schema: Schema): WeakMap<object, unknown> {
  const before = remembered.get(schema)
  if (before) return before
  const known = new WeakMap<object, unknown>()
  remembered.set(schema, known)
  const wrongs = new WeakMap<object, readonly Issue[]>()
  const check = schema._zod.run.bind(schema._zod)
  schema._zod.run = (payload, how) => {
    const value: unknown = payload.value
    if (typeof value !== 'object' || value === null) return check(payload, how)
    if (known.has(value)) {
      payload.value = known.get(value)
      return payload
    }
    const wrong = wrongs.get(value)
    if (wrong) {
      payload.issues.push(...wrong.map(copied))
      return payload
    }
    const result = check(payload, how)
    if (result instanceof Promise) return result
    if (result.issues.length === 0) known.set(value, result.value)
    else wrongs.set(value, result.issues.map(copied))
    return result
  }
  return known
}

/** Whoever passes an issue on puts the way to it before its path. */
const copied = (issue: Issue): Issue => ({ ...issue, path: [...(issue.path ?? [])] })
