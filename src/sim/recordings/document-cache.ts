/** Documents that were read, up to a bound of memory, each asked about again when its store says that it may be old. */
import type { Clock } from '../clock.ts'
import type { Log } from '../base/log.ts'
import { inTime, Late } from '../base/in-time.ts'
import { StoreError } from '../storage/store-error.ts'
import type { RecordingStore } from './store.ts'
import { firstLine } from './reader.ts'

export type ParsedDocument<T> = {
  readonly value: T
  readonly sizeBytes: number
  /** What of it cannot be read, where the rest can. */
  readonly problems: readonly string[]
}

export type DocumentCache<T> = {
  /** `undefined` where there is none, and where it cannot be read, which is told once for each state it is in. */
  readonly load: (name: string) => Promise<T | undefined>
  /** What of a document could not be read when it was loaded. */
  readonly problems: (name: string) => readonly string[]
  /** To be asked for anew at the next use. */
  readonly forget: (name: string) => void
}

type Entry<T> = {
  readonly tag: string | undefined
  readonly value: T | undefined
  readonly problems: readonly string[]
  readonly sizeBytes: number
  readonly checkedAtMs: number
  /** The store's, from before it was asked. */
  readonly mark: number | undefined
}

export type DocumentCacheOptions<T> = {
  readonly store: RecordingStore
  readonly clock: Clock
  readonly maxBytes: number
  readonly log: Log
  readonly parse: (name: string, bytes: Uint8Array) => Promise<ParsedDocument<T>> | ParsedDocument<T>
}

/** A store that hangs is one that is away. */
const maxWaitMs = 15_000
/** Of the entry itself, with its name. */
const entryBytes = 300
/** For how long a mark is believed: of some changes, on a file system that is shared, nobody tells. */
const markedMs = 1_000

export function documentCache<T>(options: DocumentCacheOptions<T>): DocumentCache<T> {
  const { store, clock, maxBytes, log, parse } = options
  /** Least recently used first. */
  const entries = new Map<string, Entry<T>>()
  const running = new Map<string, Promise<T | undefined>>()
  let heldBytes = 0

  const drop = (name: string) => {
    heldBytes -= entries.get(name)?.sizeBytes ?? 0
    entries.delete(name)
  }
  const keep = (name: string, entry: Entry<T>) => {
    drop(name)
    // One that would drive out most others is read at each use.
    if (entry.sizeBytes > maxBytes / 2) return
    entries.set(name, entry)
    heldBytes += entry.sizeBytes
    for (const oldest of entries.keys()) {
      if (heldBytes <= maxBytes) break
      drop(oldest)
    }
  }

  const read = async (name: string, known: Entry<T> | undefined): Promise<Entry<T>> => {
    const state = { checkedAtMs: clock.now(), mark: store.mark?.(name) }
    const found = await inTime(clock, maxWaitMs, store.read(name, known?.tag)).catch((error: unknown) => {
      if (error instanceof Late) throw new StoreError(`Could not read recordings in ${store.label}: ${error.message}`)
      throw error
    })
    if (found === 'unchanged' && known) return { ...known, ...state }
    if (found === undefined || found === 'unchanged') {
      return { tag: undefined, value: undefined, problems: [], sizeBytes: entryBytes, ...state }
    }
    const { tag } = found
    try {
      const { value, sizeBytes, problems } = await parse(name, found.bytes)
      for (const problem of problems) {
        log.warn(`A part of the recording ${name} in ${store.label} cannot be read and is passed over: ${problem}`)
      }
      return { tag, value, problems, sizeBytes: sizeBytes + entryBytes, ...state }
    } catch (error) {
      const reason = firstLine(error)
      log.warn(`The recording ${name} in ${store.label} cannot be read and is passed over: ${reason}`)
      return { tag, value: undefined, problems: [reason], sizeBytes: entryBytes, ...state }
    }
  }

  const used = (name: string, entry: Entry<T>): T | undefined => {
    entries.delete(name)
    entries.set(name, entry)
    return entry.value
  }

  const ask = (name: string, known: Entry<T> | undefined): Promise<T | undefined> => {
    const already = running.get(name)
    if (already) return already
    const reading = read(name, known).then(
      (entry) => {
        // What was forgotten meanwhile may have been read before it changed.
        if (running.get(name) === reading) {
          running.delete(name)
          keep(name, entry)
        }
        return entry.value
      },
      (error: unknown) => {
        if (running.get(name) === reading) running.delete(name)
        throw error
      },
    )
    running.set(name, reading)
    return reading
  }

  return {
    load: async (name) => {
      const known = entries.get(name)
      if (known === undefined) return ask(name, undefined)
      const ageMs = clock.now() - known.checkedAtMs
      if (ageMs < store.freshMs) return used(name, known)
      if (known.mark === undefined || ageMs >= markedMs) return ask(name, known)
      // A change from before the request was told of before it, or together with it.
      await turn()
      const now = entries.get(name)
      const holds = now?.mark !== undefined && now.mark === store.mark?.(name)
      return holds ? used(name, now) : ask(name, now)
    },
    problems: (name) => entries.get(name)?.problems ?? [],
    forget: (name) => {
      drop(name)
      running.delete(name)
    },
  }
}

let nextTurn: Promise<void> | undefined

/** The end of the event loop's turn, one for all who wait for it: by then all is heard that had come when it began. */
function turn(): Promise<void> {
  return (nextTurn ??= new Promise((resolve) => {
    setImmediate(() => {
      nextTurn = undefined
      resolve()
    })
  }))
}
