/** A resolved configuration as lines that look like `sim.yaml`, each value with where it came from; secrets masked. */
import { textOf } from '../base/text-of.ts'
import { formatDuration } from './duration.ts'
import { writtenSpread } from './percentiles.ts'
import { masked } from './problem.ts'
import type { Resolved } from './resolve.ts'
import { isSecretAt } from './schema-parts.ts'
import { isTree, type Path, put, putAt, type Tree } from './tree.ts'

type Derived = { readonly name: string; readonly key: string; readonly value: number; readonly from: string }

/** `derived` are limits that nobody set, with what they follow from. */
export function describeSettings(
  { settings, origin: given }: Pick<Resolved, 'settings' | 'origin'>,
  derived: readonly Derived[] = [],
): readonly string[] {
  const { told, origin } = withDerived({ settings, origin: given }, derived)
  const entries = [...entriesOf(told, [])]
  const width = Math.max(...entries.filter(({ from }) => from).map(({ text }) => text.length))
  return entries.map(({ text, from }) => {
    const source = from && originAt(from, origin)
    return source === undefined
      ? text
      : `${text.padEnd(width)}  # ${source.startsWith('derived ') ? source : `from ${source}`}`
  })
}

export type ListedSetting = { readonly setting: string; readonly value: string; readonly from: string }

/** The same as a list, each setting by its path. */
export function listSettings(
  resolved: Pick<Resolved, 'settings' | 'origin'>,
  derived: readonly Derived[] = [],
): readonly ListedSetting[] {
  const { told, origin } = withDerived(resolved, derived)
  return [...entriesOf(told, [])].flatMap(({ path, value, from }) =>
    from && value !== undefined ? [{ setting: path.join('.'), value, from: originAt(from, origin) }] : [],
  )
}

function withDerived({ settings, origin: given }: Pick<Resolved, 'settings' | 'origin'>, derived: readonly Derived[]) {
  const deployments: Record<string, unknown> = {}
  for (const [name, deployment] of Object.entries(settings.deployments)) put(deployments, name, { ...deployment })
  for (const { name, key, value } of derived) putAt(deployments, [name, key], value)
  const origin = new Map([
    ...given(),
    ...derived.map(({ name, key, from }) => [`deployments.${name}.${key}`, from] as const),
  ])
  return { told: { ...settings, deployments }, origin }
}

type Entry = {
  readonly path: Path
  readonly text: string
  readonly value?: string
  readonly from?: readonly Path[]
}

function* entriesOf(tree: Tree, path: Path): Generator<Entry> {
  const indent = '  '.repeat(path.length)
  for (const [key, value] of Object.entries(tree)) {
    const here = [...path, key]
    const told = valueOf(value, here)
    if (value === undefined) continue
    if (told) yield { path: here, text: `${indent}${key}: ${told.text}`, value: told.text, from: told.paths }
    else if (isTree(value)) {
      const isEmpty = Object.keys(value).length === 0
      yield { path: here, text: `${indent}${key}:${isEmpty ? ' {}' : ''}` }
      yield* entriesOf(value, here)
    }
  }
}

/** What is written on one line, and the settings it stands for; `undefined` for a mapping. */
function valueOf(value: unknown, path: Path): { readonly text: string; readonly paths: readonly Path[] } | undefined {
  if (!isTree(value)) return { text: isSecretAt(path) ? `'${masked}'` : scalar(value), paths: [path] }
  if (value.each !== undefined) return valueOf(value.each, [...path, 'each'])
  if (typeof value.ms === 'number') {
    return { text: formatDuration({ mean: value.ms, stdDev: 0 }), paths: [[...path, 'ms']] }
  }
  if (typeof value.meanMs !== 'number' || typeof value.stdDevMs !== 'number') return undefined
  const written = writtenSpread(value)
  return {
    text: isTree(written) ? flow(written) : textOf(written),
    paths: [
      [...path, 'meanMs'],
      [...path, 'stdDevMs'],
    ],
  }
}

const flow = (mapping: Tree): string =>
  `{ ${Object.entries(mapping)
    .map(([key, value]) => `${key}: ${textOf(value)}`)
    .join(', ')} }`

function originAt(paths: readonly Path[], origin: ReadonlyMap<string, string>): string {
  return [...new Set(paths.map((path) => origin.get(path.join('.')) ?? 'default'))].join(' and ')
}

/** Quoted wherever YAML might read something else than this text. */
function scalar(value: unknown): string {
  const isPlain = typeof value === 'string' && /^[A-Za-z][\w .-]*$/.test(value) && !/^(true|false|null)$/i.test(value)
  return isPlain ? value : JSON.stringify(value)
}
