/** From a path to the operation that it names. Empty segments are skipped: the service takes double slashes. */
import { Memo } from '../base/memo.ts'
import { resourceNotFound } from '../errors.ts'
import type { AnyOperation, Family, Match, ResourceOperation, Route } from '../operation.ts'
import type { Target } from '../types.ts'
import { createPlaces, leadsOut } from './places.ts'

export type Router = {
  readonly find: (method: string, path: string) => Match | undefined
  /** The API that a path is of, also where it names no operation. */
  readonly familyOf: (path: string) => Family | undefined
  /**
   * Where the service is the judge, it knows paths and api-versions that the simulator does not: all of them are taken
   * that lie below a path of the service. Throws 404 for the rest.
   */
  readonly ofService: (match: Match | undefined, target: Target) => Match
  /** Throws 404 for what is no path of the service, and where the api-version is not one of the family's. */
  readonly ofSimulator: (match: Match | undefined, target: Target, hasGates: boolean) => Match
}

type Leaf = {
  readonly operation: AnyOperation
  readonly route: Route
  readonly family: Family
  readonly names: readonly string[]
}
type Leaves = Map<string, Leaf>
type Branch = {
  readonly literal: Map<string, Branch>
  /** What a segment ends with that begins with a name: `{model}:analyze`. */
  readonly ending: Map<string, Branch>
  any: Branch | undefined
  /** Of a last `{...rest}`, which takes all that follows. */
  rest: Leaves | undefined
  readonly leaves: Leaves
}

export function createRouter(operations: readonly AnyOperation[], families: readonly Family[]): Router {
  const places = createPlaces(families)
  const root = newBranch()
  for (const operation of operations)
    for (const route of routesOf(operation, families))
      add(root, { operation, route, family: places.ofRoute(route), names: [] })
  /** By method and path: clients ask for few, again and again. */
  const remembered = new Map<string, Memo<string, Match>>()
  const { familyOf } = places
  return {
    find(method, path) {
      const known = remembered.get(method)?.get(path)
      if (known) return known
      const inside = places.inside(path)
      const match = find(root, method, inside)
      if (!match) return undefined
      const found = inside === path ? match : { ...match, isWithin: true }
      if (path.length <= longestRemembered) remember(remembered, method, path, found)
      return found
    },
    familyOf,
    ofService(match, { path }) {
      if (match) return match
      const family = familyOf(path)
      if (!family || leadsOut(path)) throw resourceNotFound()
      return { operation: unknownOperation, family, surface: family.name, params: {} }
    },
    ofSimulator(match, target, hasGates) {
      if (match === undefined) throw (familyOf(target.path)?.pathNotFound ?? resourceNotFound)()
      checkVersion(match, target, hasGates)
      return match
    },
  }
}

/** Throws where the api-version that the query names is none of the family's. */
export const checkVersion = (match: Match, { query }: Target, hasGates: boolean): void =>
  match.family.checkVersion(match, query.get('api-version'), hasGates)

/** The most paths of one method that are remembered, and the longest of them. What no operation has is no method here. */
const maxRemembered = 256
const longestRemembered = 256

function remember(all: Map<string, Memo<string, Match>>, method: string, path: string, match: Match): void {
  const paths = all.get(method) ?? new Memo<string, Match>(maxRemembered)
  paths.set(path, match)
  all.set(method, paths)
}

/** For what only the service may know. */
export const unknownOperation: ResourceOperation = {
  scope: 'resource',
  name: 'Unknown',
  method: 'GET',
  path: '/',
  answer: () => {
    throw resourceNotFound()
  },
}

/** Where an operation is found. */
export const routesOf = (operation: AnyOperation, families: readonly Family[]): readonly Route[] =>
  operation.routes ?? usualRoutes(operation, families)

/** Where the families have operations that name no routes. */
const usualRoutes = ({ scope, path, since }: AnyOperation, families: readonly Family[]): readonly Route[] =>
  families.flatMap(({ name, usualTemplate }) => {
    const template = usualTemplate?.(scope, path)
    return template ? [{ surface: name, template, ...(since && { since }) }] : []
  })

const newBranch = (): Branch => ({
  literal: new Map(),
  ending: new Map(),
  any: undefined,
  rest: undefined,
  leaves: new Map(),
})

function add(root: Branch, leaf: Leaf): void {
  const { operation, route } = leaf
  const names: string[] = []
  let branch = root
  for (const segment of route.template.split('/')) {
    if (segment === '') continue
    const [, name, ending = ''] = /^\{([\w.]+)\}(.*)$/.exec(segment) ?? []
    if (name?.startsWith('...')) {
      names.push(name.slice(3))
      branch.rest ??= new Map()
      branch.rest.set(operation.method, { ...leaf, names })
      return
    }
    if (name !== undefined) names.push(name)
    if (name === undefined) branch = grown(branch.literal, segment)
    else if (ending !== '') branch = grown(branch.ending, ending)
    else branch = branch.any ??= newBranch()
  }
  branch.leaves.set(operation.method, { ...leaf, names })
}

function grown(branches: Map<string, Branch>, key: string): Branch {
  let branch = branches.get(key)
  if (branch === undefined) branches.set(key, (branch = newBranch()))
  return branch
}

function find(root: Branch, method: string, path: string): Match | undefined {
  const values: string[] = []
  let branch: Branch | undefined = root
  let rest: { readonly leaf: Leaf; readonly values: readonly string[] } | undefined
  let at = 0
  const segments = path.split('/')
  for (const segment of segments) {
    at++
    if (segment === '') continue
    const open: Leaf | undefined = branch.rest?.get(method)
    if (open) rest = { leaf: open, values: [...values, segments.slice(at - 1).join('/')] }
    branch = branch.literal.get(segment) ?? named(branch, segment, values)
    if (branch === undefined) break
  }
  const leaf = branch?.leaves.get(method)
  if (leaf) return matchOf(leaf, values)
  return rest && matchOf(rest.leaf, rest.values)
}

/** Pushes what stands for the name onto `values`. */
function named(branch: Branch, segment: string, values: string[]): Branch | undefined {
  for (const [ending, next] of branch.ending) {
    if (!segment.endsWith(ending) || segment.length === ending.length) continue
    values.push(segment.slice(0, -ending.length))
    return next
  }
  if (branch.any) values.push(segment)
  return branch.any
}

function matchOf({ operation, route, family, names }: Leaf, values: readonly string[]): Match | undefined {
  const params: Record<string, string> = {}
  for (const [index, name] of names.entries()) {
    const value = decode(values[index] ?? '')
    if (value === undefined) return undefined
    params[name] = value
  }
  return { operation, family, surface: route.surface, since: route.since, params }
}

function decode(segment: string): string | undefined {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
