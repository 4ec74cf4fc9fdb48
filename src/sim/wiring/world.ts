/** The resources of one process: the one that the top level of the settings describes, and the others by their names. */
import type { Control } from '../admin/index.ts'
import type { ResourceView, ResourceDirectory } from '../admin/resources.ts'
import { noResource } from '../admin/resources.ts'
import type { Log } from '../base/log.ts'
import { oneStep, step } from '../base/slices.ts'
import type { ModelLookup } from '../config/check-deployments.ts'
import type { Config } from '../config/config.ts'
import type { ConfigSource } from '../config/read-source.ts'
import { readSource } from '../config/read-source.ts'
import { mergeReadings, resolveConfig, type Resolved } from '../config/resolve.ts'
import { valueAt } from '../config/tree.ts'
import { defaultResource } from '../base/default-resource.ts'
import { inherited, readResources, type ResourceSetup, setupProblems } from '../config/resources.ts'
import type { ApiError } from '../errors.ts'
import { Keys } from '../http/keys.ts'
import { keyed } from '../rules/rule-set.ts'
import { hostOf } from '../http/links.ts'
import { parseTarget } from '../http/target.ts'
import type { Random } from '../random.ts'
import type { SimRequest, SimResponse } from '../types.ts'
import type { Clock } from '../clock.ts'
import { ConfigError } from '../config/problem.ts'
import type { LiveConfig } from './live.ts'
import { openSessions, type SessionResource } from './sessions.ts'
import { withPhasesOf } from './phases.ts'
import type { Timeline } from './timeline.ts'
import type { ResourceUse } from './use.ts'

export type OpenResource = {
  readonly name: string
  readonly keys: Keys
  readonly control: Control
  readonly config: () => Config
  readonly sources: () => readonly ConfigSource[]
  readonly live: LiveConfig
  readonly timeline: Timeline | undefined
  readonly handle: (request: SimRequest) => Promise<SimResponse>
}

export type GivenResource = {
  readonly name: string
  readonly keys: Keys
  readonly sources: readonly ConfigSource[]
  readonly resolved: Resolved
  readonly use: ResourceUse | undefined
  readonly above: Timeline | undefined
  readonly installed: () => void
}

type Parts = {
  readonly start: Resolved & { readonly sources: readonly ConfigSource[] }
  readonly models: ModelLookup
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly open: (given: GivenResource) => OpenResource
}

/** Which resource a request is for, and what is left of the request for it. */
export type FoundResource = {
  readonly resource: OpenResource
  readonly asked: SimRequest
  readonly by: 'path' | 'host' | 'key'
}

/** One that is not the default: opened when it is first asked for. */
type Other = {
  readonly setup: ResourceSetup
  readonly keys: Keys
  open: OpenResource | undefined
  /** Counted of a session. */
  readonly use: ResourceUse | undefined
  /** Of the top level's settings, which it takes over. */
  generation: number
}

export type OpenWorld = {
  readonly top: OpenResource
  /** `undefined`: the default, and the request as it is. An error where the path names a resource that is not there. */
  readonly find: (request: SimRequest, path: string) => FoundResource | ApiError | undefined
  /** Whether a resource is reached by this name, in small letters, which may be followed by a port. */
  readonly knowsHost: (host: string) => boolean
  /** What `/++/…` speaks of, and the request without the name of it. */
  readonly controlOf: (
    resource: OpenResource,
    found: FoundResource | undefined,
    request: SimRequest,
  ) => { readonly control: Control; readonly asked: SimRequest }
}

