/** Sessions: resources that are made while the simulator runs, each for one test, bounded in number and in time. */
import type { Sessions, SessionView } from '../admin/sessions.ts'
import { sizeOf } from '../base/size-of.ts'
import { mapInSteps, oneStep, step } from '../base/slices.ts'
import type { Clock } from '../clock.ts'
import { parseDuration } from '../config/duration.ts'
import { ConfigError, meantName, mismatch, type Problem, shown, unknownName } from '../config/problem.ts'
import { readResource, type ResourceSetup } from '../config/resources.ts'
import { visible } from '../config/read-source.ts'
import { namesAt } from '../config/schema-parts.ts'
import { isTree, type Tree } from '../config/tree.ts'
import { unavailable } from '../errors.ts'
import type { Keys } from '../http/keys.ts'
import { hexText, type Random } from '../random.ts'
import type { Control } from '../admin/index.ts'
import { ResourceUse } from './use.ts'

/** What a session is of, as the world of resources has it. */
export type SessionResource = {
  readonly setup: ResourceSetup
  readonly keys: Keys
  readonly use: ResourceUse
  readonly control: () => Control
  /** What it says for itself, now. */
  readonly inputs: () => readonly unknown[]
}

type Parts = {
  readonly clock: Clock
  readonly random: Random
  readonly bounds: () => { readonly maxSessions: number; readonly lifetimeMs: number }
  /**
   * Throws a `ConfigError` where what it says does not fit the top level. In slices where work is done so; it is there
   * when what this gives is called, which is done at a stretch.
   */
  readonly prepare: (setup: ResourceSetup, use: ResourceUse) => () => SessionResource
  readonly remove: (setup: ResourceSetup) => void
}

type Session = {
  readonly id: string
  name: string
  readonly createdAtMs: number
  lifetimeMs: number
  readonly of: SessionResource
  /** Of its settings, when they were last weighed. */
  weighed: { readonly version: string; readonly bytes: number } | undefined
}

export type OpenSessions = Sessions & {
  /** A request came for that resource: whether it is still there. */
  readonly touch: (name: string) => boolean
}

const minLifetimeMs = 1_000
/** Of the settings of all, as they are read: what is made of them takes several times as much. */
const maxSettingsBytes = 16_777_216
const maxLifetimeMs = 86_400_000
const lifetimeForm = 'a duration with its unit, from 1s to 24h, as 10min'
const nameForm = 'a text of 1 to 200 characters'

