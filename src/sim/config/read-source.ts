/** One source of settings, checked by itself: what is right of it, in its canonical form, and what is wrong with it. */
import { table } from '../base/object.ts'
import { step, through } from '../base/slices.ts'
import { parseAhead } from './parse-ahead.ts'
import { checkedUpTo, refusedUpTo } from '../base/checked.ts'
import type { z } from 'zod'
import { maxTold, mismatch, shown, unknownName, type Problem } from './problem.ts'
import { type Renamed, withPresentNames } from './old-names.ts'
import { isSecretAt, namesAt, PartialSettings } from './schema-parts.ts'
import { agentNameForm } from './agents-setting.ts'
import { filterNameForm } from './content-filter.ts'
import { deploymentNameForm } from './schema.ts'
import { isTree, valueAt, withoutAll, type Path, type Tree } from './tree.ts'

export type ConfigSource = {
  /** As `check` and messages name it, for example the file's path. */
  readonly name: string
  /** As `sim.yaml` is structured; null undoes what sources below say. */
  readonly input: unknown
  /** Whether it is a file of settings, which the environment and flags beat. */
  readonly isFile?: boolean
  /** Whether its deployments may give an embedding of any length to any model. */
  readonly takesAnySize?: boolean
  /** What the source calls the setting at `path`, where it does not go by paths: a variable, a flag. */
  readonly spell?: (path: Path) => string | undefined
  /** How the source writes a path, where that is not with dots and the names of `sim.yaml`. */
  readonly pathText?: (path: Path) => string
  /** What the source allows there, where that is not what the schema says. */
  readonly allowed?: (path: Path) => string | undefined
  /** All names that it may have at its top, where those are not the settings' own. */
  readonly topNames?: readonly string[]
}

export type SourceReading = {
  readonly source: ConfigSource
  readonly tree: Tree
  readonly problems: readonly Problem[]
  /** So many problems are not among them: then nothing else was looked at. */
  readonly more: number
  /** Settings that the source gives by names of earlier versions. */
  readonly renamed: readonly Renamed[]
}

/** Zod compiles a schema at its first use, which pays where many bodies follow; settings are few, and a start waits. */
export const once = { jitless: true }

const known = new WeakMap<ConfigSource, SourceReading>()

/** A source is read once, however often settings are resolved: what it says does not change. */
export function readSource(source: ConfigSource): SourceReading {
  const reading = known.get(source) ?? read(source)
  known.set(source, reading)
  return reading
}

/** It says what has been read and found right already, in canonical form. */
export function isRead(source: ConfigSource, tree: Tree): void {
  known.set(source, { source, tree, problems: [], more: 0, renamed: [] })
}

function read(given: ConfigSource): SourceReading {
  const { input, renamed } = isTree(given.input) ? withPresentNames(given.input) : { input: given.input, renamed: [] }
  // A message names a setting as the source does.
  const oldOf = (path: Path) => renamed.find((row) => row.path.every((key, at) => path[at] === key))?.old ?? path
  const source: ConfigSource = { ...given, input }
  const report = (path: Path, message: string): Problem => ({
    path,
    setting: settingName(given, oldOf(path)),
    message,
  })
  const done = (tree: Tree, problems: readonly Problem[], more = 0): SourceReading => ({
    source: given,
    tree,
    problems,
    more,
    renamed,
  })
  if (input === undefined || input === null) return done({}, [])
  if (!isTree(input)) return done({}, [report([], mismatch(shown(input), 'a mapping of settings'))])
  // Zod passes over a key of this name in a record, so it is looked for here.
  const isPolluted = valueAt(input, ['deployments', '__proto__']) !== undefined
  const polluted: readonly Problem[] = isPolluted ? [badName(['deployments', '__proto__'], report)] : []

  if (Object.keys(input).length === 0) return done({}, [])
  const early = parseAhead(PartialSettings, input)
  // So much is wrong in long lists that nothing else is looked at.
  const first = step(() =>
    early.length > maxWrong ? refusedUpTo(early, maxWorded) : checkedUpTo(PartialSettings, input, maxWorded),
  )
  if (first.success) return done(asTree(first.data), polluted)
  const count = through(() => countOf([first.issues, first.rest]))
  if (count > maxTold) {
    const told = through(() => firstOf(first.issues, source, report))
    return done({}, [...polluted, ...told], count - told.length)
  }
  const problems = first.issues.flatMap((issue) => problemsOf(issue, source, report))
  // What is right still counts, so that mistakes which show only when all sources are put together are told as well.
  const right = withoutAll(
    input,
    problems.map(({ path }) => path),
  )
  const second = checkedUpTo(PartialSettings, right, maxTold)
  return done(second.success ? asTree(second.data) : {}, unique([...polluted, ...problems]))
}

