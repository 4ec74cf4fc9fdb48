/** From what each source says to the one `Config`: merged, checked whole, and refused whole with every problem. */
import { checked } from '../base/checked.ts'
import { defaultResource } from '../base/default-resource.ts'
import { step, through } from '../base/slices.ts'
import { parseAhead } from './parse-ahead.ts'
import type { Latency, ProfileName } from '../types.ts'
import { toAuth } from './auth.ts'
import { toContentFilter, toContentFilters } from './content-filter.ts'
import { deploymentProblems, type ModelLookup } from './check-deployments.ts'
import type { Config, DeploymentConfig } from './config.ts'
import { type SpreadMs, spreadOf } from './percentiles.ts'
import { toPlain } from './plain.ts'
import { anyValue, ConfigError, mismatch, type Problem } from './problem.ts'
import { once, ownerOf, readSource, settingName, type ConfigSource, type SourceReading } from './read-source.ts'
import { quotaProblems } from './quota.ts'
import { resourceProblems } from './resources.ts'
import { checkRuleNames, namesForRules, phaseNames } from './rule-names.ts'
import { defaultSettings } from './schema-parts.ts'
import { Settings } from './schema.ts'
import { isTree, leaves, mergeTrees, type Path, type Tree, valueAt } from './tree.ts'
import { timelineProblems } from './timeline.ts'
import { variableAt } from './variables.ts'

export type Resolved = {
  readonly config: Config
  /** Where each value came from, by its path joined with dots: the source's name, or the variable's or flag's. */
  readonly origin: () => ReadonlyMap<string, string>
  /** The same values as `sim.yaml` is structured, for showing. */
  readonly settings: Settings
}

const defaultSource: ConfigSource = { name: 'default', input: defaultSettings }

/**
 * Later sources beat earlier ones, and all beat the defaults. Throws a `ConfigError`. `found` are problems that were met
 * while the sources were fetched, to be told with the others.
 */
export function resolveConfig(
  sources: readonly ConfigSource[],
  models: ModelLookup,
  found: readonly Problem[] = [],
): Resolved {
  const readings = [defaultSource, ...sources].map((source) => step(() => readSource(source)))
  const [defaults, ...given] = readings
  const more = given.reduce((sum, reading) => sum + reading.more, 0)
  if (more > 0) throw new ConfigError([...found, ...given.flatMap(({ problems }) => problems)], more)
  const below = step(() => mergeReadings(given))
  const merged = step(() => mergeTrees(defaults?.tree ?? {}, below))
  parseAhead(Settings, merged)
  const parsed = step(() => checked(Settings, merged, once))
  const early = [...found, ...readings.flatMap(({ problems }) => problems)]
  const late = [
    ...(parsed.error?.issues.map((issue) => missing(issue.path.map(String), given)) ?? []),
    ...deploymentProblems(merged, given, models),
    ...step(() => resourceProblems(given, merged, models)),
    ...quotaProblems(merged, (path) => settingName(ownerOf(given, path) ?? defaultSource, path)),
    ...timelineProblems(
      merged.timeline,
      (path) => settingName(ownerOf(given, ['timeline']) ?? defaultSource, path),
      namesInTimeline(merged, models),
      [defaultResource, ...Object.keys(isTree(merged.resources) ? merged.resources : {})],
    ),
    ...step(() => ruleProblems(merged, given, models)),
  ]
  const known = new Set(early.map(({ path }) => JSON.stringify(path)))
  const problems = [...early, ...late.filter(({ path }) => !isCovered(path, known))]
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  const { data: settings } = parsed
  const config = step(() => toConfig(settings, profiledIn(settings.latency.profile, given)))
  let origin: ReadonlyMap<string, string> | undefined
  return { config, origin: () => (origin ??= originOf(settings, readings)), settings }
}

/** Rules of its phases may name those of a resource that the phase is about, too. */
function namesInTimeline(merged: Tree, models: ModelLookup) {
  const names = namesForRules(merged, models)
  const others = Object.values(isTree(merged.resources) ? merged.resources : {})
  return {
    ...names,
    phases: [names.phases ?? [], ...others.map((one) => phaseNames(valueAt(one, ['timeline'])))].flat(),
  }
}

function ruleProblems(merged: Tree, given: readonly SourceReading[], models: ModelLookup) {
  const problems: Problem[] = []
  const names = namesForRules(merged, models)
  // As they were written: where something else is wrong with a list, nothing is left of it.
  for (const { source } of given)
    checkRuleNames(source.input, names, (path, message) =>
      problems.push({ path, setting: settingName(source, path), message }),
    )
  return problems
}

/** What the source whose word counts at `path` calls that setting; its path where nobody said anything. */
export function settingOf(sources: readonly ConfigSource[], path: Path): string {
  const owner = ownerOf(sources.map(readSource), path)
  return owner ? settingName(owner, path) : path.join('.')
}

/** What all sources say together, in canonical form and without defaults. */
export function mergeReadings(readings: readonly SourceReading[]): Tree {
  return readings.reduce<Tree>((below, { tree }) => mergeTrees(below, tree), {})
}

