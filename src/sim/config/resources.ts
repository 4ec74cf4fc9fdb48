/** Several resources in one process: what the settings say of each, and what of it a resource cannot have. */
import { checked as judged } from '../base/checked.ts'
import * as z from 'zod'
import { defaultResource } from '../base/default-resource.ts'
import { anyValue, mismatch, shown, type Problem } from './problem.ts'
import { deploymentProblems, type ModelLookup } from './check-deployments.ts'
import { type ConfigSource, ownerOf, type SourceReading, readSource, settingName } from './read-source.ts'
import { checkRuleNames, namesForRules, phaseNames } from './rule-names.ts'
import { namesAt } from './schema-parts.ts'
import { timelineProblems } from './timeline.ts'
import { isTree, mergeTrees, type Path, type Tree, valueAt } from './tree.ts'

/** What is said of a resource beside the settings that it has in common with the top level. */
export type ResourceSetup = {
  readonly name: string
  /** One or two; the others are drawn. */
  readonly apiKeys: readonly string[]
  /** In lower case. */
  readonly hosts: readonly string[]
  /** Its own settings, as a source over those of the top level. */
  readonly source: ConfigSource
  readonly problems: readonly Problem[]
}

const nameForm = '2 to 64 letters, digits and "-", as a name of a resource in Azure, and not "default"'
const isName = (name: string) =>
  /^[A-Za-z0-9][A-Za-z0-9-]{0,62}[A-Za-z0-9]$/.test(name) && name.toLowerCase() !== defaultResource

const keysForm = 'a list of one or two keys, each of 1 to 256 printable ASCII characters without spaces'
const Keys = z
  .array(z.string().regex(/^[\x21-\x7e]{1,256}$/))
  .min(1)
  .max(2)

const hostsForm = 'a list of host names, as contoso.openai.azure.com'
const Hosts = z.array(z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::\d{1,5})?$/))

/** What concerns the process, or the top level alone. */
const ofProcess: ReadonlySet<string> = new Set([
  ...['apiKey', 'resources', 'server', 'redis', 'state', 'telemetry', 'extensionPath', 'logLevel', 'sessions', 'quota'],
])

/** What is each resource's own, and not taken over from the top level. */
const ownOfResource: readonly string[] = ['apiKey', 'resources', 'rules', 'rulesFrom', 'timeline']

/** The settings that a resource may have. */
const settingNames = () => (namesAt([]) ?? []).filter((name) => !ofProcess.has(name))

/** A session stands nowhere in a file, and says more of itself. */
type SessionPlace = { readonly place: Path; readonly moreNames: readonly string[] }

/** `at` is where the settings of the resource stand in what its source calls them. */
export function readResource(
  name: string,
  given: unknown,
  origin: ConfigSource,
  at: Path | SessionPlace,
): ResourceSetup {
  const { place, moreNames } = 'place' in at ? at : { place: at, moreNames: [] }
  const problems: Problem[] = []
  const report = (path: Path, message: string) => {
    const whole = [...place, ...path]
    problems.push({ path: whole, setting: settingName(origin, whole), message })
  }
  if (!isName(name)) report([], mismatch(`${shown(name)} as a resource's name`, nameForm))
  if (given !== null && given !== undefined && !isTree(given))
    report([], mismatch(shown(given), 'a mapping of settings'))
  const { region, apiKeys, hosts, ...rest } = isTree(given) ? given : {}
  const own: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(rest)) {
    if (ofProcess.has(key)) report([key], 'concerns the whole process: set it at the top level')
    else if (key !== 'recording') own[key] = value
    else if (isTree(value) && Object.keys(value).some((part) => part !== 'match'))
      report([key], 'concerns the whole process but for recording.match: set it at the top level')
    else own[key] = value
  }
  if (region !== undefined) own['azure'] = { ...(isTree(own['azure']) ? own['azure'] : {}), region }
  const source: ConfigSource = {
    name: origin.name,
    ...(origin.spell && place.length === 0 && { spell: (path) => origin.spell?.(toWritten(path, region)) }),
    input: own,
    topNames: [...settingNames(), 'region', 'apiKeys', 'hosts', ...moreNames],
    pathText: (path) =>
      origin.pathText?.([...place, ...toWritten(path, region)]) ?? [...place, ...toWritten(path, region)].join('.'),
  }
  problems.push(...readSource(source).problems.map((problem) => ({ ...problem, path: [...place, ...problem.path] })))
  return {
    name,
    apiKeys: checked(Keys, apiKeys, (value) => report(['apiKeys'], mismatch(shown(value, true), keysForm))),
    hosts: checked(Hosts, hosts, (value) => report(['hosts'], mismatch(shown(value), hostsForm))).map((host) =>
      host.toLowerCase(),
    ),
    source,
    problems,
  }
}

/** The region may stand at the top of a resource. */
const toWritten = (path: Path, region: unknown): Path =>
  region !== undefined && path.join('.') === 'azure.region' ? ['region'] : path

