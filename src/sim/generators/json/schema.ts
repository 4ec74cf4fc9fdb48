/**
 * JSON that fits a schema, drawn with the call's own chance. Clients send the schemas, so nothing in one is run, no
 * other document is fetched, and what one may cost is bounded. The draw is constructive; where a schema says what cannot
 * be constructed (`not`, one of several only, conditions) it is checked and drawn again.
 */
import type { Random } from '../../random.ts'
import { fits } from './check.ts'
import { drawArray, drawObject } from './containers.ts'
import { type Depths, minDepths } from './min-depths.ts'
import { mergeSchemas } from './merge.ts'
import { drawNumber } from './number.ts'
import { amplySteps, isScarce, type ValuePlace, type Scope } from './scope.ts'
import { drawText } from './text.ts'
import { fact, isRecord, isSchema, type Json, referred, type Schema, schemasOf, valueSize, textsOf } from './value.ts'
import { isSpent, pay, payUnbroken, visitSteps, type Work } from './work.ts'

/** A schema that nothing fits gets what comes nearest, and so does one for which no work is left. */
export function drawJson(schema: unknown, random: Random, work: Work): Json {
  let value: Json = null
  const { characters } = work
  const depths = depthsOf(schema)
  for (let attempt = 0; attempt < attempts; attempt++) {
    // What was drawn in vain is not written.
    work.characters = characters
    const scope: Scope = {
      root: schema,
      random,
      depthOf: (inner) => depths(inner, work),
      work,
      scarceSteps: work.steps - amplySteps,
      retriesLeft: 100,
      draw: (inner, place) => drawValue(inner, scope, place),
      judges: (of, inner) => fits(of, inner, { root: schema, work }),
    }
    value = drawValue(schema, scope, { depth: 0, name: '', references: [], isRecursive: false })
    if (isSpent(work) || fits(value, schema, { root: schema, work })) break
  }
  return value
}

/** What was found out about a schema serves all that is drawn from it. */
function depthsOf(root: unknown): Depths {
  if (!isRecord(root)) return minDepths(root)
  let depths = knownDepths.get(root)
  if (!depths) knownDepths.set(root, (depths = minDepths(root)))
  return depths
}

const knownDepths = new WeakMap<Schema, Depths>()

const attempts = 8
const deepest = 100

function drawValue(schema: unknown, scope: Scope, place: ValuePlace): Json {
  if (place.depth > deepest || isSpent(scope.work)) return null
  if (!isRecord(schema)) return drawText({}, place.name, scope)
  for (;;) {
    const { node, inside, isSure } = flatten(schema, scope, place)
    const value = drawNode(node, scope, inside)
    if (isSure || scope.judges(value, schema) || scope.retriesLeft-- <= 0 || isSpent(scope.work)) return value
  }
}

const nothing: Schema = {}

type Flat = {
  readonly node: Schema
  /** The place, with the references that led to the node. */
  readonly inside: ValuePlace
  /** What is drawn from the node fits. */
  readonly isSure: boolean
}

/** One schema without references, conditions and choices: the choices are made here. */
function flatten(schema: Schema, scope: Scope, place: ValuePlace): Flat {
  const { work } = scope
  let node = nothing
  let inside = place
  let isSure = true
  const pending: unknown[] = [schema]
  for (let joined = 0; pending.length > 0 && joined < maxJoined && work.steps > 0; joined++) {
    const next = pending.pop()
    work.steps -= visitSteps
    if (!isRecord(next)) continue
    const { $ref, allOf, anyOf, oneOf, if: condition, then, else: otherwise } = next
    const { own, isHard } = partsOf(next)
    if (isSure) isSure = !isHard && isSilent(node)
    node = node === nothing ? own : mergeSchemas(node, own, work)
    const more: unknown[] = []
    if (typeof $ref === 'string') {
      work.steps -= 1 + inside.references.length
      inside = followed($ref, inside)
      more.push(referred($ref, scope.root, work))
    }
    more.push(...schemasOf(allOf, work).slice(0, maxJoined))
    for (const variants of [anyOf, oneOf])
      if (Array.isArray(variants)) more.push(choose(schemasOf(variants, work), scope, inside))
    if (isSchema(condition)) more.push(...(scope.random.below(2) === 0 ? [condition, then] : [otherwise]))
    pending.push(...more.reverse())
  }
  return { node, inside, isSure: isSure && pending.length === 0 }
}

