/** A timeline as it is written, read: phases, one after another, each with settings that hold while it lasts. */
import { textOf } from '../base/text-of.ts'
import { startOnlyPaths } from './declared.ts'
import { parseDuration } from './duration.ts'
import { mismatch, shown, unknownName, type Problem } from './problem.ts'
import { rampsIn, type RampAt, settingsAt } from './ramps.ts'
import { readSource, visible } from './read-source.ts'
import { checkRuleNames, phaseNameAt, type RuleNames } from './rule-names.ts'
import { isTree, type Path, type Tree, valueAt } from './tree.ts'

const starts = ['firstRequest', 'start', 'manual'] as const

export type Phase = {
  readonly name: string
  /** Infinite where none is given: the last may last for ever. */
  readonly forMs: number
  readonly settings: Tree
  /** Of other resources, by their names in lower case. */
  readonly resources: Readonly<Record<string, Tree>>
  readonly ramps: readonly RampAt[]
}

export type TimelinePlan = {
  readonly start: (typeof starts)[number]
  readonly phases: readonly Phase[]
  readonly repeat: boolean
}

type Refuse = (path: Path, message: string) => void

/** Undefined where there is none. `refuse` is told of all that is wrong, by paths below `timeline`. */
export function readTimeline(
  given: unknown,
  refuse: Refuse = () => undefined,
  names?: RuleNames,
): TimelinePlan | undefined {
  if (!isTree(given)) return undefined
  const { start = 'firstRequest', phases, repeat = false, ...rest } = given
  for (const key of Object.keys(rest))
    refuse([key], `is not known here; ${unknownName(key, ['start', 'phases', 'repeat'])}`)
  const known = starts.find((name) => name === start)
  if (!known) refuse(['start'], mismatch(shown(start), starts.join(', ')))
  if (typeof repeat !== 'boolean') refuse(['repeat'], mismatch(shown(repeat), 'true or false'))
  if (!Array.isArray(phases) || phases.length === 0) {
    refuse(['phases'], mismatch(shown(phases), 'a list of phases: { name, for, … }'))
    return undefined
  }
  const list = phases as readonly unknown[]
  return {
    start: known ?? 'firstRequest',
    repeat: repeat === true,
    phases: list.map((phase, at) =>
      readPhase(phase, { at, isLast: at === list.length - 1 && repeat !== true, names }, (path, message) =>
        refuse(['phases', String(at), ...path], message),
      ),
    ),
  }
}

type Place = { readonly at: number; readonly isLast: boolean; readonly names: RuleNames | undefined }

function readPhase(given: unknown, { at, isLast, names }: Place, refuse: Refuse): Phase {
  if (!isTree(given)) refuse([], mismatch(shown(given), 'a phase: { name, for, … }'))
  const { name = phaseNameAt(at), for: lasts, resources = {}, ...written } = isTree(given) ? given : {}
  if (typeof name !== 'string' || name === '') refuse(['name'], mismatch(shown(name), 'a text'))
  const forMs = typeof lasts === 'string' ? parseDuration(lasts)?.mean : undefined
  const isForEver = lasts === undefined && isLast
  if (!isForEver && (forMs === undefined || forMs < 1)) {
    refuse(
      ['for'],
      mismatch(shown(lasts), 'a duration with its unit, as 60s; the last phase may go without where nothing repeats'),
    )
  }
  if (!isTree(resources)) refuse(['resources'], mismatch(shown(resources), 'a mapping of resources by name'))
  const settings = withRegion(written)
  const ofOthers = Object.entries(isTree(resources) ? resources : {}).map(([resource, tree]): [string, Tree] => {
    if (!isTree(tree)) refuse(['resources', resource], mismatch(shown(tree), 'a mapping of settings'))
    return [resource.toLowerCase(), isTree(tree) ? withRegion(tree) : {}]
  })
  check(settings, refuse, names)
  for (const [resource, tree] of ofOthers)
    check(tree, (path, message) => refuse(['resources', resource, ...path], message), names)
  const all: Tree = { own: settings, others: Object.fromEntries(ofOthers) }
  return {
    name: textOf(name),
    forMs: forMs ?? Infinity,
    settings,
    resources: Object.fromEntries(ofOthers),
    ramps: rampsIn(all),
  }
}

/** The region may stand at the top, as in a resource. */
function withRegion({ region, ...settings }: Tree): Tree {
  if (region === undefined) return settings
  return { ...settings, azure: { ...(isTree(settings.azure) ? settings.azure : {}), region } }
}

/** A ramp has to be right at both of its ends. */
function check(settings: Tree, refuse: Refuse, names: RuleNames | undefined): void {
  if (names) checkRuleNames(settings, names, refuse)
  for (const path of startOnlyPaths)
    if (valueAt(settings, path) !== undefined) refuse(path, 'is read at the start only, and no phase can change it')
  const told = new Set<string>()
  for (const progress of [0, 1]) {
    const { problems } = readSource({
      name: 'timeline',
      input: settingsAt(settings, progress),
      spell: (path) => visible(path).join('.'),
    })
    for (const { path, setting, message } of problems) {
      if (told.has(setting)) continue
      told.add(setting)
      refuse(visible(path), message)
    }
  }
}

/** The problems of a timeline, by what `setting` calls its places; `resources` are those that the process's may name. */
export function timelineProblems(
  given: unknown,
  setting: (path: Path) => string,
  names: RuleNames,
  resources?: readonly string[],
): readonly Problem[] {
  const problems: Problem[] = []
  const refuse = (path: Path, message: string) => {
    const whole = ['timeline', ...path]
    problems.push({ path: whole, setting: setting(whole), message })
  }
  const known = resources?.map((name) => name.toLowerCase())
  const whatIs = (name: string) =>
    known
      ? `is no resource here; ${unknownName(name, known)}`
      : 'has no effect: only the timeline at the top level may name resources'
  for (const [at, { resources: named }] of (readTimeline(given, refuse, names)?.phases ?? []).entries())
    for (const name of Object.keys(named))
      if (!known?.includes(name)) refuse(['phases', String(at), 'resources', name], whatIs(name))
  return problems
}
