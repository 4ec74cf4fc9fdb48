/** Whether the names that rules use are there: operations, those of the extension among them, and phases of timelines. */
import { operationNames } from './operation-names.ts'
import { mismatch, shown, unknownName } from './problem.ts'
import { isTree, type Path, type Tree, valueAt } from './tree.ts'

export type RuleNames = {
  /** Undefined where there is an extension that nobody has looked at yet, as where settings are only checked. */
  readonly operations: readonly string[] | undefined
  /** Undefined where nobody knows which timeline there will be, as in a file by itself. */
  readonly phases: readonly string[] | undefined
}

type Known = {
  readonly extensionOperations?: readonly string[]
  /** Of the timeline of the process, where the settings are another resource's. */
  readonly phasesAbove?: readonly string[]
}

/** All that rules of these settings may name. */
export function namesForRules(settings: Tree, { extensionOperations, phasesAbove = [] }: Known): RuleNames {
  const isUnread = extensionOperations === undefined && settings.extensionPath !== undefined
  return {
    operations: isUnread ? undefined : [...operationNames, ...(extensionOperations ?? [])],
    phases: [...phasesAbove, ...phaseNames(settings.timeline)],
  }
}

/** A phase without a name has one by its place. */
export const phaseNameAt = (at: number): string => `phase ${at + 1}`

/** The names of the phases of a timeline as it is written. */
export function phaseNames(timeline: unknown): readonly string[] {
  const phases = isTree(timeline) && Array.isArray(timeline.phases) ? (timeline.phases as readonly unknown[]) : []
  return phases.map((phase, at) => (isTree(phase) && typeof phase.name === 'string' ? phase.name : phaseNameAt(at)))
}

/** `refuse` is told of each that is not there. */
export function checkRuleNames(
  settings: unknown,
  { operations, phases }: RuleNames,
  refuse: (path: Path, message: string) => void,
): void {
  const rules = valueAt(settings, ['rules'])
  if (!Array.isArray(rules)) return
  for (const [at, rule] of (rules as readonly unknown[]).entries()) {
    const place = (name: string) => ['rules', String(at), 'when', name]
    const asked = (name: string) => [isTree(rule) ? valueAt(rule, ['when', name]) : undefined].flat()
    for (const name of asked('operation'))
      if (typeof name === 'string' && operations?.includes(name) === false)
        refuse(place('operation'), mismatch(shown(name), `an operation; ${unknownName(name, operations)}`))
    for (const name of asked('phase'))
      if (typeof name === 'string' && phases?.includes(name) === false)
        refuse(place('phase'), unknownPhase(name, phases))
  }
}

/** What is told of a name that no phase has. */
export const unknownPhase = (name: string, phases: readonly string[]): string =>
  phases.length === 0
    ? `found ${shown(name)}, and there is no timeline`
    : `found ${shown(name)}, which no phase of the timeline is; ${unknownName(name, phases)}`
