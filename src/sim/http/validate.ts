/** Schemas say what a body may hold; this says in the service's words what is wrong with one that does not fit. */
import { textOf } from '../base/text-of.ts'
import * as z from 'zod'
import { type Accepts, acceptsOf } from '../base/accept.ts'
import { checked } from '../base/checked.ts'
import { firstWrong, isLong, type Wrong } from '../base/first-wrong.ts'
import { isObject, table } from '../base/object.ts'
import { invalidBody, invalidType, invalidValue, listed, missingParameter, unknownParameter } from '../errors.ts'
import type { ApiError } from '../errors.ts'

/**
 * A schema that is made when it is first asked for. To make one takes many times as long as a body's check by it, and a
 * process that just starts has to answer before it needs most of them.
 */
export function later<Schema>(make: () => Schema): () => Schema {
  let made: Schema | undefined
  return () => (made ??= make())
}

/** What marks an issue as one of a whole number: zod itself says `number` of both kinds. */
const integerMark = 'integer'

/** A whole number, which the service calls an integer, where it calls any other number a decimal. */
export const integer = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z.int({ error: integerMark }).min(min, { error: integerMark }).max(max, { error: integerMark })

const arrayMark = 'array of '

/** A list that may stand where something else may: the service says of what it is, as `array of strings`. */
export const arrayOf = <T extends z.ZodType>(item: T, items: string) => z.array(item, { error: `${arrayMark}${items}` })

/**
 * The body as `schema` makes it. Throws the error that the service would answer with, for the first thing wrong;
 * `unknown` words the one for a parameter that the schema does not have.
 */
export function parseBody<Body>(schema: z.ZodType<Body>, given: unknown, unknown = unknownParameter): Body {
  const fields = parseFields(schema, given)
  if (fields) return fields as Body
  const few = withFewKeys(schema, given)
  const wrong = firstWrong(schema, few)
  if (wrong.tooLong) throw toApiError(tooLongIssue(wrong.tooLong), [], { unknown, placed: wrong.placed })
  let result = checked(schema, wrong.value, { reportInput: true })
  let { placed } = wrong
  if (result.success && wrong.value !== few) {
    result = checked(schema, few, { reportInput: true })
    placed = (path) => path
  }
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw issue ? toApiError(issue, [], { unknown, placed }) : invalidBody()
}

const tooLongIssue = ({ path, length, maximum }: NonNullable<Wrong['tooLong']>): z.core.$ZodIssue => ({
  ...{ code: 'too_big', origin: 'array', maximum, inclusive: true, message: '' },
  path: [...path],
  input: new Array(length),
})

/** No body has so many parameters. */
const maxKeys = 1_000

/** Of more parameters that nobody knows than any body has, the first is told alone: the others are not looked at. */
function withFewKeys(schema: z.ZodType, input: unknown): unknown {
  if (!isObject(input) || !(schema instanceof z.ZodObject) || !(schema.def.catchall instanceof z.ZodNever)) return input
  const keys = Object.keys(input)
  if (keys.length <= maxKeys) return input
  const known = keys.filter((key) => Object.hasOwn(schema.shape, key))
  const unknown = keys.find((key) => !Object.hasOwn(schema.shape, key))
  return Object.fromEntries([...known, ...(unknown === undefined ? [] : [unknown])].map((key) => [key, input[key]]))
}

type Field = { readonly type: z.core.$ZodType; readonly accepts: Accepts | undefined }

type Fields = {
  readonly types: ReadonlyMap<string, Field>
  readonly required: readonly string[]
  /** What stands for those that are not given. */
  readonly defaults: Readonly<Record<string, unknown>>
}

const fieldsBySchema = new WeakMap<z.ZodType, Fields | 'unknown'>()

/**
 * The same for an object of which all is right: looks at the fields that were given alone, as most bodies have few of
 * the many that they may have. Undefined for whatever else there is.
 */
function parseFields(schema: z.ZodType, input: unknown): object | undefined {
  let fields = fieldsBySchema.get(schema)
  if (fields === undefined) fieldsBySchema.set(schema, (fields = fieldsOf(schema)))
  if (fields === 'unknown' || !isObject(input)) return undefined
  const output: Record<string, unknown> = { ...fields.defaults }
  for (const name of Object.keys(input)) {
    const field = fields.types.get(name)
    if (!field) return undefined
    const value = input[name]
    if (field.accepts?.(value)) output[name] = value
    else {
      if ((field.accepts || isLong(value)) && isWrong(field.type, value)) return undefined
      const result = checked(field.type, value)
      if (!result.success) return undefined
      output[name] = result.data
    }
  }
  for (const name of fields.required) if (!Object.hasOwn(output, name)) return undefined
  return output
}

function isWrong(type: z.core.$ZodType, value: unknown): boolean {
  const { value: some, tooLong } = firstWrong(type, value)
  return tooLong !== undefined || !checked(type, some).success
}

/** `unknown` for what is no object, or one that is checked as a whole. */
function fieldsOf(schema: z.ZodType): Fields | 'unknown' {
  if (!(schema instanceof z.ZodObject) || (schema.def.checks?.length ?? 0) > 0) return 'unknown'
  const types = new Map<string, Field>()
  const required: string[] = []
  const defaults: Record<string, unknown> = {}
  const shape: z.core.$ZodShape = schema.shape
  for (const [name, type] of Object.entries(shape)) {
    types.set(name, { type, accepts: acceptsOf(type) })
    const absent = z.safeParse(type, undefined)
    if (!absent.success) required.push(name)
    else if (typeof absent.data === 'object') return 'unknown'
    else if (absent.data !== undefined) defaults[name] = absent.data
  }
  return { types, required, defaults }
}