export function openWorld({ start, models, clock, random, log, open }: Parts): OpenWorld {
  let generation = 0
  const top = open({
    name: defaultResource,
    keys: new Keys(random, [start.config.apiKey]),
    sources: start.sources,
    resolved: start,
    use: undefined,
    above: undefined,
    installed: () => {
      generation++
    },
  })
  const others = new Map<string, Other>()
  const byHost = new Map<string, Other>()
  let byKey: Map<string, Other> | undefined

  const readings = start.sources.map(readSource)
  const made = (setup: ResourceSetup, use: ResourceUse | undefined): Other => {
    const keys = new Keys(random, setup.apiKeys, () => (byKey = undefined))
    return { setup, keys, open: undefined, use, generation: 0 }
  }
  const add = (other: Other): Other => {
    const { setup, keys } = other
    others.set(setup.name.toLowerCase(), other)
    for (const host of setup.hosts) byHost.set(host, other)
    if (byKey) for (const key of keys.all()) byKey.set(key, other)
    return other
  }
  for (const setup of readResources(readings, mergeReadings(readings))) {
    const other = add(made(setup, undefined))
    if (setup.apiKeys.length === 0)
      log.info(`The resource ${setup.name} has the keys ${other.keys.all().join(' and ')}.`)
  }

  const sourcesOf = ({ setup, keys, use }: Other): readonly ConfigSource[] => [
    ...top.sources().map(inherited),
    ...(use ? [ofSessions] : []),
    setup.source,
    { name: 'key', input: { apiKey: setup.apiKeys[0] ?? keys.all()[0] } },
  ]
  const modelsBelow = withPhasesOf(top.timeline, models)
  type Ready = { readonly sources: readonly ConfigSource[]; readonly resolved: Resolved; readonly generation: number }
  const readied = (other: Other): Ready => {
    const sources = step(() => sourcesOf(other))
    return { sources, generation: step(() => generation), resolved: step(() => resolveConfig(sources, modelsBelow)) }
  }
  const opened = (other: Other, ready?: Ready): OpenResource => {
    if (!other.open) {
      const { keys, setup, use } = other
      const { sources, resolved, generation: of } = ready ?? readied(other)
      other.generation = of
      return (other.open = open({
        name: setup.name,
        keys,
        sources,
        resolved,
        use,
        above: top.timeline,
        installed: () => undefined,
      }))
    }
    if (other.generation !== generation) {
      other.generation = generation
      other.open.live.rebase(sourcesOf(other))
    }
    return other.open
  }

  // What is wrong with a file of rules is told at the start.
  for (const other of others.values()) if (valueAt(other.setup.source.input, ['rulesFrom']) !== undefined) opened(other)

  const ofHost = (request: SimRequest): Other | undefined => {
    const host = hostOf(request)?.toLowerCase()
    return host === undefined ? undefined : byNameOf(host)
  }
  const byNameOf = (host: string): Other | undefined => {
    const name = host.replace(/:\d+$/, '')
    return byHost.get(host) ?? byHost.get(name) ?? others.get(/^([a-z0-9-]+)\.localhost$/.exec(name)?.[1] ?? '')
  }
  const ofKey = ({ headers }: SimRequest): Other | undefined => {
    byKey ??= new Map([...others.values()].flatMap((other) => other.keys.all().map((key) => [key, other] as const)))
    for (const name of keyHeaders) {
      const other = byKey.get(headers.get(name) ?? '')
      if (other) return other
    }
    return byKey.get(/^bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? '')
  }

  const viewOf = (resource: OpenResource, hosts: readonly string[]): ResourceView => ({
    name: resource.name,
    region: resource.config().azure.region,
    hosts,
    deployments: Object.keys(resource.config().deployments),
    keys: resource.keys,
    base: resource === top ? '' : `/resources/${resource.name}`,
  })
  const sessions = openSessions({
    clock,
    random,
    bounds: () => top.config().sessions,
    prepare(setup, use) {
      const topReadings = step(() => top.sources().map(inherited).map(readSource))
      const problems = step(() => setupProblems(setup, mergeReadings(topReadings), modelsBelow))
      if (problems.length > 0) throw new ConfigError(problems)
      const other = step(() => made(setup, use))
      const ready = step(() => readied(other))
      keyed(ready.resolved.config.rules)
      return () => openedSession(other, use, ready)
    },
    remove: (setup) => forget(setup),
  })
  /** What is said of a session alone stands behind what is said of all. */
  const ownOf = (sources: readonly ConfigSource[]) => sources.slice(sources.indexOf(ofSessions) + 1)
  function openedSession(other: Other, use: ResourceUse, ready: Ready): SessionResource {
    const { setup } = other
    const taken = setup.hosts.find((host) => byHost.has(host))
    if (taken !== undefined)
      throw new ConfigError([{ path: ['hosts'], setting: 'hosts', message: `${taken} is another resource's` }])
    const shared = setup.apiKeys.find(
      (key) => top.keys.has(key) || [...others.values()].some(({ keys }) => keys.has(key)),
    )
    if (shared !== undefined)
      throw new ConfigError([{ path: ['apiKeys'], setting: 'apiKeys', message: "one is another resource's" }])
    add(other)
    try {
      const { control, sources } = opened(other, ready)
      const inputs = () => ownOf(sources()).map(({ input }) => input)
      return { setup, keys: other.keys, use, control: () => control, inputs }
    } catch (error) {
      forget(setup)
      throw error
    }
  }
  function forget(setup: ResourceSetup): void {
    const other = others.get(setup.name.toLowerCase())
    if (!other) return
    others.delete(setup.name.toLowerCase())
    other.open?.control.bodies.clear()
    for (const host of setup.hosts) byHost.delete(host)
    if (byKey) for (const key of other.keys.all()) byKey.delete(key)
  }
  const find = (name: string) => {
    const other = others.get(name.toLowerCase())
    return other && isThere(other) ? other : undefined
  }
  const isThere = ({ setup, use }: Other) => !use || sessions.touch(setup.name)
  const isTop = (name: string) => name.toLowerCase() === defaultResource
  const world: ResourceDirectory = {
    sessions,
    names: () => [top.name, ...[...others.values()].map(({ setup }) => setup.name)],
    resources: () => {
      const all = step(() => [...others.values()])
      const views = all.map((other) => {
        const ready = step(() => (other.open ? undefined : readied(other)))
        return oneStep(() => viewOf(opened(other, ready), other.setup.hosts))
      })
      return [viewOf(top, []), ...views]
    },
    find(name) {
      const other = find(name)
      if (other) return viewOf(opened(other), other.setup.hosts)
      return isTop(name) ? viewOf(top, []) : undefined
    },
  }
  const topControl: Control = { ...top.control, world }

  return {
    top,
    knowsHost: (host) => byNameOf(host) !== undefined,
    find(request, path) {
      const named = underResources(path)
      if (named) {
        const [, name = '', rest = '/'] = named
        const other = find(name)
        if (!other && !isTop(name)) return noResource(name, world)
        return { resource: other ? opened(other) : top, asked: below(request, { path, name, rest }), by: 'path' }
      }
      if (others.size === 0) return undefined
      const ofIts = ofHost(request)
      if (ofIts && isThere(ofIts)) return { resource: opened(ofIts), asked: request, by: 'host' }
      const owner = ofKey(request)
      return owner && isThere(owner) ? { resource: opened(owner), asked: request, by: 'key' } : undefined
    },
    controlOf(resource, found, request) {
      if (found && found.by !== 'key')
        return { control: resource === top ? topControl : resource.control, asked: request }
      const { path, query } = parseTarget(request.url)
      const name = query.get('resource')
      if (name === null) return { control: topControl, asked: request }
      const rest = new URLSearchParams(query)
      rest.delete('resource')
      const asked = withUrl(request, `${path}${rest.size > 0 ? `?${rest.toString()}` : ''}`)
      if (isTop(name)) return { control: topControl, asked }
      const other = find(name)
      if (!other) return { control: { ...topControl, missing: noResource(name, world) }, asked }
      const { control } = opened(other)
      return { control: { ...control, opens: (key) => top.keys.has(key) || control.opens(key) }, asked }
    },
  }
}

