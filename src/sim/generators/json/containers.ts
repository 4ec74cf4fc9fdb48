/** Arrays and objects of what their schemas say, keys in the schema's order. */
import type { Random } from '../../random.ts'
import { schemasFor } from './check.ts'
import { endlessDepth } from './min-depths.ts'
import { drawPattern } from './pattern.ts'
import { isScarce, type ValuePlace, type Scope } from './scope.ts'
import {
  canonical,
  countOf,
  isRecord,
  isSchema,
  listItems,
  type Json,
  keysOf,
  recordOf,
  type Schema,
  valueSize,
  textsOf,
} from './value.ts'
import { isSpent, pay } from './work.ts'
import { words } from '../text/words.ts'

export function drawArray(schema: Schema, scope: Scope, place: ValuePlace): Json[] {
  const { work } = scope
  const { first, rest } = listItems(schema, work)
  const inside: ValuePlace = { ...place, depth: place.depth + 1 }
  const count = drawCount(schema, scope, place)
  const isUnique = schema.uniqueItems === true
  const items: Json[] = isUnique && first.length === 0 ? distinct(rest, count, scope) : []
  const known = new Set(isUnique ? items.map(canonical) : [])
  for (let misses = 0; items.length < count && misses < maxMisses && !isSpent(work);) {
    const index = items.length
    const item = scope.draw(index < first.length ? first[index] : rest, inside)
    const text = isUnique ? canonical(item) : ''
    pay(work, isUnique ? 1 + text.length / 4 : 1)
    if (isUnique && known.has(text)) misses++
    else {
      known.add(text)
      items.push(item)
    }
  }
  if (isSchema(schema.contains)) contain(items, schema, scope, inside)
  return items
}

const maxMisses = 100

function drawCount(schema: Schema, scope: Scope, place: ValuePlace): number {
  const { first, rest } = listItems(schema, scope.work)
  const max = Math.min(countOf(schema.maxItems) ?? Infinity, rest === false ? first.length : Infinity)
  const contained = isSchema(schema.contains) ? (countOf(schema.minContains) ?? 1) : 0
  const min = Math.max(countOf(schema.minItems) ?? 0, contained, first.length)
  const isMin = isScarce(scope, place) || scope.depthOf(rest) >= endlessDepth
  return Math.min(max, isMin ? min : Math.max(min, 1) + scope.random.below(3))
}

/** All different, where the schema lists what there is. */
function distinct(schema: unknown, count: number, scope: Scope): Json[] {
  const listed: Json[] = isRecord(schema) && Array.isArray(schema.enum) ? (schema.enum as Json[]) : []
  const open = listed.slice(0, maxListed).filter((value) => scope.judges(value, schema))
  scope.work.steps -= open.length
  for (let at = open.length - 1; at > 0; at--) {
    const other = scope.random.below(at + 1)
    ;[open[at], open[other]] = [open[other] as Json, open[at] as Json]
  }
  const taken = open.slice(0, count)
  for (const value of taken) pay(scope.work, valueSize(value))
  return taken
}

const maxListed = 1000

/** Puts what must be in there in the place of what was drawn, where not enough of it is there. */
function contain(items: Json[], { contains, minContains }: Schema, scope: Scope, place: ValuePlace): void {
  const wanted = countOf(minContains) ?? 1
  let found = items.filter((item) => scope.judges(item, contains)).length
  for (let index = items.length - 1; index >= 0 && found < wanted; index--) {
    if (scope.judges(items[index], contains)) continue
    items[index] = scope.draw(contains, place)
    found++
  }
}

export function drawObject(schema: Schema, scope: Scope, place: ValuePlace): Json {
  const { work } = scope
  const properties = recordOf(schema.properties)
  const chosen = chooseKeys(schema, scope, place)
  // Without a prototype: a property may be called `__proto__`.
  const object = Object.create(null) as Record<string, Json>
  const put = (key: string, inner: unknown) => {
    pay(work, key.length + 4)
    object[key] = scope.draw(inner, { ...place, depth: place.depth + 1, name: key })
  }
  for (const key of keysOf(schema.properties, work)) if (chosen.has(key) && !isSpent(work)) put(key, properties[key])
  for (const key of chosen)
    if (!isSpent(work) && !Object.hasOwn(object, key)) put(key, schemasFor(key, schema, work)[0])

  const isMap = isRecord(schema.additionalProperties) || isRecord(schema.patternProperties)
  const usual = isMap && chosen.size === 0 && !isScarce(scope, place) ? 1 + scope.random.below(3) : 0
  const wanted = Math.min(
    countOf(schema.maxProperties) ?? Infinity,
    Math.max(countOf(schema.minProperties) ?? 0, usual),
  )
  let count = Object.keys(object).length
  for (let tries = 0; count < wanted && tries < wanted + maxMisses && !isSpent(work); tries++) {
    work.steps -= 10
    const [key, inner] = newProperty(schema, scope, place)
    if (Object.hasOwn(object, key)) continue
    put(key, inner)
    count++
  }
  return object
}

/** What is required, and most of what is not, within the bounds. */
function chooseKeys(schema: Schema, scope: Scope, place: ValuePlace): Set<string> {
  const { work } = scope
  const properties = recordOf(schema.properties)
  const chosen = new Set(textsOf(schema.required, work))
  const min = countOf(schema.minProperties) ?? 0
  const max = countOf(schema.maxProperties) ?? Infinity
  const optional = keysOf(schema.properties, work).filter((key) => !chosen.has(key) && properties[key] !== false)
  if (!isScarce(scope, place))
    for (const key of optional)
      if (
        chosen.size < max &&
        scope.random.fraction() < work.optionalShare &&
        scope.depthOf(properties[key]) < endlessDepth
      )
        chosen.add(key)
  for (const key of optional) if (chosen.size < min) chosen.add(key)
  const together = recordOf(schema.dependentRequired)
  for (const key of keysOf(schema.dependentRequired, work))
    if (chosen.has(key)) for (const other of textsOf(together[key], work)) chosen.add(other)
  return chosen
}

function newProperty(schema: Schema, scope: Scope, place: ValuePlace): readonly [key: string, schema: unknown] {
  const { random } = scope
  const patterns = keysOf(schema.patternProperties, scope.work)
  const pattern = patterns[random.below(Math.max(1, patterns.length))]
  if (pattern !== undefined) {
    const inner = recordOf(schema.patternProperties)[pattern]
    // A beginning alone gives the same name again and again; what follows it is free.
    const long = drawPattern(pattern, { min: 4 + random.below(6), max: 64 }, scope)
    return [long ?? drawPattern(pattern, { min: 1, max: 64 }, scope) ?? oneWord(random), inner]
  }
  if (!isRecord(schema.propertyNames)) return [oneWord(random), schema.additionalProperties]
  const key = scope.draw({ type: 'string', ...schema.propertyNames }, { ...place, depth: place.depth + 1 })
  return [typeof key === 'string' ? key : oneWord(random), schema.additionalProperties]
}

const oneWord = (random: Random) => `${words[random.below(words.length)] ?? ''}_${random.below(100)}`.toLowerCase()
