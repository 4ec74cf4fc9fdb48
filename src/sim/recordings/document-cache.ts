/** Documents that were read, up to a bound of memory, each asked about again when its store says that it may be old. */
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { RecordingStore } from './store.ts'

export type Parsed<T> = { readonly value: T; readonly sizeBytes: number }

export type DocumentCache<T> = {
  /** `undefined` where there is none, and where it cannot be read, which is told once for each state it is in. */
  readonly load: (name: string) => Promise<T | undefined>
  /** To be asked for anew at the next use. */
  readonly forget: (name: string) => void
}

type Entry<T> = {
  readonly tag: string | undefined
  readonly value: T | undefined
  readonly sizeBytes: number
  checkedAtMs: number
}

export type DocumentCacheOptions<T> = {
  readonly store: RecordingStore
  readonly clock: Clock
  readonly maxBytes: number
  readonly log: Log
  readonly parse: (name: string, bytes: Uint8Array) => Promise<Parsed<T>> | Parsed<T>
}

/** Of the entry itself, with its name. */
const entryBytes = 300

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
    const checkedAtMs = clock.now()
    const found = await store.read(name, known?.tag)
    if (found === 'unchanged' && known) return { ...known, checkedAtMs }
    if (found === undefined || found === 'unchanged') {
      return { tag: undefined, value: undefined, sizeBytes: entryBytes, checkedAtMs }
    }
    const { tag } = found
    try {
      const { value, sizeBytes } = await parse(name, found.bytes)
      return { tag, value, sizeBytes: sizeBytes + entryBytes, checkedAtMs }
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0]
      log.warn(`The recording ${name} in ${store.label} cannot be read and is passed over: ${reason ?? ''}`)
      return { tag, value: undefined, sizeBytes: entryBytes, checkedAtMs }
    }
  }

  return {
    load: (name) => {
      const known = entries.get(name)
      if (known && clock.now() - known.checkedAtMs < store.freshMs) {
        entries.delete(name)
        entries.set(name, known)
        return Promise.resolve(known.value)
      }
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
    },
    forget: (name) => {
      drop(name)
      running.delete(name)
    },
  }
}
