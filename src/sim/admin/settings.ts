/** `/++/settings`: what can change while the simulator runs, in the words and forms of `sim.yaml`. */
import { step, through } from '../base/slices.ts'
import { applyChange, type Apply } from '../config/change.ts'
import { declared, type Declared, startOnlyPaths } from '../config/declared.ts'
import { formatDuration } from '../config/duration.ts'
import { isPercentiles, writtenSpread } from '../config/percentiles.ts'
import { masked, mismatch, shown, type Problem } from '../config/problem.ts'
import { configJsonSchema, namesAt } from '../config/schema-parts.ts'
import type { Settings } from '../config/schema.ts'
import { visible } from '../config/read-source.ts'
import { isTree, put, putAt, type Path, type Tree, valueAt, without } from '../config/tree.ts'
import { profileNames } from '../types.ts'
import { meantSetting, suggestion } from './vocabulary.ts'

type Derived = { readonly name: string; readonly key: string; readonly value: number }

/** What is not set is null; of a deployment only what is set is there, and the limits that follow from it. */
export function toSettingsDocument(settings: Settings, derived: readonly Derived[] = []): Tree {
  const document: Record<string, unknown> = {}
  for (const setting of declared) {
    const [top = '', any] = setting.path
    if (setting.startOnly) continue
    if (any !== '*') putAt(document, setting.path, writtenOf(setting, settings) ?? null)
    else if (!Object.hasOwn(document, top))
      put(
        document,
        top,
        through(() => namedOf(valueAt(settings, [top]), top)),
      )
  }
  for (const { name, key, value } of derived) putAt(document, ['deployments', name, key], value)
  return document
}

/** Throws a `ConfigError` that tells each problem by the setting's path. */
export const applySettings: Apply = (sources, part, models) => {
  const problems: Problem[] = []
  const refuse = (path: Path, message: string) => problems.push({ path, setting: path.join('.'), message })
  if (!isTree(part)) refuse([], mismatch(shown(part), 'an object'))
  const { tree: readable, problems: misnamed } = through(() => readableOf(part))
  problems.push(...misnamed)
  const changeable = startOnlyPaths.reduce((tree, path) => {
    if (valueAt(tree, path) === undefined) return tree
    refuse(path, 'is read at the start only: set it where the simulator is started')
    return without(tree, path)
  }, readable)
  const input = step(() => withWholeLatencies(withoutMasks(changeable)))
  const told = (problem: Problem) => ({ ...problem, setting: visible(problem.path).join('.') })
  return applyChange(sources, { input, problems, told }, models)
}

type Readable = { readonly tree: Tree; readonly problems: readonly Problem[] }

function* readableOf(part: unknown): Generator<undefined, Readable> {
  const problems: Problem[] = []
  const refuse = (path: Path, message: string) => problems.push({ path, setting: path.join('.'), message })
  return { tree: yield* namedRight(isTree(part) ? part : {}, [], refuse), problems }
}

/** The JSON schema of a change: everything may be left out, and null takes back what was set. */
export function settingsJsonSchema(models: readonly string[]): Tree {
  const whole = configJsonSchema(models)
  const changeable = startOnlyPaths.reduce((schema, path) => without(schema, schemaPath(path)), whole)
  return { ...orNullBelow(changeable), title: 'A change of the settings, as PATCH /++/settings takes it' }
}

const schemaPath = (path: Path): Path => path.flatMap((key) => ['properties', key])

function orNullBelow(schema: Tree): Tree {
  const { properties, additionalProperties } = schema
  return {
    ...schema,
    ...(isTree(properties) && { properties: mapped(properties) }),
    ...(isTree(additionalProperties) && { additionalProperties: orNull(additionalProperties) }),
  }
}

const mapped = (properties: Tree): Tree =>
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, isTree(value) ? orNull(value) : value]))

const orNull = (schema: Tree): Tree => ({
  anyOf: [isMapping(schema) ? orNullBelow(withoutRequired(schema)) : schema, { type: 'null' }],
})

const isMapping = ({ type }: Tree): boolean => type === 'object' || (Array.isArray(type) && type[0] === 'object')