type Telling = {
  readonly unknown: (param: string) => ApiError
  readonly placed: Wrong['placed']
}

function toApiError(issue: z.core.$ZodIssue, outer: readonly PropertyKey[], telling: Telling): ApiError {
  const path = [...outer, ...issue.path]
  const param = spell(telling.placed(path))
  if (issue.code === 'invalid_union') {
    // The branch that got furthest says best what is wrong; where none got in, all are named.
    const deepest = furthest(issue.errors)
    if (deepest && deepest.path.length > 0) return toApiError(deepest, path, telling)
    // A branch whose type fits says what of the value does not.
    const bound = issue.errors.flatMap(([first]) => first ?? []).find(({ code }) => code !== 'invalid_type')
    if (bound) return toApiError(bound, path, telling)
    const named = [...new Set(issue.errors.map(expectedOf))]
    if (named.length === 1) return invalidType(param, named[0] ?? '', found(issue.input))
    const kinds = named.map((kind, at) => (at === 0 ? kind : withoutArticle(kind)))
    return invalidType(param, `one of ${listed(kinds, 'or')}`, found(issue.input))
  }
  if (path.length === 0 && issue.code !== 'unrecognized_keys') return invalidBody()
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the rest is told in zod's own words
  switch (issue.code) {
    case 'invalid_type':
      if (isMissing(issue)) return missingParameter(param)
      return invalidType(param, expectedOf([issue]), found(issue.input))
    case 'unrecognized_keys':
      return telling.unknown(spell([...telling.placed(path), ...issue.keys.slice(0, 1)]))
    case 'invalid_value':
      if (isMissing(issue)) return missingParameter(param)
      return invalidValue(
        param,
        `Invalid value: '${textOf(issue.input)}'. Supported values are: ${listed(
          issue.values.map((value) => `'${String(value)}'`),
          'and',
        )}.`,
      )
    case 'too_small':
      return invalidValue(param, tooSmall(param, issue), belowCode(kindOf(issue)))
    case 'too_big':
      return invalidValue(param, tooBig(param, issue), aboveCode(kindOf(issue)))
    default:
      return invalidValue(param, `Invalid '${param}': ${issue.message}.`)
  }
}

const isMissing = ({ input }: { readonly input?: unknown }) => input === undefined

const furthest = (branches: readonly (readonly z.core.$ZodIssue[])[]) =>
  branches
    .map(([first]) => first)
    .filter((issue) => issue !== undefined)
    .reduce<z.core.$ZodIssue | undefined>(
      (best, issue) => (best && best.path.length >= issue.path.length ? best : issue),
      undefined,
    )

function expectedOf([issue]: readonly z.core.$ZodIssue[]): string {
  if (issue?.code === 'invalid_value') return 'a string'
  if (issue?.code !== 'invalid_type') return 'a value'
  if (issue.message.startsWith(arrayMark)) return `an ${issue.message}`
  return article(issue.message === integerMark ? 'int' : issue.expected)
}

/** Of several kinds the service gives the first alone its article. */
const withoutArticle = (kind: string) => kind.replace(/^an? /, '')

const articles: Readonly<Record<string, string>> = table({
  array: 'an array',
  object: 'an object',
  record: 'an object',
  int: 'an integer',
  number: 'a decimal',
  string: 'a string',
  boolean: 'a boolean',
  null: 'null',
})
const article = (kind: string) => articles[kind] ?? `a ${kind}`

/** How the service names what it found. */
export function found(input: unknown): string {
  if (input === null || input === undefined) return 'null'
  if (Array.isArray(input)) return 'an array'
  if (typeof input === 'number') return Number.isInteger(input) ? 'an integer' : 'a decimal'
  return article(typeof input)
}

type Bound = { readonly origin: string; readonly input?: unknown }

function tooSmall(param: string, issue: z.core.$ZodIssueTooSmall & Bound): string {
  const min = String(issue.minimum)
  if (issue.origin === 'array')
    return `Invalid '${param}': empty array. Expected an array with minimum length ${min}, but got an empty array instead.`
  if (issue.origin === 'string')
    return `Invalid '${param}': empty string. Expected a string with minimum length ${min}, but got an empty string instead.`
  const kind = kindOf(issue)
  return `Invalid '${param}': ${kind} below minimum value. Expected a value >= ${min}, but got ${textOf(issue.input)} instead.`
}

function tooBig(param: string, issue: z.core.$ZodIssueTooBig & Bound): string {
  const max = String(issue.maximum)
  if (issue.origin === 'array' || issue.origin === 'string') {
    const length = Array.isArray(issue.input) || typeof issue.input === 'string' ? issue.input.length : 0
    const kind = issue.origin === 'array' ? 'an array' : 'a string'
    return `Invalid '${param}': ${issue.origin} too long. Expected ${kind} with maximum length ${max}, but got ${kind} with length ${length} instead.`
  }
  const kind = kindOf(issue)
  return `Invalid '${param}': ${kind} above maximum value. Expected a value <= ${max}, but got ${textOf(issue.input)} instead.`
}

const belowCode = (kind: string) =>
  kind === 'array' || kind === 'string' ? `empty_${kind}` : `${kind}_below_min_value`
const aboveCode = (kind: string) =>
  kind === 'array' || kind === 'string' ? `${kind}_above_max_length` : `${kind}_above_max_value`
const kindOf = ({ origin, message }: { readonly origin: string; readonly message: string }) =>
  origin === 'array' || origin === 'string' ? origin : message === integerMark ? 'integer' : 'decimal'

/** `messages[0].content`, as the service spells it. */
function spell(path: readonly PropertyKey[]): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else text += text === '' ? String(part) : `.${String(part)}`
  }
  return text
}