export function openSessions({ clock, random, bounds, prepare, remove }: Parts): OpenSessions {
  /** The one that was idle longest first. */
  const sessions = new Map<string, Session>()

  const drop = (session: Session) => {
    sessions.delete(session.id)
    remove(session.of.setup)
  }
  const isOver = ({ createdAtMs, lifetimeMs }: Session) => clock.now() >= createdAtMs + lifetimeMs
  const dropOver = () => {
    for (const session of sessions.values()) if (isOver(session)) drop(session)
  }
  const bytesOf = (session: Session): number => {
    const version = session.of.control().version()
    if (session.weighed?.version !== version) session.weighed = { version, bytes: sizeOf(session.of.inputs()) }
    return session.weighed.bytes
  }
  const makeRoom = (newBytes: number) => {
    dropOver()
    const { maxSessions } = bounds()
    let bytes = newBytes
    for (const session of sessions.values()) bytes += bytesOf(session)
    for (const session of sessions.values()) {
      if (sessions.size < maxSessions && bytes <= maxSettingsBytes) return
      if (session.of.use.running > 0) continue
      bytes -= bytesOf(session)
      drop(session)
    }
    if (bytes > maxSettingsBytes && sessions.size > 0)
      throw unavailable('TooManySessions', 'The settings of the sessions in use leave no room. Delete some.')
    if (sessions.size >= maxSessions)
      throw unavailable(
        'TooManySessions',
        `All ${maxSessions} sessions are in use. Delete some, or raise sessions.maxSessions.`,
      )
  }
  const viewOf = ({ id, name, createdAtMs, lifetimeMs, of }: Session): SessionView => ({
    id,
    name,
    base: `/resources/${id}`,
    apiKey: of.keys.all()[0],
    createdAtMs,
    expiresAtMs: createdAtMs + lifetimeMs,
    calls: of.use.calls,
    running: of.use.running,
    statuses: of.use.statuses,
    control: of.control(),
  })
  const get = (id: string) => {
    const session = sessions.get(id)
    if (!session) return undefined
    if (!isOver(session)) return session
    drop(session)
    return undefined
  }

  return {
    create(given) {
      const { name, lifetimeMs, rest } = step(() => ownOf(given))
      const bytes = step(() => sizeOf(rest))
      oneStep(() => makeRoom(bytes))
      const id = oneStep(() => `session-${hexText(random, 16)}`)
      const setup = step(() =>
        readResource(id, rest, { name: 'session', input: {}, spell: toPath }, { place: [], moreNames: ownNames }),
      )
      const use = step(() => new ResourceUse())
      const open = step(() => prepare(setup, use))
      return oneStep(() => {
        // Others may have been made meanwhile.
        makeRoom(bytes)
        const of = open()
        const session: Session = {
          id,
          name: name ?? id,
          createdAtMs: clock.now(),
          lifetimeMs: lifetimeMs ?? bounds().lifetimeMs,
          of,
          weighed: undefined,
        }
        sessions.set(id, session)
        return viewOf(session)
      })
    },
    list() {
      const all = oneStep(() => {
        dropOver()
        return [...sessions.values()]
      })
      return mapInSteps(all, viewOf)
    },
    get(id) {
      const session = get(id)
      return session && viewOf(session)
    },
    async change(id, given) {
      const session = get(id)
      if (!session) return undefined
      const { name, lifetimeMs, rest } = ownOf(given)
      checkNames(rest)
      if (Object.keys(rest).length > 0) await session.of.control().change(withRegion(rest))
      session.name = name ?? session.name
      session.lifetimeMs = lifetimeMs ?? session.lifetimeMs
      return viewOf(session)
    },
    delete(id) {
      const session = get(id)
      if (!session) return undefined
      drop(session)
      return viewOf(session)
    },
    touch(id) {
      const session = sessions.get(id)
      if (!session) return true
      if (isOver(session)) {
        drop(session)
        return false
      }
      sessions.delete(id)
      sessions.set(id, session)
      return true
    },
  }
}

const toPath = (path: readonly string[]) => visible(path).join('.')

/** The region may stand at the top, as where the session was made. */
function withRegion({ region, ...rest }: Tree): Tree {
  return region === undefined ? rest : { ...rest, azure: { ...(isTree(rest.azure) ? rest.azure : {}), region } }
}

/** The fields of a session besides settings. */
const ownNames = ['name', 'lifetime']

/** Finds misspelt fields; settings check their own names. */
function checkNames(rest: Tree): void {
  const settings = namesAt([]) ?? []
  const problems = Object.keys(rest)
    .filter((key) => key !== 'region' && !settings.includes(key) && meantName(key, ownNames) !== undefined)
    .map((key) => ({ path: [key], setting: key, message: `is not a setting; ${unknownName(key, ownNames)}` }))
  if (problems.length > 0) throw new ConfigError(problems)
}

/** Reads the fields of a session besides settings. */
function ownOf({ name, lifetime, ...rest }: Tree) {
  const problems: Problem[] = []
  const refuse = (key: string, value: unknown, form: string) =>
    problems.push({ path: [key], setting: key, message: mismatch(shown(value), form) })
  const isName = typeof name === 'string' && name.length >= 1 && name.length <= 200
  if (name !== undefined && !isName) refuse('name', name, nameForm)
  const ms = typeof lifetime === 'string' ? parseDuration(lifetime)?.mean : undefined
  const isLifetime = ms !== undefined && ms >= minLifetimeMs && ms <= maxLifetimeMs
  if (lifetime !== undefined && !isLifetime) refuse('lifetime', lifetime, lifetimeForm)
  if (rest.rulesFrom !== undefined)
    problems.push({
      path: ['rulesFrom'],
      setting: 'rulesFrom',
      message: 'is read at the start only: give the rules themselves',
    })
  if (problems.length > 0) throw new ConfigError(problems)
  return { name: isName ? name : undefined, lifetimeMs: isLifetime ? ms : undefined, rest }
}
