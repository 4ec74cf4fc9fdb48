/** What is kept of one resource, between its shelves in memory and the place where it survives and is shared. */
import { deserialize, serialize } from 'node:v8'
import type { KeepingAsked, KeptChange, Keeping, Port } from '../base/keeping.ts'
import type { Log } from '../base/log.ts'
import { reasonOf } from '../base/reason.ts'
import type { Clock } from '../clock.ts'
import { serviceUnavailable } from '../errors.ts'
import { StoreError } from '../storage/store-error.ts'
import { type KeptPlace, nameOf } from './kept-place.ts'

/** One document, as far as it is known here. */
type Known = {
  readonly id: string
  tag: string | undefined
  /** What is to be written of it. */
  change: KeptChange | undefined
  work: Promise<void> | undefined
  look: Promise<void> | undefined
}

type Parts = { readonly place: KeptPlace; readonly clock: Clock; readonly log: Log }

/** Of a kind, in one request: more are nobody's. */
const maxNamed = 500
const atOnce = 16
/** Instances that write the same document again and again. */
const maxTries = 20
/** Writes of a kind between two looks for what is too much of it. */
const sweepEvery = 200

export function createKeeping({ place, clock, log }: Parts): Keeping {
  const known = new Map<string, Known>()
  const working = new Set<Promise<void>>()
  const listedAtMs = new Map<Port, number>()
  const written = new Map<Port, number>()
  let isAway = false
  let failures = 0

  const pathOf = (port: Port, name: string) => `${port.kind}/${name}`
  const knownOf = (port: Port, id: string): Known => {
    const path = pathOf(port, nameOf(id))
    let found = known.get(path)
    if (!found) known.set(path, (found = { id, tag: undefined, change: undefined, work: undefined, look: undefined }))
    return found
  }
  /** Of what is neither here nor on its way nothing is remembered. */
  const forget = (port: Port, { id, work, look, change }: Known) => {
    if (!work && !look && !change && !port.has(id)) known.delete(pathOf(port, nameOf(id)))
  }

  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      const done = await work
      if (isAway) log.info(`${place.label} keeps again what clients leave behind.`)
      isAway = false
      return done
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      if (!isAway) log.warn(`${error.message}. Requests that need it are answered with 503 until it can be.`)
      isAway = true
      throw serviceUnavailable()
    }
  }

  const write = async (port: Port, one: Known): Promise<void> => {
    // What changes together is written once.
    await Promise.resolve()
    const { kind } = port
    const name = nameOf(one.id)
    try {
      for (let tries = 0; one.change;) {
        const { change } = one
        one.change = undefined
        if (change !== 'written') {
          // Dropped before it was written, or by another one, too.
          if (change === 'deleted' || one.tag !== undefined)
            await place.remove(kind, name, change === 'deleted' ? undefined : one.tag)
          one.tag = undefined
          continue
        }
        const plain = port.encode(one.id)
        if (plain === undefined) continue
        const tag = await place.write({ kind, name, bytes: serialize({ id: one.id, plain }) }, one.tag)
        if (tag !== undefined) {
          one.tag = tag
          port.written(one.id)
          continue
        }
        if (++tries > maxTries) throw new StoreError(`Could not write ${name} in ${place.label}: others write it, too`)
        const found = await place.read(kind, name)
        const theirs = typeof found === 'object' ? plainOf(found.bytes, name) : undefined
        one.tag = typeof found === 'object' ? found.tag : undefined
        // What another one has deleted stays deleted.
        if (!theirs) port.drop(one.id)
        else {
          port.merge(one.id, theirs.plain)
          one.change ??= 'written'
        }
      }
    } catch (error) {
      // It is not kept, and nobody was told that it is: it never was, and what there was before is looked up anew.
      one.change = undefined
      one.tag = undefined
      port.drop(one.id)
      throw error instanceof StoreError ? error : new StoreError(`Could not write ${name}: ${reasonOf(error)}`)
    } finally {
      one.work = undefined
      forget(port, one)
    }
    const count = (written.get(port) ?? 0) + 1
    written.set(port, count)
    if (count % sweepEvery === 0) await sweep(port)
  }

  /** What is beyond the bounds goes, the oldest first: each instance sees to what it has seen, this one to all. */
  const sweep = async (port: Port) => {
    const { maxEntries, maxBytes, lifetimeMs } = port.bounds()
    const all = [...(await place.list(port.kind))].sort((a, b) => b.modifiedMs - a.modifiedMs)
    const nowMs = clock.now()
    let bytes = 0
    for (const [at, one] of all.entries()) {
      bytes += one.bytes
      if (at < maxEntries && bytes <= maxBytes && nowMs - one.modifiedMs < lifetimeMs) continue
      await place.remove(port.kind, one.name, one.tag)
    }
  }

  const plainOf = (bytes: Uint8Array, name: string): { readonly id: string; readonly plain: unknown } | undefined => {
    try {
      return deserialize(bytes) as { id: string; plain: unknown }
    } catch (error) {
      log.warn(`${name} in ${place.label} cannot be read, and is left out: ${reasonOf(error)}`)
      return undefined
    }
  }

  /** Brings one here as it is now. */
  const refresh = async (port: Port, name: string, one: Known | undefined): Promise<Known | undefined> => {
    const isHere = one !== undefined && port.has(one.id)
    const found = await place.read(port.kind, name, isHere ? one.tag : undefined)
    // What is on its way to the place is newer.
    if (found === 'unchanged' || one?.work) return one
    if (!found) {
      if (one) {
        one.tag = undefined
        port.drop(one.id)
      }
      return one
    }
    const theirs = plainOf(found.bytes, name)
    if (!theirs) return one
    const taken = knownOf(port, theirs.id)
    if (taken.work) return taken
    taken.tag = found.tag
    port.take(theirs.id, theirs.plain)
    return taken
  }
  const lookAt = (port: Port, id: string): Promise<void> => {
    const one = knownOf(port, id)
    if (one.work) return Promise.resolve()
    return (one.look ??= look(port, one))
  }
  const look = async (port: Port, one: Known): Promise<void> => {
    try {
      await refresh(port, nameOf(one.id), one)
    } finally {
      one.look = undefined
      forget(port, one)
    }
  }

  const bringAll = async (port: Port, prefix?: string) => {
    const before = new Map(
      [...known].filter(([path, { work, tag }]) => path.startsWith(`${port.kind}/`) && !work && tag),
    )
    const all = await place.list(port.kind, prefix)
    const missing: { readonly name: string; readonly one: Known | undefined }[] = []
    for (const { name, tag } of all) {
      const path = pathOf(port, name)
      before.delete(path)
      const one = known.get(path)
      if (one?.work || (one?.tag === tag && port.has(one.id))) continue
      missing.push({ name, one })
    }
    await inTurns(missing, ({ name, one }) => refresh(port, name, one))
    if (prefix !== undefined) return
    for (const one of before.values())
      if (!one.work) {
        one.tag = undefined
        port.drop(one.id)
        forget(port, one)
      }
    listedAtMs.set(port, clock.now())
  }

  /** What these refer to, and so on. */
  const bringNeeded = async (ports: readonly Port[], ids: readonly (readonly [Port, string])[]) => {
    const seen = new Set<string>()
    for (let next = ids; next.length > 0;) {
      const text = next.map(([port, id]) => port.needs(id)).join('\n')
      next = ports.flatMap((port) =>
        idsIn(port, text)
          .filter((id) => !seen.has(pathOf(port, id)))
          .map((id) => [port, id] as const),
      )
      for (const [port, id] of next) seen.add(pathOf(port, id))
      const absent = next.filter(([port, id]) => !port.has(id))
      await inTurns(absent, ([port, id]) => lookAt(port, id))
    }
  }

  const lookUp = async ({ text, named, listed }: KeepingAsked) => {
    const ids = named.flatMap((port) => idsIn(port, text).map((id) => [port, id] as const))
    await inTurns(ids, ([port, id]) => lookAt(port, id))
    for (const port of named) {
      for (const prefix of port.near?.(text) ?? []) await bringAll(port, prefix)
      if (port.watchMs !== undefined && clock.now() - (listedAtMs.get(port) ?? -Infinity) >= port.watchMs)
        await bringAll(port)
    }
    for (const port of listed) await bringAll(port)
    await bringNeeded(named, ids)
  }

  return {
    changed(port, id, how) {
      const one = knownOf(port, id)
      // One that was deleted is deleted, whatever the bounds say of it.
      if (how !== 'dropped' || one.change !== 'deleted') one.change = how
      if (one.work) return
      const work = (one.work = write(port, one))
      working.add(work)
      const over = () => working.delete(work)
      work.then(over, (error: unknown) => {
        over()
        failures++
        void told(Promise.reject(error as Error)).catch(() => undefined)
      })
    },
    lookUp: (asked) => told(lookUp(asked)),
    failures: () => failures,
    async settled(before) {
      if (working.size > 0) await told(Promise.all(working))
      if (failures > before) throw serviceUnavailable()
    },
  }
}

function idsIn({ ids }: Port, text: string): readonly string[] {
  const found = new Set<string>()
  for (const [all, ...groups] of text.matchAll(ids) as Iterable<[string, ...(string | undefined)[]]>) {
    found.add(groups.find((group) => group !== undefined) ?? all)
    if (found.size >= maxNamed) break
  }
  return [...found]
}

/** A few at once. */
async function inTurns<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const rest = all.values()
  const worker = async () => {
    for (const one of rest) await work(one)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker))
}
