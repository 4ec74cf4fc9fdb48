/** Whether the operations that rules name are there: those that are built in, and those of the extension. */
import { operationNames } from './operation-names.ts'
import { mismatch, shown, unknownName } from './problem.ts'
import { isTree, type Path, type Tree, valueAt } from './tree.ts'

/**
 * All that rules of these settings may name; undefined where there is an extension that nobody has looked at yet, as where
 * settings are only checked.
 */
export function knownOperations(settings: Tree, ofExtension: readonly string[] | undefined) {
  if (ofExtension === undefined && settings.extensionPath !== undefined) return undefined
  return [...operationNames, ...(ofExtension ?? [])]
}

/** `refuse` is told of each that is not there. */
export function checkOperations(
  settings: unknown,
  known: readonly string[] | undefined,
  refuse: (path: Path, message: string) => void,
): void {
  const rules = valueAt(settings, ['rules'])
  if (known === undefined || !Array.isArray(rules)) return
  for (const [at, rule] of (rules as readonly unknown[]).entries()) {
    const asked = isTree(rule) ? valueAt(rule, ['when', 'operation']) : undefined
    for (const name of [asked].flat())
      if (typeof name === 'string' && !known.includes(name))
        refuse(
          ['rules', String(at), 'when', 'operation'],
          mismatch(shown(name), `an operation; ${unknownName(name, known)}`),
        )
  }
}
