/** Schemas as one. What stands below, in properties and items, is joined when it is reached, not before. */
import { table } from '../../base/object.ts'
import { isMember, isRecord, isSameValue, keysOf, numberOf, payMembers, type Schema } from './value.ts'
import type { Work } from './work.ts'

/** What fits the result fits both, as far as a single schema can say so. */
export function mergeSchemas(one: Schema, other: Schema, work: Work): Schema {
  const merged: Record<string, unknown> = { ...one }
  for (const [key, value] of Object.entries(other)) {
    work.steps -= 2
    const before = Object.hasOwn(one, key) ? one[key] : undefined
    const merger = Object.hasOwn(mergers, key) ? mergers[key] : undefined
    merged[key] = before === undefined ? value : (merger ?? keepFirst)(before, value, work)
  }
  return merged
}

type Merger = (one: unknown, other: unknown, work: Work) => unknown

const keepFirst: Merger = (one) => one
const largest: Merger = (one, other) => Math.max(numberOf(one) ?? -Infinity, numberOf(other) ?? -Infinity)
const smallest: Merger = (one, other) => Math.min(numberOf(one) ?? Infinity, numberOf(other) ?? Infinity)
/** Joined here, and of what: what says the same again adds nothing. */
const joined = new WeakMap<object, readonly unknown[]>()

const both: Merger = (one, other, work) => {
  const parts = typeof one === 'object' && one !== null ? joined.get(one) : undefined
  work.steps -= 2 + (parts?.length ?? 0)
  if (parts?.includes(other) || isSameValue(one, other, work)) return one
  const allOf = [...(parts ?? [one]), other]
  const whole = { allOf }
  joined.set(whole, allOf)
  return whole
}

const bothByKey: Merger = (one, other, work) => {
  if (!isRecord(one) || !isRecord(other) || one === other) return one
  work.steps -= keysOf(one, work).length
  const merged = Object.assign(Object.create(null) as Record<string, unknown>, one)
  for (const key of keysOf(other, work))
    merged[key] = Object.hasOwn(one, key) ? both(one[key], other[key], work) : other[key]
  return merged
}

const common: Merger = (one, other, work) => {
  const [first, second] = [listOf(one), listOf(other)]
  payMembers(first, work)
  payMembers(second, work)
  return first.filter((value) => isMember(value, second, work))
}

const union: Merger = (one, other, work) => {
  const [first, second] = [listOf(one), listOf(other)]
  work.steps -= 2 * (first.length + second.length)
  return [...new Set([...first, ...second])]
}

const commonTypes: Merger = (one, other, work) => {
  // There are seven; what is no type is left out.
  const [first, second] = [listOf(one).slice(0, maxTypes), listOf(other).slice(0, maxTypes)]
  work.steps -= first.length + second.length
  const types = first.filter((type) => second.includes(type) || (type === 'integer' && second.includes('number')))
  if (first.includes('number') && second.includes('integer') && !types.includes('integer')) types.push('integer')
  return types
}

const maxTypes = 20

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value])

/** Of 4 and 6 it is 12; of fractions one is taken, and what is drawn is checked against both. */
const commonMultiple: Merger = (one, other) => {
  const [first, second] = [numberOf(one) ?? 1, numberOf(other) ?? 1]
  if (!Number.isInteger(first) || !Number.isInteger(second)) return Math.max(first, second)
  let [divisor, rest] = [first, second]
  while (rest !== 0) [divisor, rest] = [rest, divisor % rest]
  return (first / (divisor || 1)) * second
}

const mergers: Readonly<Record<string, Merger>> = table({
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
})
