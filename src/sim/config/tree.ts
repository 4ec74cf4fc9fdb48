/** Settings before they are typed: what each source says, merged as RFC 7396 (JSON Merge Patch) merges. */
import { through } from '../base/slices.ts'
import { isObject } from '../base/object.ts'

export type Tree = { readonly [key: string]: unknown }

export type Path = readonly string[]

export const isTree: (value: unknown) => value is Tree = isObject

/** `patch` over `target`: mappings are merged, null removes, anything else replaces. */
export const mergeTrees = (target: Tree, patch: Tree): Tree => through(() => merging(target, patch))

/** So many settings are merged between two places where others may have their turn. */
const settingsAStep = 1_024

function* merging(target: Tree, patch: Tree): Generator<undefined, Tree> {
  const merged: Record<string, unknown> = { ...target }
  // A duration that is told anew varies as it says alone.
  if (Object.hasOwn(patch, 'meanMs') || Object.hasOwn(patch, 'stdDevMs')) Reflect.deleteProperty(merged, 'percentiles')
  let count = 0
  for (const key of Object.keys(patch)) {
    if (++count % settingsAStep === 0) yield
    const value = patch[key]
    const below = Object.hasOwn(target, key) ? target[key] : undefined
    if (value === null) Reflect.deleteProperty(merged, key)
    else if (value !== undefined)
      put(
        merged,
        key,
        isTree(value) ? mergedAt(isTree(below) && key !== 'percentiles' ? below : undefined, value) : value,
      )
  }
  return merged
}

/** Over nothing it is what it says, but for what it takes back. */
const mergedAt = (below: Tree | undefined, patch: Tree): Tree =>
  below ? mergeTrees(below, patch) : takesBack(patch) ? mergeTrees({}, patch) : patch

function takesBack(tree: Tree): boolean {
  for (const value of Object.values(tree))
    if (value === null || value === undefined || (isTree(value) && takesBack(value))) return true
  return false
}

/** The smallest patch that makes `to` out of `from`. */
export function difference(from: Tree, to: Tree): Tree {
  const patch: Record<string, unknown> = {}
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) put(patch, key, null)
  for (const [key, value] of Object.entries(to)) {
    const before = Object.hasOwn(from, key) ? from[key] : undefined
    if (before === value) continue
    if (!isTree(before) || !isTree(value)) put(patch, key, value)
    else {
      const inner = difference(before, value)
      if (Object.keys(inner).length > 0) put(patch, key, inner)
    }
  }
  return patch
}

export function valueAt(tree: unknown, path: Path): unknown {
  let value = tree
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)]
    else if (isTree(value) && Object.hasOwn(value, key)) value = value[key]
    else return undefined
  }
  return value
}

/** The same without what is at `path`. */
export function without(tree: Tree, [key, ...rest]: Path): Tree {
  if (key === undefined) return {}
  if (!Object.hasOwn(tree, key)) return tree
  const copy: Record<string, unknown> = { ...tree }
  const inner = tree[key]
  if (rest.length > 0 && isTree(inner)) put(copy, key, without(inner, rest))
  else Reflect.deleteProperty(copy, key)
  return copy
}

/** The same without what is at any of `paths`; each mapping is copied once, however many there are. */
export function withoutAll(tree: Tree, paths: readonly Path[]): Tree {
  if (paths.length === 0) return tree
  const below = new Map<string, Path[]>()
  const removed = new Set<string>()
  for (const [key, ...rest] of paths) {
    if (key === undefined) return {}
    if (rest.length === 0 || !isTree(tree[key])) removed.add(key)
    const known = below.get(key)
    if (known) known.push(rest)
    else below.set(key, [rest])
  }
  const kept: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(tree)) {
    if (removed.has(key)) continue
    const inner = below.get(key)
    put(kept, key, inner && isTree(value) ? withoutAll(value, inner) : value)
  }
  return kept
}

/** A tree with `value` at `path` and nothing else. */
export function treeOf([key, ...rest]: Path, value: unknown): Tree {
  if (key === undefined) return isTree(value) ? value : {}
  const tree: Record<string, unknown> = {}
  put(tree, key, rest.length > 0 ? treeOf(rest, value) : value)
  return tree
}

/** Every value that is not itself a mapping, with its path. */
export function* leaves(tree: Tree, path: Path = []): Generator<{ path: Path; value: unknown }> {
  for (const [key, value] of Object.entries(tree)) {
    const here = [...path, key]
    if (isTree(value)) yield* leaves(value, here)
    else yield { path: here, value }
  }
}

/** As an own property whatever its name is: an assignment to `__proto__` would be something else. */
export function put(tree: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') tree[key] = value
  else Object.defineProperty(tree, key, { value, enumerable: true, configurable: true, writable: true })
}

/** Writes `value` into `tree` at `path`; what is below a value that is no mapping is left out. */
export function putAt(tree: Record<string, unknown>, [key = '', ...rest]: Path, value: unknown): void {
  if (rest.length === 0) {
    const below = Object.hasOwn(tree, key) ? tree[key] : undefined
    put(tree, key, isTree(below) && isTree(value) ? { ...value, ...below } : value)
    return
  }
  if (!Object.hasOwn(tree, key)) put(tree, key, {})
  const below = tree[key]
  if (isTree(below)) putAt(below, rest, value)
}