/** A value that was refused is missing afterwards, which need not be told again. */
function isCovered(path: Path, known: ReadonlySet<string>): boolean {
  return known.size > 0 && path.some((_key, at) => known.has(JSON.stringify(path.slice(0, at + 1))))
}

/** All that is there was checked, source by source; so what is wrong with the whole is what nobody gave. */
function missing(path: Path, readings: readonly SourceReading[]): Problem {
  const owner = ownerOf(readings, path.slice(0, -1))
  const setting = path.length > 1 && owner ? settingName(owner, path) : (variableAt(path) ?? path.join('.'))
  const allowed = path[0] === 'apiKey' ? 'the key that clients must send' : anyValue
  return { path, setting, message: mismatch('nothing', allowed) }
}

function originOf(settings: Tree, readings: readonly SourceReading[]): ReadonlyMap<string, string> {
  const origin = new Map<string, string>()
  for (const { path } of leaves(settings)) {
    const source = ownerOf(readings, path)
    origin.set(path.join('.'), source?.spell?.(path) ?? source?.name ?? 'default')
  }
  return origin
}

/** The latencies that the profile is for: whatever is set by the same source, or by one that counts more, is as it is set. */
function profiledIn(profile: Settings['latency']['profile'], given: readonly SourceReading[]): readonly string[] {
  if (profile === 'none') return []
  const lastWith = (keys: Path) => given.findLastIndex(({ tree }) => valueAt(tree, ['latency', ...keys]) !== undefined)
  const at = lastWith(['profile'])
  return ['chatCompletions', 'completions'].filter((name) => lastWith([name]) < Math.max(at, 0))
}

function toConfig(
  {
    auth,
    azure,
    contentFilter,
    contentFilters,
    deployments,
    latency: { factor, profile, ...latency },
    ...settings
  }: Settings,
  profiled: readonly string[],
): Config {
  const by = profile === 'none' ? undefined : { profile: { name: profile } }
  return {
    ...toPlain(settings),
    auth: toAuth(auth),
    azure: toAzure(azure),
    contentFilter: toContentFilter(contentFilter),
    contentFilters: toContentFilters(contentFilters),
    deployments: toDeployments(deployments),
    latencyFactor: factor,
    latency: mapped(latency, (each, name) =>
      'interToken' in each
        ? { ...toLatency(each.interToken, each.timeToFirstToken), ...(profiled.includes(name) && by) }
        : toLatency(each),
    ),
  }
}

function toAzure({ timeout, flexTimeout, ...azure }: Settings['azure']): Config['azure'] {
  const usualMs = timeout?.ms ?? Infinity
  return {
    ...toPlain(azure),
    timeouts: timeout || flexTimeout ? { usualMs, flexMs: flexTimeout?.ms ?? usualMs } : undefined,
  }
}

/** Without a prototype: `deployments['constructor']` is then nothing, as it should be. */
const toDeployments = (given: Settings['deployments']): Readonly<Record<string, DeploymentConfig>> =>
  through(() => deploymentsOf(given))

const deploymentsAStep = 128

function* deploymentsOf(
  given: Settings['deployments'],
): Generator<undefined, Readonly<Record<string, DeploymentConfig>>> {
  const deployments: Record<string, DeploymentConfig> = Object.create(null) as Record<string, never>
  let made = 0
  for (const name of Object.keys(given)) {
    if (++made % deploymentsAStep === 0) yield
    const { latency, ...settings } = given[name] as Settings['deployments'][string]
    const unit = latency?.each ?? latency?.interToken
    deployments[name] = {
      ...noSettings,
      ...toPlain(settings),
      latency: latency?.profile
        ? profileLatency(latency.profile, latency)
        : unit && toLatency(unit, latency?.timeToFirstToken),
    }
  }
  return deployments
}

/** All deployments have the same members, whatever is given of them. */
const noSettings = {
  tokensPerMinute: undefined,
  requestsPerMinute: undefined,
  dimensions: undefined,
  maxTokens: undefined,
  limits: undefined,
  contentFilter: undefined,
  sku: undefined,
  capacity: undefined,
  concurrency: undefined,
  underLoad: undefined,
  spilloverDeploymentName: undefined,
  serviceTier: undefined,
  routing: undefined,
}

function toLatency(unit: SpreadMs, first?: SpreadMs): Latency {
  return { firstMs: first && spreadOf(first), unitMs: spreadOf(unit) }
}

type Given = NonNullable<Settings['deployments'][string]['latency']>

/** What is said beside a profile holds in its place. */
function profileLatency(name: ProfileName, { timeToFirstToken, interToken }: Given): Latency {
  const unitMs = interToken && spreadOf(interToken)
  const profile = { name, firstMs: timeToFirstToken && spreadOf(timeToFirstToken), unitMs }
  return { unitMs: unitMs ?? { mean: 0, stdDev: 0 }, profile }
}

function mapped<Key extends string, T, U>(
  values: Readonly<Record<Key, T>>,
  change: (value: T, key: string) => U,
): Record<Key, U> {
  return Object.fromEntries(Object.entries<T>(values).map(([key, value]) => [key, change(value, key)])) as Record<
    Key,
    U
  >
}