function checked(schema: typeof Hosts, value: unknown, refuse: (value: unknown) => void): readonly string[] {
  if (value === undefined || value === null) return []
  const parsed = judged(schema, value)
  if (parsed.success) return parsed.data
  refuse(value)
  return []
}

/** What two resources must not share, told of the later one. */
function sharedNames(
  setups: readonly ResourceSetup[],
): readonly { readonly setup: ResourceSetup; readonly key: 'apiKeys' | 'hosts' | 'name'; readonly other: string }[] {
  const seen = { apiKeys: new Map<string, string>(), hosts: new Map<string, string>(), name: new Map<string, string>() }
  return setups.flatMap((setup) =>
    (['apiKeys', 'hosts', 'name'] as const).flatMap((key) => {
      const values = key === 'name' ? [setup.name.toLowerCase()] : setup[key]
      const other = values.map((value) => seen[key].get(value)).find((name) => name !== undefined)
      for (const value of values) if (!seen[key].has(value)) seen[key].set(value, setup.name)
      return other === undefined || other === setup.name ? [] : [{ setup, key, other }]
    }),
  )
}

/** The settings of the top level without what is its own. */
export function inherited(source: ConfigSource): ConfigSource {
  const known = inheritedSources.get(source)
  if (known) return known
  const made = {
    ...source,
    name: `${source.name} (top level)`,
    input: isTree(source.input) ? withoutOwn(source.input) : source.input,
  }
  inheritedSources.set(source, made)
  return made
}

const inheritedSources = new WeakMap<ConfigSource, ConfigSource>()

function withoutOwn(input: Tree): Tree {
  const rest: Record<string, unknown> = { ...input }
  for (const key of ownOfResource) Reflect.deleteProperty(rest, key)
  return rest
}

const resourceTrees = (settings: Tree): readonly (readonly [name: string, given: unknown])[] =>
  Object.entries(isTree(settings['resources']) ? settings['resources'] : {})

/** All resources that the sources speak of; a source that is on top says more of the same. */
export function readResources(readings: readonly SourceReading[], settings: Tree): readonly ResourceSetup[] {
  return resourceTrees(settings).map(([name, given]) => {
    const place = ['resources', name]
    return readResource(name, given, ownerOf(readings, place) ?? { name: 'settings', input: {} }, place)
  })
}

/** What is wrong with one, but for what only shows when the whole is put together. */
export function setupProblems(setup: ResourceSetup, settings: Tree, models: ModelLookup): readonly Problem[] {
  const reading = readSource(setup.source)
  const merged = mergeTrees(settings, reading.tree)
  const deployments = reading.tree.deployments
  const nameless = Object.entries(isTree(deployments) ? deployments : {})
    .filter(([name, given]) => given !== null && valueAt(merged, ['deployments', name, 'model']) === undefined)
    .map(([name]) => {
      const path = ['deployments', name, 'model']
      return { path, setting: settingName(setup.source, path), message: mismatch('nothing', anyValue) }
    })
  const own = namesForRules(settings, models)
  const names = { ...own, phases: [...(own.phases ?? []), ...phaseNames(reading.tree.timeline)] }
  const late = [...timelineProblems(reading.tree.timeline, (path) => settingName(setup.source, path), names)]
  checkRuleNames(setup.source.input, names, (path, message) =>
    late.push({ path, setting: settingName(setup.source, path), message }),
  )
  return [...setup.problems, ...late, ...ownProblems(merged, reading, models), ...nameless]
}

/** What is wrong with its own deployments, which may take parts from the top level's, and spill over to those. */
function ownProblems(merged: Tree, reading: SourceReading, models: ModelLookup): readonly Problem[] {
  const own = reading.tree.deployments
  if (!isTree(own)) return []
  const all = isTree(merged.deployments) ? merged.deployments : {}
  const targets = Object.keys(own).map((name) => valueAt(all, [name, 'spilloverDeploymentName']))
  const looked = [...Object.keys(own), ...targets.filter((name) => typeof name === 'string')]
  const deployments: Tree = Object.fromEntries(
    looked.filter((name) => Object.hasOwn(all, name)).map((name) => [name, all[name]]),
  )
  return deploymentProblems({ ...merged, deployments }, [reading], models).filter(({ path: [, name = ''] }) =>
    Object.hasOwn(own, name),
  )
}

/** The same of all that the sources speak of, and what two of them must not share. */
export function resourceProblems(
  readings: readonly SourceReading[],
  settings: Tree,
  models: ModelLookup,
): readonly Problem[] {
  const setups = readResources(readings, settings)
  const twice = sharedNames(setups).map(({ setup, key, other }) => ({
    path: ['resources', setup.name, key],
    setting: `${setup.source.name}: resources.${setup.name}${key === 'name' ? '' : `.${key}`}`,
    message:
      key === 'name' ? `has the name of the resource ${other}` : `has one of the ${key} of the resource ${other}`,
  }))
  return [...setups.flatMap((setup) => setupProblems(setup, settings, models)), ...twice]
}
