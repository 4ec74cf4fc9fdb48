/**
 * What the service demands of a schema: of every one a little, of a strict one that all properties are required and no
 * others allowed. Texts as users quote them (2024-2026).
 */
import { isObject } from '../base/object.ts'
import { type ApiError, invalidRequest } from '../errors.ts'
import { refuseLargeSchema } from './schema-limits.ts'

export type SchemaOwner = {
  /** As the message begins, for example `function 'search'`. */
  readonly what: string
  readonly param: string
  readonly code: string | null
}

type Schema = Readonly<Record<string, unknown>>
type Path = readonly string[]

export function refuseStrictSchema(schema: unknown, about: SchemaOwner): void {
  refuseRoot(schema, about)
  refuseLargeSchema(schema, about)
  walk(schema, [], (part, path) => refuseStrictPart(part, path, about))
}

/** Of the parameters of a function that is not strict. */
export function refuseFunctionSchema(schema: unknown, about: SchemaOwner): void {
  refuseRoot(schema, about)
  if (isObject(schema) && schema.properties === undefined) throw wrong('object schema missing properties.', [], about)
  walk(schema, [], (part, path) => refuseOpenArray(part, path, about))
}

/**
 * Of the parameters of a function: nothing stands beside or in place of its properties. Quoted by users of chat
 * completions with every model, of the Responses API with those before gpt-5 (2025-2026).
 */
export function refuseCombinators(schema: unknown, { what, param, code }: SchemaOwner): void {
  if (!isObject(schema) || !combinators.some((key) => schema[key] !== undefined)) return
  const listed = combinators.map((key) => `'${key}'`).join('/')
  const message = `schema must have type 'object' and not have ${listed} at the top level.`
  throw invalidRequest(`Invalid schema for ${what}: ${message}`, param, code)
}

const combinators = ['oneOf', 'anyOf', 'allOf', 'enum', 'const', 'not']

function refuseRoot(schema: unknown, about: SchemaOwner): void {
  const type = isObject(schema) ? schema.type : undefined
  if (type === 'object') return
  const found = typeof type === 'string' ? type : type === undefined ? 'None' : JSON.stringify(type)
  const message = `schema must be a JSON Schema of 'type: "object"', got 'type: "${found}"'.`
  throw invalidRequest(`Invalid schema for ${about.what}: ${message}`, about.param, about.code)
}

function refuseStrictPart(schema: Schema, path: Path, about: SchemaOwner): void {
  for (const key of notPermitted) if (schema[key] !== undefined) throw wrong(`'${key}' is not permitted.`, path, about)
  if (schema.type === undefined && !typedBy.some((key) => schema[key] !== undefined))
    throw wrong("schema must have a 'type' key.", path, about)
  refuseOpenArray(schema, path, about)
  if (!includesObject(schema.type)) return
  if (schema.additionalProperties !== false)
    throw wrong("'additionalProperties' is required to be supplied and to be false.", path, about)
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : []
  const properties = isObject(schema.properties) ? schema.properties : {}
  const missing = Object.keys(properties).find((key) => !required.includes(key))
  const demand = "'required' is required to be supplied and to be an array including every key in properties."
  if (missing !== undefined) throw wrong(`${demand} Missing '${missing}'.`, path, about)
  const extra = required.find((key) => typeof key !== 'string' || !Object.hasOwn(properties, key))
  if (extra !== undefined) throw wrong(`${demand} Extra required key ${quoted(extra)} supplied.`, path, about)
}

function refuseOpenArray(schema: Schema, path: Path, about: SchemaOwner): void {
  const isArray = schema.type === 'array' || (Array.isArray(schema.type) && schema.type.includes('array'))
  if (isArray && schema.items === undefined && schema.prefixItems === undefined)
    throw wrong('array schema missing items.', path, about)
}

const notPermitted = ['oneOf', 'allOf', 'not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas']
const typedBy = ['$ref', 'anyOf', 'enum', 'const']

const includesObject = (type: unknown) => type === 'object' || (Array.isArray(type) && type.includes('object'))

/** Every schema within, from the outside in. Deeper ones than the service allows (10 levels) are left alone. */
function walk(schema: unknown, path: Path, visit: (schema: Schema, path: Path) => void): void {
  if (!isObject(schema) || path.length > deepest) return
  visit(schema, path)
  for (const group of ['properties', '$defs', 'definitions'])
    if (isObject(schema[group]))
      for (const [key, inner] of Object.entries(schema[group])) walk(inner, [...path, group, key], visit)
  walk(schema.items, [...path, 'items'], visit)
  if (Array.isArray(schema.anyOf))
    for (const [index, inner] of schema.anyOf.entries()) walk(inner, [...path, 'anyOf', String(index)], visit)
}

/** Steps of a path; a level of nesting takes two or three. */
const deepest = 60

function wrong(demand: string, path: Path, { what, param, code }: SchemaOwner): ApiError {
  return invalidRequest(`Invalid schema for ${what}: In context=${tuple(path)}, ${demand}`, param, code)
}

/** As Python writes it. */
function tuple(path: Path): string {
  const items = path.map((step) => `'${step}'`)
  return items.length === 1 ? `(${items.join()},)` : `(${items.join(', ')})`
}

const quoted = (key: unknown) => (typeof key === 'string' ? `'${key}'` : JSON.stringify(key))