/**
 * A path as `sim.yaml` writes it: `each` stands for a duration that is given without that key, and the parts of a
 * duration have no names either.
 */
export const visible = (path: Path): Path =>
  path.filter((key) => !['each', 'meanMs', 'stdDevMs', 'ms', 'percentiles'].includes(key))

/** What a source calls the setting at `path`, for a message. */
export function settingName(source: ConfigSource, path: Path): string {
  const shownPath = visible(path)
  const text = source.pathText?.(shownPath) ?? shownPath.join('.')
  return source.spell?.(path) ?? (text ? `${source.name}: ${text}` : source.name)
}

/** The source whose word counts at `path`: the last that says something there; `undefined` where it says null. */
export function ownerOf(readings: readonly SourceReading[], path: Path): ConfigSource | undefined {
  const isUndone = (tree: Tree) => path.some((_key, at) => valueAt(tree, path.slice(0, at + 1)) === null)
  const owner = readings.findLast(({ tree }) => valueAt(tree, path) !== undefined || isUndone(tree))
  return owner && !isUndone(owner.tree) ? owner.source : undefined
}

/** A setting may be wrong in several ways, of which one is told. */
const maxWorded = 4 * maxTold

const maxWrong = 10 * maxTold

/** How many settings are wrong. */
function* countOf(
  lists: readonly (readonly (z.core.$ZodIssue | z.core.$ZodRawIssue)[])[],
): Generator<undefined, number> {
  const wrong = new Set<string>()
  let looked = 0
  for (const issues of lists)
    for (const issue of issues) {
      if (++looked % issuesAStep === 0) yield
      const setting = visible((issue.path ?? []).map((key) => String(key))).join('\0')
      if (issue.code === 'unrecognized_keys')
        for (const key of issue.keys as readonly string[]) wrong.add(`${setting}\0${key}`)
      else wrong.add(setting)
    }
  return wrong.size
}

const issuesAStep = 512

/** Of very many, those that are told. */
function* firstOf(
  issues: readonly z.core.$ZodIssue[],
  source: ConfigSource,
  report: Report,
): Generator<undefined, readonly Problem[]> {
  let told: readonly Problem[] = []
  for (const issue of issues) {
    if (told.length >= maxTold) break
    told = unique([...told, ...problemsOf(issue, source, report)])
    yield
  }
  return told.slice(0, maxTold)
}

type Report = (path: Path, message: string) => Problem

function problemsOf(issue: z.core.$ZodIssue, source: ConfigSource, report: Report): readonly Problem[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    const names = (path.length === 0 ? source.topNames : undefined) ?? namesAt(path) ?? []
    return issue.keys
      .slice(0, maxTold)
      .map((key) => report([...path, key], `is not a setting; ${unknownName(key, names)}`))
  }
  if (issue.code === 'invalid_key') return [badName(path, report)]
  const params: unknown = issue.code === 'custom' ? issue.params : undefined
  const told = isTree(params) && typeof params.found === 'string' ? params.found : undefined
  const found = told ?? shown(written(source.input, path), isSecretAt(path))
  return [report(path, mismatch(found, source.allowed?.(path) ?? issue.message))]
}

function badName(path: Path, report: Report): Problem {
  const [what, form] = namesOf[String(path[0])] ?? ["a deployment's", deploymentNameForm]
  return report(path, mismatch(`${shown(path.at(-1))} as ${what} name`, form))
}

/** Of mappings by name, other than deployments. */
const namesOf: Readonly<Record<string, readonly [what: string, form: string]>> = table({
  agents: ["an agent's", agentNameForm],
  contentFilters: ["a content filter's", filterNameForm],
})

/** What the source says at `path`, or where it says more than that in one text: a duration is one, its parts are not. */
function written(input: unknown, path: Path): unknown {
  const value = valueAt(input, path)
  const whole = valueAt(input, path.slice(0, -1))
  return value === undefined && typeof whole === 'string' ? whole : value
}

/** One a setting: a number that is neither whole nor positive is wrong once. */
function unique(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problem.setting, problem])).values()]
}

const asTree = (value: unknown): Tree => (isTree(value) ? value : {})