/** What asks for more says the same again and again. */
const maxJoined = 500

const followed = (reference: string, place: ValuePlace): ValuePlace =>
  place.references.includes(reference)
    ? { ...place, isRecursive: true }
    : { ...place, references: [...place.references, reference] }

type Parts = {
  /** What a schema says itself, without what it refers to and chooses from. */
  readonly own: Schema
  /** Has a keyword that a draw may miss. */
  readonly isHard: boolean
}

const partsOf = fact<Schema, Parts>((schema) => {
  const keys = Object.keys(schema)
  const isHard = keys.some((key) => hardKeys.has(key))
  if (!keys.some((key) => structureKeys.has(key))) return { own: schema, isHard }
  const { $ref: _1, allOf: _2, anyOf: _3, oneOf: _4, if: _5, then: _6, else: _7, ...own } = schema
  return { own, isHard }
})

const structureKeys = new Set('$ref allOf anyOf oneOf if then else'.split(' '))
const hardKeys = new Set(
  'oneOf not if allOf contains dependentRequired dependentSchemas patternProperties propertyNames format'.split(' '),
)

/** Asks for nothing, so that nothing can contradict it. */
const isSilent = fact<Schema, boolean>((schema) => Object.keys(schema).every((key) => silentKeys.has(key)))
const silentKeys = new Set('$schema $id $defs $comment definitions title description'.split(' '))

function choose(variants: readonly (Schema | boolean)[], scope: Scope, place: ValuePlace): unknown {
  const { random } = scope
  scope.work.steps -= variants.length
  return pickSeldomNull(isScarce(scope, place) ? shallowest(variants, scope) : openOnes(variants), byNullSchema, random)
}

const openOnes = fact<Variants, Variants>((variants) => variants.filter((variant) => variant !== false))
type Variants = readonly (Schema | boolean)[]

const isNullSchema = (schema: unknown): boolean =>
  isRecord(schema) &&
  (schema.type === 'null' ||
    schema.const === null ||
    (Array.isArray(schema.enum) && schema.enum.length === 1 && schema.enum[0] === null))

type Sorted = { readonly nulls: List; readonly others: List }
type List = readonly unknown[]

const sorted = (isNull: (choice: unknown) => boolean) =>
  fact<List, Sorted>((choices) => ({
    nulls: choices.filter(isNull),
    others: choices.filter((choice) => !isNull(choice)),
  }))

/** Null is drawn seldom where there is something else: an answer has more to say, and a test that reads it wants it. */
function pickSeldomNull<T>(choices: readonly T[], sort: (choices: List) => Sorted, random: Random): T | undefined {
  const first = choices[random.below(choices.length)]
  if (first === undefined || choices.length === 1) return first
  const { nulls, others } = sort(choices)
  if (nulls.length === 0) return first
  if (others.length === 0 || random.fraction() < nullShare) return nulls[0] as T
  return others[random.below(others.length)] as T
}

const nullShare = 0.075
const byNullSchema = sorted(isNullSchema)

/** Found out once for a list of variants. */
const knownShallow = new WeakMap<readonly (Schema | boolean)[], readonly (Schema | boolean)[]>()

function shallowest(variants: readonly (Schema | boolean)[], { depthOf, work }: Scope): readonly (Schema | boolean)[] {
  const known = knownShallow.get(variants)
  if (known) return known
  let min = Infinity
  let found: (Schema | boolean)[] = []
  for (const variant of variants) {
    const depth = depthOf(variant)
    if (depth < min) [min, found] = [depth, []]
    if (depth === min) found.push(variant)
  }
  if (work.steps > 0) knownShallow.set(variants, found)
  return found
}