/** A test wants to see what was asked. */
const ofSessions: ConfigSource = { name: 'session', input: { journal: { bodies: 'on' } } }

const keyHeaders = ['api-key', 'x-api-key', 'ocp-apim-subscription-key']

const underResources = (path: string) =>
  path.charCodeAt(1) === letterR || path.startsWith('//') ? /^\/+resources\/+([^/]+)(\/.*)?$/.exec(path) : undefined
const letterR = 114

/** The same request as the resource sees it: links that lead back begin with what stands before its paths. */
function below(
  request: SimRequest,
  { path, name, rest }: { readonly path: string; readonly name: string; readonly rest: string },
): SimRequest {
  const { url } = request
  const at = url.startsWith('/') ? 0 : url.indexOf('/', url.indexOf('://') + 3)
  return withUrl(request, url.slice(0, at) + rest + url.slice(at + path.length), `/resources/${name}`)
}

function withUrl(request: SimRequest, url: string, base = request.base): SimRequest {
  const { method, headers } = request
  const asked = {
    method,
    url,
    ...(base !== undefined && { base }),
    headers,
    bytes: (maxBytes: number) => request.bytes(maxBytes),
    ...(request.onGone && { onGone: (run: () => void) => request.onGone?.(run) ?? (() => undefined) }),
  }
  // Hosts make the signal when it is asked for, and only then.
  return Object.defineProperties(asked, {
    signal: { get: () => request.signal },
    connection: { get: () => request.connection },
  })
}
