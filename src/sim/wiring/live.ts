/** The configuration as it changes while the app runs: through the control API, and through what instances share. */
import { inSlicesOf, Slices } from '../base/slices.ts'
import { inTime, Late } from '../base/in-time.ts'
import { applyPatch } from '../admin/config.ts'
import { type Clock, until } from '../clock.ts'
import { type Apply, runTimeSource } from '../config/change.ts'
import type { ModelLookup } from '../config/check-deployments.ts'
import type { Config } from '../config/config.ts'
import { ConfigError, type Problem } from '../config/problem.ts'
import type { ConfigSource } from '../config/read-source.ts'
import { resolveConfig, type Resolved } from '../config/resolve.ts'
import { isTree, type Tree } from '../config/tree.ts'
import { type ApiError, gatewayError, unavailable } from '../errors.ts'
import type { Log } from '../base/log.ts'
import type { Random } from '../random.ts'
import {
  type Changes,
  noChanges,
  parseChanges,
  parseSharedFile,
  type SharedFile,
  stateDocument,
} from '../state/document.ts'
import type { StateName, StateStore } from '../state/store.ts'
import { hasVersion, versionOf } from '../state/version.ts'
import { StoreError } from '../storage/store-error.ts'
import { reasonOf } from '../base/reason.ts'

