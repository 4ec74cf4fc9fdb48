/** A shelf of what clients leave at a resource: of one kind, by id, within bounds; where there is a place for it, it survives. */
import type { Config } from '../config/config.ts'
import type { LiveResource } from '../operation.ts'
import { BoundedStore, type Bounds } from './bounded-store.ts'
import type { KeptChange, Port } from './keeping.ts'
import { sizeOf } from './size-of.ts'

export type KeptShelf<T> = {
  /** A new one, or another state of one that is there. */
  readonly put: (value: T) => void
  /** One that is there has changed in itself. */
  readonly changed: (id: string) => void
  readonly get: (id: string) => T | undefined
  /** Whether it was there. */
  readonly delete: (id: string) => boolean
  /** In the order in which they came. */
  readonly all: () => readonly T[]
  readonly port: Port
}

export type KeptKind<T> = {
  /** As its folder is called. */
  readonly kind: string
  /** How its ids look in a request. */
  readonly ids: RegExp
  readonly near?: (text: string, live: LiveResource) => readonly string[]
  readonly watchMs?: number
  /** About how much one takes, where it is not as large as it looks. */
  readonly bytesOf?: (value: T) => number
  /** The setting `kept`, where it is absent. */
  readonly bounds?: (config: Config) => Bounds
  readonly encode?: (value: T) => unknown
  readonly decode?: (plain: unknown, live: LiveResource) => T
  /** What it refers to. */
  readonly needs?: (value: T) => string
  /** Two instances have changed it; the one here wins where it is absent. */
  readonly merge?: (mine: T, theirs: T, since: KeptSince<T>) => T
  readonly added?: (value: T) => void
  readonly dropped?: (value: T) => void
}

/** What both instances had before. */
export type KeptSince<T> = { readonly value: T | undefined; readonly atMs: number }

type Entry<T> = { readonly place: number; value: T; since: KeptSince<T>; writing: KeptSince<T> }
type Written = { readonly place: number; readonly atMs: number; readonly plain: unknown }

/** For `resource.shelf`. */
export const keptShelf =
  <T extends { readonly id: string }>(kind: KeptKind<T>) =>
  (live: LiveResource): KeptShelf<T> => {
    const { clock, config, keeping } = live
    const {
      bytesOf = usualBytes,
      bounds = usualBounds,
      encode = asItIs,
      decode = asItIs as (plain: unknown) => T,
    } = kind
    const tell = (id: string, how: KeptChange) => keeping?.changed(port, id, how)
    let isQuiet = false
    const quietly = <T>(work: () => T): T => {
      isQuiet = true
      try {
        return work()
      } finally {
        isQuiet = false
      }
    }
    const store = new BoundedStore<Entry<T>>(
      clock,
      () => bounds(config()),
      ({ value }, id) => {
        kind.dropped?.(value)
        if (!isQuiet) tell(id, 'dropped')
      },
    )
    let lastPlace = 0
    const add = (value: T, entry: Omit<Entry<T>, 'value'>, atMs?: number) => {
      // One that is in its own place is not dropped by the way.
      quietly(() => store.delete(value.id))
      store.put(value.id, { ...entry, value }, bytesOf(value), atMs)
      if (store.get(value.id)) kind.added?.(value)
    }
    const takeIn = (plain: unknown, choose: (theirs: T) => T) => {
      const { place, atMs, plain: inner } = plain as Written
      const theirs = decode(inner, live)
      lastPlace = Math.max(lastPlace, place)
      const since = { value: theirs, atMs: clock.now() }
      add(choose(theirs), { place, since, writing: since }, atMs)
    }
    const port: Port = {
      kind: kind.kind,
      ids: kind.ids,
      near: kind.near && ((text) => kind.near?.(text, live) ?? []),
      watchMs: kind.watchMs,
      has: (id) => store.get(id) !== undefined,
      encode(id) {
        const entry = store.get(id)
        if (!entry) return undefined
        entry.writing = { value: entry.value, atMs: clock.now() }
        return { place: entry.place, atMs: store.putAtMs(id), plain: encode(entry.value) } satisfies Written
      },
      written(id) {
        const entry = store.get(id)
        if (entry) entry.since = entry.writing
      },
      take: (_id, plain) => takeIn(plain, (theirs) => theirs),
      merge(id, plain) {
        const mine = store.get(id)
        takeIn(plain, (theirs) => {
          if (!mine) return theirs
          return kind.merge ? kind.merge(mine.value, theirs, mine.since) : mine.value
        })
      },
      drop: (id) => void quietly(() => store.delete(id)),
      needs: (id) => {
        const { needs } = kind
        const entry = needs ? store.get(id) : undefined
        return needs && entry ? needs(entry.value) : ''
      },
      bounds: () => bounds(config()),
    }
    return {
      port,
      put(value) {
        const known = store.get(value.id)
        const place = known?.place ?? (lastPlace = Math.max(lastPlace + 1, clock.now() * 1_000))
        const since = known?.since ?? { value: undefined, atMs: -Infinity }
        add(value, { place, since, writing: since })
        if (keeping && store.get(value.id)) tell(value.id, 'written')
      },
      changed: (id) => {
        if (keeping && store.get(id)) tell(id, 'written')
      },
      get: (id) => store.get(id)?.value,
      delete(id) {
        const was = quietly(() => store.delete(id))
        if (was) tell(id, 'deleted')
        return was
      },
      all: () =>
        store
          .entries()
          .map(([, entry]) => entry)
          .sort((a, b) => a.place - b.place)
          .map(({ value }) => value),
    }
  }

const usualBounds = ({ kept }: Config): Bounds => kept
const usualBytes = (value: unknown): number => 100 + sizeOf(value)
const asItIs = (value: unknown): unknown => value

/** Of two states of a list by id: what either has added since, without what either has taken out. */
export function mergedById<V extends object>(
  mine: ReadonlyMap<string, V>,
  theirs: ReadonlyMap<string, V>,
  { atMs }: KeptSince<unknown>,
  madeAtMs: (value: V) => number,
): Map<string, V> {
  const isNew = (value: V) => madeAtMs(value) >= atMs
  const merged = new Map([...mine].filter(([id, value]) => theirs.has(id) || isNew(value)))
  for (const [id, value] of theirs) if (!mine.has(id) && isNew(value)) merged.set(id, value)
  return merged
}
