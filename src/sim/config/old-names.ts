/** Names and values that settings had in earlier versions: they still work, and `check` says what to write instead. */
import { isTree, put, type Path, type Tree } from './tree.ts'

type OldName = { readonly group: string; readonly old: string; readonly name: string }

const oldNames: readonly OldName[] = [
  { group: 'azure', old: 'mostRepeats', name: 'maxRepeats' },
  { group: 'azure', old: 'mostCustomHeaders', name: 'maxCustomHeaders' },
  { group: 'batches', old: 'mostBatches', name: 'maxBatches' },
  { group: 'files', old: 'mostBytes', name: 'maxBytes' },
  { group: 'files', old: 'mostFiles', name: 'maxFiles' },
  { group: 'responses', old: 'mostBytes', name: 'maxBytes' },
  { group: 'responses', old: 'mostResponses', name: 'maxResponses' },
]

type OldValue = { readonly group: string; readonly name: string; readonly values: Readonly<Record<string, string>> }

const oldValues: readonly OldValue[] = [
  { group: 'azure', name: 'rateLimitError', values: { old: 'since2023', current: 'since2025', new: 'since2026' } },
  { group: 'limits', name: 'charge', values: { old: 'python' } },
]

export type Renamed = {
  readonly old: Path
  readonly path: Path
  /** Where a value has another name by now. */
  readonly value?: { readonly old: string; readonly name: string }
}

/** The same settings by their present names. A setting that is also given by its present name keeps that value. */
export function withPresentNames(input: Tree): { readonly input: Tree; readonly renamed: readonly Renamed[] } {
  const renamed: Renamed[] = []
  const copy: Record<string, unknown> = { ...input }
  for (const { group, old, name } of oldNames) {
    const settings = Object.hasOwn(copy, group) ? copy[group] : undefined
    if (!isTree(settings) || !Object.hasOwn(settings, old)) continue
    const { [old]: value, ...rest } = settings
    put(copy, group, Object.hasOwn(rest, name) ? rest : { ...rest, [name]: value })
    renamed.push({ old: [group, old], path: [group, name] })
  }
  for (const { group, name, values } of oldValues) {
    const settings = Object.hasOwn(copy, group) ? copy[group] : undefined
    const old = isTree(settings) && Object.hasOwn(settings, name) ? settings[name] : undefined
    if (!isTree(settings) || typeof old !== 'string' || !Object.hasOwn(values, old)) continue
    const value = values[old] ?? old
    put(copy, group, { ...settings, [name]: value })
    renamed.push({ old: [group, name], path: [group, name], value: { old, name: value } })
  }
  return { input: renamed.length > 0 ? copy : input, renamed }
}