function drawNode(node: Schema, scope: Scope, place: ValuePlace): Json {
  const { random, work } = scope
  if (node.const !== undefined) return written(node.const, scope)
  if (Array.isArray(node.enum) && node.enum.length > 0) return drawMember(node.enum, node, scope)
  const given = givenValue(node, scope)
  if (given !== undefined) return written(given, scope)
  switch (chooseType(node, scope, place)) {
    case 'null':
      pay(work, 4)
      return null
    case 'boolean':
      pay(work, 4)
      return random.below(2) === 0
    case 'integer':
      return drawNumber(node, true, scope)
    case 'number':
      return drawNumber(node, false, scope)
    case 'array':
      return drawArray(node, scope, place)
    case 'object':
      return drawObject(node, scope, place)
    default:
      return drawText(node, place.name, scope)
  }
}

function drawMember(values: readonly unknown[], node: Schema, scope: Scope): Json {
  const others = besideEnum(node)
  const open = others === undefined || values.length > maxCompared ? values : openOf(values, others, scope)
  const from = open.length > 0 ? open : values
  return written(pickSeldomNull(from, byNull, scope.random), scope)
}

const byNull = sorted((value) => value === null)

/** Of what an `enum` lists, what else is said of it allows; found out once as long as the same is said. */
function openOf(values: readonly unknown[], others: Schema, { judges, work }: Scope): readonly unknown[] {
  const known = knownOpen.get(values)
  if (known?.others === others) return known.open
  const open = values.filter((value) => judges(value, others))
  if (work.steps > 0) knownOpen.set(values, { others, open })
  return open
}

const knownOpen = new WeakMap<readonly unknown[], { readonly others: Schema; readonly open: readonly unknown[] }>()

/** What a schema with an `enum` says that its members may not fit. */
const besideEnum = fact<Schema, Schema | undefined>(({ type, enum: _, ...others }) => {
  const isBare = isSilent(others) && (typeof type === 'string' || type === undefined)
  return isBare ? undefined : { ...others, ...(type !== undefined && { type }) }
})

/** A value that stands in the schema, as it goes into the answer. */
function written(value: unknown, { work }: Scope): Json {
  payUnbroken(work, valueSize(value))
  return value as Json
}

const maxCompared = 1000

/** The schema's own examples and default are the best that is known of what is meant; taken half the time. */
function givenValue(node: Schema, scope: Scope): Json | undefined {
  const examples: readonly unknown[] = Array.isArray(node.examples) ? node.examples : []
  // That nothing is there is said seldom enough without it: libraries give it to all that is optional.
  if (node.default === null && examples.length === 0) return undefined
  const count = examples.length + (node.default === undefined ? 0 : 1)
  if (count === 0 || scope.random.below(2) === 0) return undefined
  const at = scope.random.below(count)
  const value = at < examples.length ? examples[at] : node.default
  return scope.judges(value, node) ? (value as Json) : undefined
}

function chooseType(node: Schema, scope: Scope, place: ValuePlace): unknown {
  if (!Array.isArray(node.type)) return node.type ?? impliedType(node) ?? anyType(node, scope.random)
  const types = textsOf(node.type, scope.work)
  const flat = types.filter((type) => type !== 'object' && type !== 'array')
  return pickSeldomNull(isScarce(scope, place) && flat.length > 0 ? flat : types, byNullType, scope.random)
}

const byNullType = sorted((type) => type === 'null')

const impliedType = (node: Schema): string | undefined => implied.find(([key]) => node[key] !== undefined)?.[1]

/** Text, where nothing speaks against it. */
const anyType = (node: Schema, random: Random) =>
  node.not === undefined ? 'string' : ['string', 'integer', 'boolean', 'null', 'array', 'object'][random.below(6)]

const implied: readonly (readonly [key: string, type: string])[] = [
  ['properties', 'object'],
  ['required', 'object'],
  ['additionalProperties', 'object'],
  ['patternProperties', 'object'],
  ['minProperties', 'object'],
  ['items', 'array'],
  ['prefixItems', 'array'],
  ['minItems', 'array'],
  ['contains', 'array'],
  ['pattern', 'string'],
  ['minimum', 'number'],
  ['maximum', 'number'],
  ['exclusiveMinimum', 'number'],
  ['exclusiveMaximum', 'number'],
  ['multipleOf', 'number'],
]