const withoutRequired = ({ required: _, ...schema }: Tree): Tree => schema

const namesAStep = 64

/** Each of a mapping by names: deployments, with what is set of them. */
function* namedOf(mapping: unknown, top: string): Generator<undefined, Tree> {
  const below = declared.filter(({ path }) => path[0] === top && path[1] === '*')
  const document: Record<string, unknown> = {}
  let told = 0
  for (const name of Object.keys(isTree(mapping) ? mapping : {})) {
    if (++told % namesAStep === 0) yield
    const each: Record<string, unknown> = {}
    for (const setting of below) {
      const written = writtenOf({ ...setting, path: [name, ...setting.path.slice(2)] }, mapping)
      if (written !== undefined) putAt(each, visible(setting.path.slice(2)), written)
    }
    put(document, name, each)
  }
  return document
}

/** A value as `sim.yaml` has it. */
function writtenOf({ path, kind, isSecret }: Declared, settings: unknown): unknown {
  const value = valueAt(settings, path)
  if (value === undefined) return undefined
  if (isSecret) return masked
  if (!isTree(value)) return value
  if (kind === 'time') return formatDuration({ mean: Number(value.ms), stdDev: 0 })
  return kind === 'spread' ? writtenSpread(value) : value
}

/**
 * Without names that `/++/config` has for a setting, and the app's own names of a duration's parts. What has none of them
 * stays as it is, and is not copied: there may be thousands of deployments.
 */
function* namedRight(
  tree: Tree,
  path: Path,
  refuse: (path: Path, message: string) => unknown,
  known = namesAt(path),
): Generator<undefined, Tree> {
  /** All that have names of their own are of one kind. */
  let alike: readonly string[] | undefined
  const changes = new Map<string, Tree | undefined>()
  let looked = 0
  for (const key of Object.keys(tree)) {
    if (++looked % namesAStep === 0) yield
    const value = tree[key]
    const meant = known && !known.includes(key) ? meantSetting(key, known) : undefined
    if (meant !== undefined) {
      refuse([...path, key], suggestion(meant))
      changes.set(key, undefined)
    } else if (isTree(value) && path.length < maxDepth) {
      const inner = known ? namesAt([...path, key]) : (alike ??= namesAt([...path, key]))
      const right = yield* namedRight(value, [...path, key], refuse, inner)
      if (right !== value) changes.set(key, right)
    }
  }
  if (changes.size === 0) return tree
  const right: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(tree)) {
    const changed = changes.has(key) ? changes.get(key) : value
    if (changed !== undefined) put(right, key, changed)
  }
  return right
}

/** No setting is deeper. */
const maxDepth = 6

/** A secret that is sent back as it was shown stays as it is. */
function withoutMasks(tree: Tree): Tree {
  const secrets = declared.filter(({ isSecret }) => isSecret).map(({ path }) => path)
  return secrets.reduce((rest, path) => (valueAt(rest, path) === masked ? without(rest, path) : rest), tree)
}

/** A deployment's latency is one duration, one a token, or a profile: each takes the place of the others. */
function withWholeLatencies(input: Tree): Tree {
  const { deployments } = input
  if (!isTree(deployments)) return input
  if (!Object.values(deployments).some((deployment) => valueAt(deployment, ['latency']) !== undefined)) return input
  const whole: Record<string, unknown> = {}
  for (const [name, deployment] of Object.entries(deployments)) {
    const latency = valueAt(deployment, ['latency'])
    const isProfile = (profileNames as readonly unknown[]).includes(latency)
    const isEach = typeof latency === 'string' || (isTree(latency) && isPercentiles(latency))
    const isPerToken = isTree(latency) && ('interToken' in latency || 'timeToFirstToken' in latency)
    const none = { each: null, interToken: null, timeToFirstToken: null, profile: null }
    const replaced = isProfile
      ? { ...none, profile: latency }
      : isEach
        ? { ...none, each: latency }
        : isPerToken
          ? { each: null, profile: null, ...latency }
          : latency
    put(whole, name, isTree(deployment) && latency !== undefined ? { ...deployment, latency: replaced } : deployment)
  }
  return { ...input, deployments: whole }
}
