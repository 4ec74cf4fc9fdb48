/** A change of the configuration while the simulator runs: one more source, on top of those of the start. */
import { step } from '../base/slices.ts'
import type { ModelLookup } from './check-deployments.ts'
import { ConfigError, type Problem } from './problem.ts'
import { checkRuleNames, namesForRules } from './rule-names.ts'
import { isRead, readSource, type ConfigSource } from './read-source.ts'
import { mergeReadings, resolveConfig, type Resolved } from './resolve.ts'
import { difference, mergeTrees, type Tree } from './tree.ts'

/** What is set while the simulator runs; the last of its sources, once there was a change. */
export const runTimeSource = 'run-time change'

export type Changed = Resolved & { readonly sources: readonly ConfigSource[] }

/** A change as its sender wrote it, in the terms of `sim.yaml`. */
export type Change = {
  readonly input: Tree
  /** What of it stands for no setting. */
  readonly problems: readonly Problem[]
  /** A problem in the sender's terms. */
  readonly told: (problem: Problem) => Problem
}

/** Applies a part of what its vocabulary shows. Throws a `ConfigError` with every problem. */
export type Apply = (sources: readonly ConfigSource[], part: unknown, models: ModelLookup) => Changed

/** What the settings are by now, without the defaults. */
export const settingsOf = (sources: readonly ConfigSource[]): Tree => mergeReadings(sources.map(readSource))

/** All of it is taken, or a `ConfigError` has every problem. Null resets to the default, and removes a deployment. */
export function applyChange(sources: readonly ConfigSource[], change: Change, models: ModelLookup): Changed {
  const started = step(() => settingsOf(sources.filter(({ name }) => name !== runTimeSource)))
  const reading = step(() => readSource({ name: runTimeSource, input: change.input }))
  if (reading.more > 0) throw new ConfigError([...change.problems, ...reading.problems.map(change.told)], reading.more)
  const before = step(() => settingsOf(sources))
  const after = step(() => mergeTrees(before, reading.tree))
  // One source holds all changes, however many there were, so that they can be undone together.
  const changed: ConfigSource = step(() => ({ name: runTimeSource, input: difference(started, after) }))
  if (reading.problems.length === 0) isRead(changed, changed.input as Tree)
  const next = [...sources.filter(({ name }) => name !== runTimeSource), changed]
  const problems = [...change.problems, ...reading.problems.map(change.told)]
  const unknown = step(() => {
    const found: Problem[] = []
    checkRuleNames(change.input, namesForRules(after, models), (path, message) =>
      found.push(change.told({ path, setting: path.join('.'), message })),
    )
    return found
  })
  problems.push(...unknown)
  let more = 0
  try {
    const resolved = resolveConfig(next, models)
    if (problems.length === 0) return { ...resolved, sources: next }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const known = new Set(problems.map(({ setting }) => setting))
    const found = error.problems.map(change.told).filter(({ setting }) => !known.has(setting))
    problems.push(...found)
    more = error.count - error.problems.length
  }
  throw new ConfigError(problems, more)
}
