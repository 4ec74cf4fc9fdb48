/**
 * JSON that fits a schema, drawn with the call's own chance. Clients send the schemas, so nothing in one is run, no
 * other document is fetched, and what one may cost is bounded. The draw is constructive; where a schema says what cannot
 * be constructed (`not`, one of several only, conditions) it is checked and drawn again.
 */
import type { Random } from '../../random.ts'
import { fits } from './check.ts'
import { drawArray, drawObject } from './containers.ts'
import { minDepths } from './min-depths.ts'
import { mergeSchemas } from './merge.ts'
import { drawNumber } from './number.ts'
import { isScarce, type Place, type Scope, stepsEach } from './scope.ts'
import { drawText } from './text.ts'
import { isRecord, isSchema, type Json, referred, type Schema, schemasOf } from './value.ts'

/** A schema that nothing fits gets what comes nearest. */
export function drawJson(schema: unknown, random: Random): Json {
  let value: Json = null
  const depthOf = minDepths(schema)
  for (let attempt = 0; attempt < attempts; attempt++) {
    const budget = { steps: stepsEach }
    const scope: Scope = {
      root: schema,
      random,
      depthOf,
      budget,
      retriesLeft: 100,
      draw: (inner, place) => drawValue(inner, scope, place),
      judges: (of, inner) => fits(of, inner, { root: schema, budget }),
    }
    value = drawValue(schema, scope, { depth: 0, name: '', references: [], isRecursive: false })
    if (budget.steps <= 0 || fits(value, schema, { root: schema, budget: { steps: stepsEach } })) break
  }
  return value
}

const attempts = 8
const deepest = 100

function drawValue(schema: unknown, scope: Scope, place: Place): Json {
  if (!isRecord(schema)) return drawText({}, place.name, scope)
  if (place.depth > deepest) return null
  for (;;) {
    const { node, inside, isSure } = flatten(schema, scope, place)
    const value = drawNode(node, scope, inside)
    if (isSure || scope.judges(value, schema) || scope.retriesLeft-- <= 0 || scope.budget.steps <= 0) return value
  }
}

type Flat = {
  readonly node: Schema
  /** The place, with the references that led to the node. */
  readonly inside: Place
  /** What is drawn from the node fits. */
  readonly isSure: boolean
}

/** One schema without references, conditions and choices: the choices are made here. */
function flatten(schema: Schema, scope: Scope, place: Place): Flat {
  let node: Schema = {}
  let inside = place
  let isSure = true
  const pending: unknown[] = [schema]
  for (let joined = 0; pending.length > 0 && joined < maxJoined && scope.budget.steps-- > 0; joined++) {
    const next = pending.pop()
    if (!isRecord(next)) continue
    const { $ref, allOf, anyOf, oneOf, if: condition, then, else: otherwise, ...own } = next
    if (isSure) isSure = !isHard(next) && isSilent(node)
    node = mergeSchemas(node, own)
    const more: unknown[] = []
    if (typeof $ref === 'string') {
      inside = followed($ref, inside)
      more.push(referred($ref, scope.root))
    }
    more.push(...schemasOf(allOf))
    for (const variants of [anyOf, oneOf])
      if (Array.isArray(variants)) more.push(choose(schemasOf(variants), scope, inside))
    if (isSchema(condition)) more.push(...(scope.random.below(2) === 0 ? [condition, then] : [otherwise]))
    pending.push(...more.reverse())
  }
  return { node, inside, isSure: isSure && pending.length === 0 }
}

/** What asks for more says the same again and again. */
const maxJoined = 500

const followed = (reference: string, place: Place): Place =>
  place.references.includes(reference)
    ? { ...place, isRecursive: true }
    : { ...place, references: [...place.references, reference] }

/** Has a keyword that a draw may miss. */
const isHard = (schema: Schema) => Object.keys(schema).some((key) => hardKeys.has(key))
const hardKeys = new Set(
  'oneOf not if allOf contains dependentRequired dependentSchemas patternProperties propertyNames format'.split(' '),
)

/** Asks for nothing, so that nothing can contradict it. */
const isSilent = (schema: Schema) => Object.keys(schema).every((key) => silentKeys.has(key))
const silentKeys = new Set('$schema $id $defs $comment definitions title description'.split(' '))

function choose(variants: readonly (Schema | boolean)[], scope: Scope, place: Place): unknown {
  const { random } = scope
  const depths = variants.map(scope.depthOf)
  const min = Math.min(...depths)
  const open = isScarce(scope, place)
    ? variants.filter((_, index) => depths[index] === min)
    : variants.filter((variant) => variant !== false)
  const pick = () => open[random.below(open.length)]
  const first = pick()
  // Null is drawn less often: an answer has more to say.
  return isRecord(first) && first.type === 'null' ? pick() : first
}

function drawNode(node: Schema, scope: Scope, place: Place): Json {
  const { random } = scope
  if (node.const !== undefined) return node.const as Json
  if (Array.isArray(node.enum) && node.enum.length > 0) return drawMember(node.enum, node, scope)
  const given = givenValue(node, scope)
  if (given !== undefined) return given
  switch (chooseType(node, scope, place)) {
    case 'null':
      return null
    case 'boolean':
      return random.below(2) === 0
    case 'integer':
      return drawNumber(node, true, random)
    case 'number':
      return drawNumber(node, false, random)
    case 'array':
      return drawArray(node, scope, place)
    case 'object':
      return drawObject(node, scope, place)
    default:
      return drawText(node, place.name, scope)
  }
}

function drawMember(values: readonly unknown[], node: Schema, scope: Scope): Json {
  const { type, enum: _values, ...others } = node
  const isBare = typeof type === 'string' ? isSilent(others) : isSilent({ ...others, type })
  const open = isBare || values.length > maxCompared ? values : values.filter((value) => scope.judges(value, node))
  const from = open.length > 0 ? open : values
  return from[scope.random.below(from.length)] as Json
}

const maxCompared = 1000

/** The schema's own examples and default are the best that is known of what is meant; taken half the time. */
function givenValue(node: Schema, scope: Scope): Json | undefined {
  const examples: readonly unknown[] = Array.isArray(node.examples) ? node.examples : []
  const open = node.default === undefined ? examples : [...examples, node.default]
  if (open.length === 0 || scope.random.below(2) === 0) return undefined
  const value = open[scope.random.below(open.length)]
  return scope.judges(value, node) ? (value as Json) : undefined
}

function chooseType(node: Schema, scope: Scope, place: Place): unknown {
  if (!Array.isArray(node.type)) return node.type ?? impliedType(node) ?? anyType(node, scope.random)
  const types: readonly unknown[] = node.type
  const flat = types.filter((type) => type !== 'object' && type !== 'array')
  if (isScarce(scope, place) && flat.length > 0) return flat[scope.random.below(flat.length)]
  const pick = () => types[scope.random.below(types.length)]
  const first = pick()
  return first === 'null' ? pick() : first
}

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
