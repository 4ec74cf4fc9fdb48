/** How deep the least value is that fits a schema: where a schema refers to itself, this is the way out. */
import { countOf, isRecord, listItems, recordOf, referred, type Schema, schemasOf, textsOf } from './value.ts'
import { visitSteps, type Work } from './work.ts'

export type Depths = (schema: unknown, work: Work) => number

/** What asks for more has no end. */
export const endlessDepth = 24

/** Remembers what it finds out about each part of the schema. */
export function minDepths(root: unknown): Depths {
  /** The depths at which a schema cannot be met, and those at which it can: the bounds of its least depth. */
  const tooShallow = new Map<Schema, number>()
  const enough = new Map<Schema, number>()

  const ends = (schema: unknown, depth: number, work: Work): boolean => {
    if (schema === false) return false
    work.steps--
    if (!isRecord(schema) || isFlat(schema)) return true
    if (depth <= (tooShallow.get(schema) ?? 0)) return false
    if (depth >= (enough.get(schema) ?? Infinity)) return true
    // Nothing is remembered of what could not be looked at.
    if (work.steps <= 0) return false
    work.steps -= visitSteps
    const does = endsBelow(schema, depth - 1, work)
    if (work.steps > 0) (does ? enough : tooShallow).set(schema, depth)
    return does
  }

  const endsBelow = (schema: Schema, depth: number, work: Work): boolean => {
    const { $ref, allOf, anyOf, oneOf } = schema
    // A reference takes a step of depth, too, so that one to itself comes to an end.
    if (typeof $ref === 'string' && !ends(referred($ref, root, work), depth, work)) return false
    if (!schemasOf(allOf, work).every((one) => ends(one, depth, work))) return false
    for (const variants of [anyOf, oneOf])
      if (Array.isArray(variants) && !schemasOf(variants, work).some((one) => ends(one, depth, work))) return false
    const types = typeof schema.type === 'string' ? [schema.type] : textsOf(schema.type, work)
    if (types.some((type) => type !== 'object' && type !== 'array')) return true
    const properties = recordOf(schema.properties)
    const inner = (key: string) => (Object.hasOwn(properties, key) ? properties[key] : true)
    if (!textsOf(schema.required, work).every((key) => ends(inner(key), depth, work))) return false
    const { first, rest } = listItems(schema, work)
    const count = Math.min(countOf(schema.minItems) ?? 0, first.length + 1)
    for (let index = 0; index < count; index++)
      if (!ends(index < first.length ? first[index] : rest, depth, work)) return false
    return true
  }

  return (schema, work) => {
    for (let depth = 0; depth < endlessDepth; depth++) if (ends(schema, depth, work)) return depth
    return endlessDepth
  }
}

/** Whether a value that has nothing in it fits. */
const isFlat = ({ $ref, allOf, anyOf, oneOf, required, minItems, enum: values, const: value }: Schema) =>
  values !== undefined ||
  value !== undefined ||
  ($ref === undefined &&
    allOf === undefined &&
    anyOf === undefined &&
    oneOf === undefined &&
    (!Array.isArray(required) || required.length === 0) &&
    (countOf(minItems) ?? 0) === 0)
