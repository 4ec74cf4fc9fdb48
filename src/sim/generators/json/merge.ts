/** Schemas as one. What stands below, in properties and items, is joined when it is reached, not before. */
import { canonical, isRecord, isSame, numberOf, type Schema } from './value.ts'

/** What fits the result fits both, as far as a single schema can say so. */
export function mergeSchemas(one: Schema, other: Schema): Schema {
  const merged: Record<string, unknown> = { ...one }
  for (const [key, value] of Object.entries(other)) {
    const before = Object.hasOwn(one, key) ? one[key] : undefined
    merged[key] = before === undefined ? value : (mergers[key] ?? keepFirst)(before, value)
  }
  return merged
}

type Merger = (one: unknown, other: unknown) => unknown

const keepFirst: Merger = (one) => one
const largest: Merger = (one, other) => Math.max(numberOf(one) ?? -Infinity, numberOf(other) ?? -Infinity)
const smallest: Merger = (one, other) => Math.min(numberOf(one) ?? Infinity, numberOf(other) ?? Infinity)
const both: Merger = (one, other) => (isSame(one, other) ? one : { allOf: [one, other] })

const bothByKey: Merger = (one, other) => {
  if (!isRecord(one) || !isRecord(other)) return one
  const merged = Object.assign(Object.create(null) as Record<string, unknown>, one)
  for (const [key, schema] of Object.entries(other))
    merged[key] = Object.hasOwn(one, key) ? both(one[key], schema) : schema
  return merged
}

const common: Merger = (one, other) => {
  const known = new Set(listOf(other).map(canonical))
  return listOf(one).filter((value) => known.has(canonical(value)))
}

const union: Merger = (one, other) => [...new Set([...listOf(one), ...listOf(other)])]

const commonTypes: Merger = (one, other) => {
  const [first, second] = [listOf(one), listOf(other)]
  const types = first.filter((type) => second.includes(type) || (type === 'integer' && second.includes('number')))
  if (first.includes('number') && second.includes('integer') && !types.includes('integer')) types.push('integer')
  return types
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value])

/** Of 4 and 6 it is 12; of fractions one is taken, and what is drawn is checked against both. */
const commonMultiple: Merger = (one, other) => {
  const [first, second] = [numberOf(one) ?? 1, numberOf(other) ?? 1]
  if (!Number.isInteger(first) || !Number.isInteger(second)) return Math.max(first, second)
  let [divisor, rest] = [first, second]
  while (rest !== 0) [divisor, rest] = [rest, divisor % rest]
  return (first / (divisor || 1)) * second
}

const mergers: Readonly<Record<string, Merger>> = {
  type: commonTypes,
  enum: common,
  required: union,
  properties: bothByKey,
  patternProperties: bothByKey,
  items: both,
  additionalProperties: both,
  propertyNames: both,
  not: (one, other) => ({ anyOf: [one, other] }),
  multipleOf: commonMultiple,
  minimum: largest,
  exclusiveMinimum: largest,
  minLength: largest,
  minItems: largest,
  minProperties: largest,
  maximum: smallest,
  exclusiveMaximum: smallest,
  maxLength: smallest,
  maxItems: smallest,
  maxProperties: smallest,
  uniqueItems: (one, other) => one === true || other === true,
}