export type LiveOptions = {
  /** Where the configuration of the start comes from, weakest first. */
  readonly sources: readonly ConfigSource[]
  readonly models: ModelLookup
  /** Throws a `ConfigError` for what no setting by itself is wrong about. */
  readonly check: (config: Config) => void
  /** What is dear of installing it, before it is. */
  readonly ahead: (config: Config) => void
  /** From the next request on. */
  readonly install: (next: Next) => void
  /** Absent: changes are this process's own. */
  readonly store: StateStore | undefined
  readonly refreshMs: number
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

export type LiveConfig = {
  /** As every answer of `/++/config` names it. */
  readonly version: () => string
  /** What is wrong with the documents that are shared; those before them stay in force. */
  readonly refused: () => readonly Problem[]
  /** To be asked at each request: a promise where the request has to wait for what may have changed elsewhere. */
  readonly fresh: () => Promise<void> | undefined
  /** Applies a part of the document of `/++/config` here alone, at once. Throws a `ConfigError`. */
  readonly patchHere: (part: unknown) => void
  /** The same for all instances, in the terms that `apply` reads. `basedOn` is the version that has to be the current one, where that matters. */
  readonly patch: (part: unknown, basedOn?: string, apply?: Apply) => Promise<void>
  /** The configuration of the start is another by now; what was changed since stays on top of it, where it still fits. */
  readonly rebase: (start: readonly ConfigSource[]) => void
  /** Goes back to the configuration of the start. */
  readonly reset: (basedOn?: string) => Promise<void>
  /** Whether this instance has come to have that version before the time was up. */
  readonly waitFor: (version: string, timeoutMs: number, signal?: AbortSignal) => Promise<boolean>
}

type Applied = { readonly sources: readonly ConfigSource[]; readonly changes: Changes; readonly file?: SharedFile }
/** A document as it was last seen, which need not be one that could be applied. */
type Seen<T> = { readonly tag: string | undefined; readonly value: T | undefined; readonly error?: ConfigError }
export type Next = Resolved & { readonly sources: readonly ConfigSource[] }

/** How much older than usual what is known may be before a request waits for a look; and how long it waits. */
const staleAfter = 1.5
const staleWaitMs = 1_000
const firstWaitMs = 5_000
/** Between looks for a version that somebody waits for. */
const lookMs = 500

export function liveConfig(options: LiveOptions): LiveConfig {
  const { models, check, ahead, install, store, refreshMs, clock, random, log } = options
  let start = options.sources
  let applied: Applied = { sources: start, changes: noChanges }
  let changes: Seen<Changes> = { tag: undefined, value: noChanges }
  let file: Seen<SharedFile> = { tag: undefined, value: undefined }
  let refused: readonly Problem[] = []
  let checkedAtMs = -Infinity
  let dueMs = -Infinity
  let isFailing = false
  let running: Promise<void> | undefined
  let lookingSinceMs = 0
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other, as each goes on from what the one before has left. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  const version = () => versionOf(applied.changes, applied.file)

  const look = async <T>(from: StateStore, { name, none, parse }: Kind<T>, seen: Seen<T>): Promise<Seen<T>> => {
    const found = await from.read(name, seen.tag)
    if (found === 'unchanged' || (found === undefined && seen.tag === undefined)) return seen
    if (found === undefined) return { tag: undefined, value: none }
    try {
      return { tag: found.tag, value: parse(`${name} in ${from.label}`, found.bytes) }
    } catch (error) {
      if (error instanceof ConfigError) return { tag: found.tag, value: undefined, error }
      throw error
    }
  }

  const load = async (from: StateStore) => {
    const [nextChanges, nextFile] = await Promise.all([
      look(from, kinds.changes, changes),
      look(from, kinds.file, file),
    ])
    checkedAtMs = clock.now()
    if (nextChanges === changes && nextFile === file) return
    ;[changes, file] = [nextChanges, nextFile]
    take(from)
  }

  /** Each document that is wrong is passed over by itself; where they are wrong together all stays as it was. */
  const take = (from: StateStore) => {
    const before = version()
    const next = { changes: changes.value ?? applied.changes, file: file.error ? applied.file : file.value }
    const problems = [...(changes.error?.problems ?? []), ...(file.error?.problems ?? [])]
    try {
      const sources = [
        ...withFile(start, next.file),
        ...(next.changes.number > 0 ? [sourceOf(next.changes.changes)] : []),
      ]
      const resolved = resolveConfig(sources, models)
      check(resolved.config)
      install({ ...resolved, sources })
      applied = { sources, changes: next.changes, ...(next.file && { file: next.file }) }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      problems.push(...error.problems)
    }
    refused = problems
    if (version() !== before) log.info(`Version ${version()} of the configuration in ${from.label} is in force.`)
    if (problems.length === 0) return
    const told = new ConfigError(problems).message
    log.error(`What is shared in ${from.label} is refused, and version ${version()} stays in force:\n${told}`)
  }

  const refresh = (from: StateStore): Promise<void> => {
    dueMs = clock.now() + refreshMs * (0.75 + random.fraction() / 2)
    if (!running) lookingSinceMs = clock.now()
    return (running ??= inTurn(() => load(from))
      .then(
        () => {
          if (isFailing) log.info(`The configuration in ${from.label} can be read again.`)
          isFailing = false
        },
        (error: unknown) => {
          const reason = reasonOf(error)
          if (!isFailing) log.warn(`${reason}. Version ${version()} stays in force until that is over.`)
          isFailing = true
        },
      )
      .finally(() => (running = undefined)))
  }

  const fresh = (): Promise<void> | undefined => {
    if (!store) return undefined
    const nowMs = clock.now()
    // While a look is late in coming, the next one is due; whoever may not answer from before it waits for that.
    if (nowMs < dueMs && !running) return undefined
    const looking = nowMs < dueMs && running ? running : refresh(store)
    if (isFailing || nowMs - checkedAtMs <= refreshMs * staleAfter) return undefined
    const endMs = lookingSinceMs + (checkedAtMs < 0 ? firstWaitMs : staleWaitMs)
    return inTime(clock, endMs - nowMs, looking).catch(unlessLate)
  }

  const settle = (next: Next, number: number, tag: string | undefined) => {
    const value = { number, changes: changesIn(next.sources) }
    changes = { tag, value }
    install(next)
    applied = { ...applied, sources: next.sources, changes: value }
  }

  const change = (make: () => Next, basedOn: string | undefined) =>
    inTurn(async () => {
      if (store) await load(store)
      const before = version()
      if (basedOn !== undefined && basedOn !== before) throw conflict(basedOn, before)
      const based = applied
      const sliced = await inSlicesOf(new Slices(clock, () => undefined), () => {
        const made = make()
        ahead(made.config)
        return made
      })
      // Whoever changed them here meanwhile did so at once.
      const next = applied === based ? sliced : make()
      check(next.config)
      const number = Math.max(applied.changes.number, changes.value?.number ?? 0) + 1
      if (!store) {
        settle(next, number, undefined)
        return
      }
      const tag = await store.replace(stateDocument({ number, changes: changesIn(next.sources) }), changes.tag)
      if (tag === undefined) {
        await load(store)
        throw conflict(before, version())
      }
      settle(next, number, tag)
      refused = file.error?.problems ?? []
    }).catch((error: unknown) => {
      throw error instanceof StoreError ? unavailable('StateUnavailable', error.message) : error
    })

  return {
    version,
    refused: () => refused,
    fresh,
    patchHere(part) {
      const next = applyPatch(applied.sources, part, models)
      check(next.config)
      settle(next, applied.changes.number + 1, changes.tag)
    },
    patch: (part, basedOn, apply = applyPatch) => change(() => apply(applied.sources, part, models), basedOn),
    rebase(next) {
      const own = applied.sources.filter(({ name }) => name === runTimeSource)
      try {
        const sources = [...next, ...own]
        const resolved = resolveConfig(sources, models)
        check(resolved.config)
        install({ ...resolved, sources })
        ;[start, applied] = [next, { ...applied, sources }]
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        log.error(
          `A resource keeps its settings, as they do not fit those of the top level any more:\n${error.message}`,
        )
      }
    },
    reset: (basedOn) =>
      change(() => {
        const sources = withFile(start, applied.file)
        return { ...resolveConfig(sources, models), sources }
      }, basedOn),
    async waitFor(wanted, timeoutMs, signal) {
      const endMs = clock.now() + timeoutMs
      for (;;) {
        if (store) await refresh(store)
        if (hasVersion(wanted, applied.changes, applied.file)) return true
        const nowMs = clock.now()
        if (nowMs >= endMs || signal?.aborted) return false
        await until(clock, Math.min(endMs, nowMs + lookMs * (0.75 + random.fraction() / 2)), signal)
      }
    },
  }
}

type Kind<T> = {
  readonly name: StateName
  readonly none: T | undefined
  readonly parse: (name: string, bytes: Uint8Array) => T
}

const kinds: { readonly changes: Kind<Changes>; readonly file: Kind<SharedFile> } = {
  changes: { name: 'runtime.json', none: noChanges, parse: parseChanges },
  file: { name: 'sim.yaml', none: undefined, parse: parseSharedFile },
}

const sourceOf = (input: Tree): ConfigSource => ({ name: runTimeSource, input })

function changesIn(sources: readonly ConfigSource[]): Tree {
  const input = sources.find(({ name }) => name === runTimeSource)?.input
  return isTree(input) ? input : {}
}

/** A file that all share beats one of the instance's own, and is beaten by the environment as that one is. */
function withFile(start: readonly ConfigSource[], file: SharedFile | undefined): readonly ConfigSource[] {
  if (!file) return start
  const after = start.findLastIndex(({ isFile }) => isFile) + 1
  return [...start.slice(0, after), file.source, ...start.slice(after)]
}

/** Whoever waited long enough goes on with what there is. */
function unlessLate(error: unknown): void {
  if (!(error instanceof Late)) throw error
}

function conflict(basedOn: string, current: string): ApiError {
  const message =
    `The configuration was not changed: the change is based on version ${basedOn}, and by now there is version ` +
    `${current}. Look at that one, and send the change again.`
  return gatewayError(409, 'ConfigurationConflict', message, { based_on: basedOn, current })
}
