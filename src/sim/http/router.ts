/** From a path to the operation that it names. Empty segments are skipped: the service takes double slashes. */
import { Memo } from '../base/memo.ts'
import { claudePathNotSupported } from '../errors/inference.ts'
import { resourceNotFound } from '../errors.ts'
import type { AnyOperation, Match, ResourceOperation, Route } from '../operation.ts'
import type { Target } from '../types.ts'
import { checkVersion } from './api-version.ts'

export type Router = (method: string, path: string) => Match | undefined

type Leaf = { readonly operation: AnyOperation; readonly route: Route; readonly names: readonly string[] }
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

export function createRouter(operations: readonly AnyOperation[]): Router {
  const root = newBranch()
  for (const operation of operations)
    for (const route of operation.routes ?? usualRoutes(operation)) add(root, operation, route)
  /** By method and path: clients ask for few, again and again. */
  const remembered = new Map<string, Memo<string, Match>>()
  return (method, path) => {
    const known = remembered.get(method)?.get(path)
    if (known) return known
    const match = find(root, method, projectPath.exec(path)?.[1] ?? path)
    if (match && path.length <= longestRemembered) remember(remembered, method, path, match)
    return match
  }
}

/** The most paths of one method that are remembered, and the longest of them. What no operation has is no method here. */
const maxRemembered = 256
const longestRemembered = 256

function remember(all: Map<string, Memo<string, Match>>, method: string, path: string, match: Match): void {
  const paths = all.get(method) ?? new Memo<string, Match>(maxRemembered)
  paths.set(path, match)
  all.set(method, paths)
}

/**
 * Where the service is the judge, it knows paths and api-versions that the simulator does not: all of them are taken
 * that lie below a path of the service. Throws 404 for the rest.
 */
export function ofService(match: Match | undefined, { path }: Target): Match {
  if (match) return match
  if (!isServicePath(path)) throw resourceNotFound()
  return { operation: unknownOperation, surface: v1Path.test(path) ? 'v1' : 'dated', params: {} }
}

/** Azure OpenAI, Foundry's model inference, Claude, and the same below a Foundry project. */
const servicePath = /^\/+(openai|models|anthropic|api\/+projects)(\/|$)/

export const isServicePath = (path: string): boolean => servicePath.test(path) && !dotSegment.test(path)

const v1Path = /^\/+(?:api\/+projects\/+[^/]+\/+)?openai\/+v1(?:\/|$)/

/** Below a project there is the v1 surface again; the project is not looked at. */
const projectPath = /^\/+api\/+projects\/+[^/]+(\/+openai\/+v1(?:\/.*)?)$/

const claudePath = /^\/+anthropic(?:\/|$)/

/** With these a path could lead out again of what it lies below. */
const dotSegment = /(^|\/)(\.|%2e){1,2}(\/|$)/i

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

/** Throws 404 for what is no path of the service, and where the api-version is not one of the path's surface. */
export function ofSimulator(match: Match | undefined, target: Target, hasGates: boolean): Match {
  if (match === undefined) throw claudePath.test(target.path) ? claudePathNotSupported() : resourceNotFound()
  checkVersion(match, target, hasGates)
  return match
}

/** Below the deployment's path or the resource's own, and on the v1 surface. */
function usualRoutes({ scope, path, since }: AnyOperation): readonly Route[] {
  const dated = scope === 'deployment' ? '/openai/deployments/{deployment}' : '/openai'
  return [
    { surface: 'dated', template: `${dated}${path}` as Route['template'], ...(since && { since }) },
    { surface: 'v1', template: `/openai/v1${path}` },
  ]
}

const newBranch = (): Branch => ({
  literal: new Map(),
  ending: new Map(),
  any: undefined,
  rest: undefined,
  leaves: new Map(),
})

function add(root: Branch, operation: AnyOperation, route: Route): void {
  const names: string[] = []
  let branch = root
  for (const segment of route.template.split('/')) {
    if (segment === '') continue
    const [, name, ending = ''] = /^\{([\w.]+)\}(.*)$/.exec(segment) ?? []
    if (name?.startsWith('...')) {
      names.push(name.slice(3))
      branch.rest ??= new Map()
      branch.rest.set(operation.method, { operation, route, names })
      return
    }
    if (name !== undefined) names.push(name)
    if (name === undefined) branch = grown(branch.literal, segment)
    else if (ending !== '') branch = grown(branch.ending, ending)
    else branch = branch.any ??= newBranch()
  }
  branch.leaves.set(operation.method, { operation, route, names })
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

function matchOf({ operation, route, names }: Leaf, values: readonly string[]): Match | undefined {
  const params: Record<string, string> = {}
  for (const [index, name] of names.entries()) {
    const value = decode(values[index] ?? '')
    if (value === undefined) return undefined
    params[name] = value
  }
  return { operation, surface: route.surface, since: route.since, params }
}

function decode(segment: string): string | undefined {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
