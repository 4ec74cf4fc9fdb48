/** `/++/config`: the Python simulator's JSON, a view of the settings that it knows. */
import { through } from '../base/slices.ts'
import { applyChange, type Apply, settingsOf } from '../config/change.ts'
import { isPacedByToken } from '../config/check-deployments.ts'
import { declared, type Declared } from '../config/declared.ts'
import { type ConfigError, mismatch, shown, type Problem } from '../config/problem.ts'
import type { Settings } from '../config/schema.ts'
import { isTree, put, putAt, treeOf, valueAt, type Path, type Tree } from '../config/tree.ts'
import { rows, unknownInDocument } from './vocabulary.ts'

/** Without the key, and without what is read at the start only. What is not set is null. */
export const toControlDocument = (settings: Settings): Tree => through(() => documentOf(settings))

function* documentOf(settings: Settings): Generator<undefined, Tree> {
  const document: Record<string, unknown> = {}
  const ofEach = declared.flatMap(({ python, ...setting }) => (python?.includes('*') ? [{ python, setting }] : []))
  for (const { python, ...setting } of declared) {
    if (!python) continue
    if (!python.includes('*')) putAt(document, python, valueOf(setting, settings))
    else if (!Object.hasOwn(document, python[0] ?? '')) put(document, python[0] ?? '', {})
  }
  for (const name of Object.keys(settings.deployments)) {
    yield
    for (const { python, setting } of ofEach)
      putAt(document, named(python, name), valueOf({ ...setting, path: named(setting.path, name) }, settings))
  }
  return document
}

/** As the document has it: durations are milliseconds, and one per request stands where one per token does. */
function valueOf({ path, kind }: Pick<Declared, 'path' | 'kind'>, settings: Settings): unknown {
  const value = valueAt(settings, path) ?? valueAt(settings, path.with(-1, eachFor(path)))
  if (!isTree(value)) return value ?? null
  if (kind === 'time') return value.ms
  return kind === 'spread' ? { mean: value.meanMs, std_dev: value.stdDevMs } : value
}

const eachFor = (path: Path) => (path.at(-1) === 'interToken' ? 'each' : (path.at(-1) ?? ''))

/**
 * A part of the document above as a change of `sources`: null removes a deployment and resets anything else to its
 * default. All of it is taken, or a `ConfigError` tells every problem by the document's own paths.
 */
export const applyPatch: Apply = (sources, patch, models) => {
  const before = settingsOf(sources)
  const isPerToken = (name: string) => {
    const model =
      valueAt(patch, ['openai_deployments', name, 'model']) ?? valueAt(before, ['deployments', name, 'model'])
    const found = typeof model === 'string' ? models.findModel(model) : undefined
    return !found || isPacedByToken(found)
  }
  const change = through(() => fromControlPatch(patch, isPerToken))
  return applyChange(sources, { ...change, told: inControlTerms }, models)
}

/** The body of the 400 that answers a change which was refused. `lead` says what was not done. */
export function invalidConfigurationBody({ problems, count }: ConfigError, lead = 'The configuration was not changed') {
  const details = problems.map(({ setting, message }) => ({ path: setting, message }))
  const found = count === 1 ? 'is 1 problem' : `are ${count} problems`
  const listed = count > problems.length ? `the first ${problems.length} of them listed` : 'listed'
  const message = `${lead}: there ${found}, ${listed} in details.`
  return { error: { code: 'InvalidConfiguration', message, details } }
}

/** Keys of earlier versions, which still work. */
const oldKeys = new Map([
  ['most_repeats', 'max_repeats'],
  ['most_custom_headers', 'max_custom_headers'],
])

/** A patch in the terms of `sim.yaml`, and what of it stands for no setting. */
function* fromControlPatch(
  patch: unknown,
  isPerToken: (deployment: string) => boolean,
): Generator<undefined, { readonly input: Tree; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = []
  const input: Record<string, unknown> = {}
  const refuse = (path: Path, message: string) => problems.push({ path, setting: path.join('.'), message })

  function* walk(value: unknown, document: Path): Generator<undefined> {
    yield
    const under = rows.filter((row) => startsWith(row.document, document))
    const exact = under.find((row) => row.document.length === document.length)
    if (exact || (value === null && document.length > 0)) {
      const setting = exact?.setting ?? commonPath(under.map((row) => row.setting))
      mergeInto(input, settingChange(named(setting, document[1]), value, isPerToken))
    } else if (!isTree(value)) refuse(document, mismatch(shown(value), 'an object'))
    else {
      const known = new Set(under.map((row) => row.document[document.length] ?? ''))
      for (const [given, inner] of Object.entries(value)) {
        const key = oldKeys.get(given) ?? given
        if (known.has('*') || known.has(key)) yield* walk(inner, [...document, key])
        else refuse([...document, key], unknownInDocument(key, document, [...known]))
      }
    }
  }
  yield* walk(patch, [])
  return { input, problems }
}

/** A deployment that does not answer in tokens has one duration, which takes the place of any other. */
function settingChange(setting: Path, value: unknown, isPerToken: (deployment: string) => boolean): Tree {
  // A duration is taken back whole, or it would be one without a length.
  if (value === null && setting.at(-1) === 'ms') return treeOf(setting.slice(0, -1), null)
  const [top, name = '', part, latency, ...rest] = setting
  if (top !== 'deployments' || part !== 'latency' || latency !== 'interToken') return treeOf(setting, value)
  const [kept, dropped] = isPerToken(name) ? ['interToken', 'each'] : ['each', 'interToken']
  const path = [top, name, part]
  return mergeChanges(treeOf([...path, dropped], null), treeOf([...path, kept, ...rest], value))
}

/** Two changes as one: unlike a change that is applied, a null stays. */
function mergeChanges(first: Tree, second: Tree): Tree {
  const merged: Record<string, unknown> = {}
  mergeInto(merged, first)
  mergeInto(merged, second)
  return merged
}

/** What is below `target` is its own. */
function mergeInto(target: Record<string, unknown>, more: Tree): void {
  for (const [key, value] of Object.entries(more)) {
    if (!isTree(value)) put(target, key, value)
    else {
      const known = Object.hasOwn(target, key) ? target[key] : undefined
      const below: Record<string, unknown> = isTree(known) ? known : {}
      if (below !== known) put(target, key, below)
      mergeInto(below, value)
    }
  }
}

/** A problem, told by the document's paths. */
function inControlTerms(problem: Problem): Problem {
  const path = problem.path.map((key, at) => (at === 3 && key === 'each' ? 'interToken' : key))
  const under = rows.filter((row) => startsWith(row.setting, path))
  const document = named(commonPath(under.map((row) => row.document)), path[1])
  if (under.length > 0) return { ...problem, setting: document.join('.') }
  // What stands in a list is named as in the file.
  const list = rows.find((row) => startsWith(path, row.setting))
  return list ? { ...problem, setting: [...list.document, ...path.slice(list.setting.length)].join('.') } : problem
}

const startsWith = (path: Path, start: Path) =>
  start.length <= path.length && start.every((key, at) => path[at] === key || path[at] === '*')

/** With the deployment's name; what is about all deployments ends before it. */
const named = (path: Path, name: string | undefined) =>
  name === undefined && path.includes('*')
    ? path.slice(0, path.indexOf('*'))
    : path.map((key) => (key === '*' ? (name ?? key) : key))

function commonPath([first = [], ...others]: readonly Path[]): Path {
  const end = first.findIndex((key, at) => others.some((path) => path[at] !== key))
  return end < 0 ? first : first.slice(0, end)
}
