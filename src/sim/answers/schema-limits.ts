/**
 * How large a strict schema may be: five levels of objects (Microsoft's page on structured outputs; refused in these words
 * as users report, July 2025), and the upstream API's newest bounds on properties, names and enums (its guide, 2026), whose
 * refusal of an enum is quoted (October 2024); the other two are worded after it.
 */
import { isObject } from '../base/object.ts'
import { type ApiError, invalidRequest } from '../errors.ts'
import type { SchemaOwner } from './strict-schema.ts'

const maxLevels = 5
const maxProperties = 5_000
const maxNameCharacters = 120_000
const maxEnumValues = 1_000
/** Of the texts of one enum that has more than so many. */
const manyEnumValues = 250
const maxEnumCharacters = 15_000

type Size = { levels: number; properties: number; nameCharacters: number; enumValues: number; longestEnum: number }

export function refuseLargeSchema(schema: unknown, about: SchemaOwner): void {
  const size: Size = { levels: 0, properties: 0, nameCharacters: 0, enumValues: 0, longestEnum: 0 }
  measure(schema, 0, size)
  if (size.levels > maxLevels) throw tooLarge(`${size.levels} levels of nesting exceeds limit of ${maxLevels}.`, about)
  const bounds: readonly (readonly [found: number, max: number, what: string])[] = [
    [size.properties, maxProperties, 'object properties in total within a single schema'],
    [size.nameCharacters, maxNameCharacters, 'characters of names and values in total within a single schema'],
    [size.enumValues, maxEnumValues, 'enum values in total within a single schema'],
    [size.longestEnum, maxEnumCharacters, `characters in an enum of more than ${manyEnumValues} values`],
  ]
  for (const [found, max, what] of bounds)
    if (found > max)
      throw tooLarge(
        `Expected at most ${max} ${what} when using structured outputs, but received ${found}. Consider reducing the number of ${what.includes('enum') ? 'enums' : 'properties'}, or use 'strict: false' to opt out of structured outputs.`,
        about,
      )
}

const tooLarge = (problem: string, { what, param, code }: SchemaOwner): ApiError =>
  invalidRequest(`Invalid schema for ${what}: ${problem}`, param, code)

/** What is refused anyway is not gone through to its end. */
const deepest = 100

function measure(schema: unknown, outer: number, size: Size): void {
  if (!isObject(schema) || outer > deepest) return
  const levels = isObject(schema['properties']) ? outer + 1 : outer
  if (levels > size.levels) size.levels = levels
  for (const group of ['properties', '$defs', 'definitions']) {
    const inner = schema[group]
    if (!isObject(inner)) continue
    const names = Object.keys(inner)
    if (group === 'properties') size.properties += names.length
    for (const name of names) {
      size.nameCharacters += name.length
      // What is defined for others begins anew.
      measure(inner[name], group === 'properties' ? levels : 0, size)
    }
  }
  if (Array.isArray(schema['enum'])) addEnum(schema['enum'], size)
  if (typeof schema['const'] === 'string') size.nameCharacters += schema['const'].length
  measure(schema['items'], levels, size)
  if (Array.isArray(schema['anyOf']))
    for (const one of schema['anyOf'] as readonly unknown[]) measure(one, levels, size)
}

function addEnum(values: readonly unknown[], size: Size): void {
  let characters = 0
  for (const value of values) if (typeof value === 'string') characters += value.length
  size.enumValues += values.length
  size.nameCharacters += characters
  if (values.length > manyEnumValues) size.longestEnum = Math.max(size.longestEnum, characters)
}
