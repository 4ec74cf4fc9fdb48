/**
 * Whether a value fits a schema. It takes part in generating, where what is drawn has to be seen to fit, so it does not
 * compile a schema, runs no expression of a client, and gives up where a schema asks for more work than is left.
 */
import { fitsFormat } from './formats.ts'
import { fitsPattern } from './pattern.ts'
import {
  canonical,
  countOf,
  isMember,
  isMultiple,
  isRecord,
  isSameValue,
  isSchema,
  listItems,
  keysOf,
  numberOf,
  recordOf,
  referred,
  type Schema,
  schemasOf,
  valueSize,
  textsOf,
  typeOf,
} from './value.ts'
import { visitSteps, type Work } from './work.ts'

export type SchemaJudge = { readonly root: unknown; readonly work: Work }

/** What is no schema says nothing. True, too, where no work is left. */
export function fits(value: unknown, schema: unknown, judge: SchemaJudge, depth = 0): boolean {
  if (schema === false) return false
  const { work, root } = judge
  if (!isRecord(schema) || depth > deepest || work.steps <= 0) return true
  work.steps -= visitSteps
  const sub = (inner: unknown, of: unknown = value) => fits(of, inner, judge, depth + 1)
  if (typeof schema.$ref === 'string' && !sub(referred(schema.$ref, root, work))) return false
  return (
    fitsType(value, schema.type, work) &&
    fitsValues(value, schema, work) &&
    fitsLogic(schema, sub, work) &&
    (typeof value !== 'number' || fitsNumber(value, schema)) &&
    (typeof value !== 'string' || fitsText(value, schema, work)) &&
    (!Array.isArray(value) || fitsArray(value, schema, { sub, work })) &&
    (!isRecord(value) || fitsObject(value, schema, { sub, work }))
  )
}

const deepest = 100

type Sub = (schema: unknown, of?: unknown) => boolean

function fitsType(value: unknown, type: unknown, work: Work): boolean {
  if (typeof type === 'string') return isOfType(value, type)
  return !Array.isArray(type) || textsOf(type, work).some((one) => isOfType(value, one))
}

const isOfType = (value: unknown, type: string) =>
  type === 'integer' ? Number.isInteger(value) : type === typeOf(value)

function fitsValues(value: unknown, schema: Schema, work: Work): boolean {
  if (Array.isArray(schema.enum) && !isMember(value, schema.enum, work)) return false
  return schema.const === undefined || isSameValue(schema.const, value, work)
}

function fitsLogic(schema: Schema, sub: Sub, work: Work): boolean {
  const { allOf, anyOf, oneOf } = schema
  if (!schemasOf(allOf, work).every((one) => sub(one))) return false
  if (Array.isArray(anyOf) && !schemasOf(anyOf, work).some((one) => sub(one))) return false
  if (Array.isArray(oneOf) && !isOne(schemasOf(oneOf, work), sub)) return false
  if (isSchema(schema.not) && sub(schema.not)) return false
  return !isSchema(schema.if) || sub(sub(schema.if) ? schema.then : schema.else)
}

/** Whether one of them fits, and no other. */
function isOne(variants: readonly unknown[], sub: Sub): boolean {
  let fitting = 0
  for (const variant of variants) if (sub(variant) && ++fitting > 1) return false
  return fitting === 1
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

function fitsText(value: string, { minLength, maxLength, pattern, format }: Schema, work: Work): boolean {
  const length = minLength === undefined && maxLength === undefined ? 0 : codePoints(value)
  if (length > 0 || format !== undefined) work.steps -= value.length / 10
  return (
    length >= (countOf(minLength) ?? 0) &&
    length <= (countOf(maxLength) ?? Infinity) &&
    (typeof format !== 'string' || fitsFormat(format, value)) &&
    (typeof pattern !== 'string' || fitsPattern(pattern, value, work))
  )
}

/** Lengths are in them. */
function codePoints(text: string): number {
  let count = text.length
  for (let at = 1; at < text.length; at++)
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) count--
  return count
}

function fitsArray(value: readonly unknown[], schema: Schema, { sub, work }: Inside): boolean {
  work.steps -= value.length
  if (value.length < (countOf(schema.minItems) ?? 0)) return false
  if (value.length > (countOf(schema.maxItems) ?? Infinity)) return false
  if (schema.uniqueItems === true && !areDifferent(value, work)) return false
  const { first, rest } = listItems(schema, work)
  if (!value.every((item, index) => sub(index < first.length ? first[index] : rest, item))) return false
  if (!isSchema(schema.contains)) return true
  const found = value.filter((item) => sub(schema.contains, item)).length
  return found >= (countOf(schema.minContains) ?? 1) && found <= (countOf(schema.maxContains) ?? Infinity)
}

function areDifferent(values: readonly unknown[], work: Work): boolean {
  for (const value of values) work.steps -= 1 + valueSize(value) / 8
  return new Set(values.map(canonical)).size === values.length
}

type Inside = { readonly sub: Sub; readonly work: Work }

function fitsObject(value: Schema, schema: Schema, { sub, work }: Inside): boolean {
  const keys = Object.keys(value)
  work.steps -= keys.length
  if (!textsOf(schema.required, work).every((key) => Object.hasOwn(value, key))) return false
  if (keys.length < (countOf(schema.minProperties) ?? 0)) return false
  if (keys.length > (countOf(schema.maxProperties) ?? Infinity)) return false
  if (isSchema(schema.propertyNames) && !keys.every((key) => sub(schema.propertyNames, key))) return false
  if (!keys.every((key) => schemasFor(key, schema, work).every((one) => sub(one, value[key])))) return false
  const together = recordOf(schema.dependentRequired)
  const after = recordOf(schema.dependentSchemas)
  for (const key of keysOf(schema.dependentRequired, work))
    if (isIn(value, key) && !textsOf(together[key], work).every((other) => isIn(value, other))) return false
  return keysOf(schema.dependentSchemas, work).every((key) => !isIn(value, key) || sub(after[key]))
}

const isIn = (value: Schema, key: string) => Object.hasOwn(value, key)

/** All that is said of the property `key`. */
export function schemasFor(key: string, schema: Schema, work: Work): readonly unknown[] {
  const properties = recordOf(schema.properties)
  const known = isIn(properties, key) ? [properties[key]] : []
  const patterns = recordOf(schema.patternProperties)
  for (const pattern of keysOf(schema.patternProperties, work))
    if (fitsPattern(pattern, key, work)) known.push(patterns[pattern])
  return known.length > 0 ? known : [schema.additionalProperties]
}
