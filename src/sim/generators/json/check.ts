/**
 * Whether a value fits a schema. It takes part in generating, where what is drawn has to be seen to fit, so it does not
 * compile a schema, runs no expression of a client, and gives up where a schema asks for more work than is left.
 */
import { fitsFormat } from './formats.ts'
import { fitsPattern } from './pattern.ts'
import {
  type Budget,
  canonical,
  countOf,
  isMultiple,
  isRecord,
  isSame,
  isSchema,
  itemsOf,
  numberOf,
  recordOf,
  referred,
  type Schema,
  schemasOf,
  textsOf,
  typeOf,
} from './value.ts'

export type Judge = { readonly root: unknown; readonly budget: Budget }

/** What is no schema says nothing. True, too, where no work is left. */
export function fits(value: unknown, schema: unknown, judge: Judge, depth = 0): boolean {
  if (schema === false) return false
  if (!isRecord(schema) || depth > deepest || judge.budget.steps-- <= 0) return true
  const sub = (inner: unknown, of: unknown = value) => fits(of, inner, judge, depth + 1)
  if (typeof schema.$ref === 'string' && !sub(referred(schema.$ref, judge.root))) return false
  return (
    fitsType(value, schema.type) &&
    fitsValues(value, schema) &&
    fitsLogic(schema, sub) &&
    (typeof value !== 'number' || fitsNumber(value, schema)) &&
    (typeof value !== 'string' || fitsText(value, schema, judge.budget)) &&
    (!Array.isArray(value) || fitsArray(value, schema, sub)) &&
    (!isRecord(value) || fitsObject(value, schema, { sub, budget: judge.budget }))
  )
}

const deepest = 100

type Sub = (schema: unknown, of?: unknown) => boolean

function fitsType(value: unknown, type: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => fitsType(value, one))
  if (typeof type !== 'string') return true
  return type === 'integer' ? Number.isInteger(value) : type === typeOf(value)
}

function fitsValues(value: unknown, schema: Schema): boolean {
  if (Array.isArray(schema.enum) && !schema.enum.some((one) => isSame(one, value))) return false
  return schema.const === undefined || isSame(schema.const, value)
}

function fitsLogic(schema: Schema, sub: Sub): boolean {
  const { allOf, anyOf, oneOf } = schema
  if (!schemasOf(allOf).every((one) => sub(one))) return false
  if (Array.isArray(anyOf) && !schemasOf(anyOf).some((one) => sub(one))) return false
  if (Array.isArray(oneOf) && schemasOf(oneOf).filter((one) => sub(one)).length !== 1) return false
  if (isSchema(schema.not) && sub(schema.not)) return false
  return !isSchema(schema.if) || sub(sub(schema.if) ? schema.then : schema.else)
}

function fitsNumber(value: number, schema: Schema): boolean {
  const { exclusiveMinimum: above, exclusiveMaximum: below } = schema
  const min = numberOf(schema.minimum) ?? -Infinity
  const max = numberOf(schema.maximum) ?? Infinity
  const step = numberOf(schema.multipleOf)
  return (
    (above === true ? value > min : value >= min && value > (numberOf(above) ?? -Infinity)) &&
    (below === true ? value < max : value <= max && value < (numberOf(below) ?? Infinity)) &&
    (step === undefined || step <= 0 || isMultiple(value, step))
  )
}

function fitsText(value: string, { minLength, maxLength, pattern, format }: Schema, budget: Budget): boolean {
  // Lengths are in code points.
  const length = minLength === undefined && maxLength === undefined ? 0 : Array.from(value).length
  return (
    length >= (countOf(minLength) ?? 0) &&
    length <= (countOf(maxLength) ?? Infinity) &&
    (typeof format !== 'string' || fitsFormat(format, value)) &&
    (typeof pattern !== 'string' || fitsPattern(pattern, value, budget))
  )
}

function fitsArray(value: readonly unknown[], schema: Schema, sub: Sub): boolean {
  if (value.length < (countOf(schema.minItems) ?? 0)) return false
  if (value.length > (countOf(schema.maxItems) ?? Infinity)) return false
  if (schema.uniqueItems === true && new Set(value.map(canonical)).size < value.length) return false
  const { first, rest } = itemsOf(schema)
  if (!value.every((item, index) => sub(index < first.length ? first[index] : rest, item))) return false
  if (!isSchema(schema.contains)) return true
  const found = value.filter((item) => sub(schema.contains, item)).length
  return found >= (countOf(schema.minContains) ?? 1) && found <= (countOf(schema.maxContains) ?? Infinity)
}

type Inside = { readonly sub: Sub; readonly budget: Budget }

function fitsObject(value: Schema, schema: Schema, { sub, budget }: Inside): boolean {
  const keys = Object.keys(value)
  if (!textsOf(schema.required).every((key) => Object.hasOwn(value, key))) return false
  if (keys.length < (countOf(schema.minProperties) ?? 0)) return false
  if (keys.length > (countOf(schema.maxProperties) ?? Infinity)) return false
  if (isSchema(schema.propertyNames) && !keys.every((key) => sub(schema.propertyNames, key))) return false
  if (!keys.every((key) => schemasFor(key, schema, budget).every((one) => sub(one, value[key])))) return false
  const together = Object.entries(recordOf(schema.dependentRequired))
  if (together.some(([key, others]) => isIn(value, key) && !textsOf(others).every((other) => isIn(value, other))))
    return false
  return Object.entries(recordOf(schema.dependentSchemas)).every(([key, one]) => !isIn(value, key) || sub(one))
}

const isIn = (value: Schema, key: string) => Object.hasOwn(value, key)

/** All that is said of the property `key`. */
export function schemasFor(key: string, schema: Schema, budget: Budget): readonly unknown[] {
  const properties = recordOf(schema.properties)
  const known = isIn(properties, key) ? [properties[key]] : []
  for (const [pattern, one] of Object.entries(recordOf(schema.patternProperties)))
    if (fitsPattern(pattern, key, budget)) known.push(one)
  return known.length > 0 ? known : [schema.additionalProperties]
}
