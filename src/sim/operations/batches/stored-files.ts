/** The files that a resource keeps. */
import { BoundedStore } from '../../base/bounded-store.ts'
import { hexText, uuid } from '../../random.ts'
import type { LiveResource } from '../../operation.ts'
import type { Surface } from '../../types.ts'

export type StoredFile = {
  readonly id: string
  readonly bytes: Uint8Array
  readonly filename: string
  readonly purpose: string
  readonly createdAtMs: number
  /** When it has been looked through, and is of use. */
  readonly processedAtMs: number
  readonly expiresAtMs: number | undefined
}

export type NewFile = {
  readonly bytes: Uint8Array
  readonly filename: string
  readonly purpose: string
  readonly expiresAfterMs?: number | undefined
  /** Made by the service itself: it needs no looking through. */
  readonly isOutput?: boolean
}

export type StoredFiles = {
  readonly add: (file: NewFile) => StoredFile
  readonly get: (id: string) => StoredFile | undefined
  readonly delete: (id: string) => boolean
  /** Oldest first. */
  readonly all: () => readonly StoredFile[]
}

/** For `resource.shelf`. */
export function storedFiles({ clock, random, config }: LiveResource): StoredFiles {
  const store = new BoundedStore<StoredFile>(clock, () => {
    const { maxFiles, maxBytes, lifetimeMs } = config().files
    return { maxEntries: maxFiles, maxBytes, lifetimeMs }
  })
  const isThere = (file: StoredFile | undefined): file is StoredFile =>
    file !== undefined && (file.expiresAtMs ?? Infinity) > clock.now()

  return {
    add({ bytes, filename, purpose, expiresAfterMs, isOutput = false }) {
      const createdAtMs = clock.now()
      const file: StoredFile = {
        // The service's own files have an id with dashes (documented example).
        id: `file-${isOutput ? uuid(random) : hexText(random, 32)}`,
        bytes,
        filename,
        purpose,
        createdAtMs,
        processedAtMs: createdAtMs + (isOutput ? 0 : config().files.processTimeMs),
        expiresAtMs: expiresAfterMs === undefined ? undefined : createdAtMs + expiresAfterMs,
      }
      store.put(file.id, file, bytes.length)
      return file
    },
    get(id) {
      const file = store.get(id)
      if (isThere(file)) return file
      store.delete(id)
      return undefined
    },
    delete: (id) => store.delete(id),
    all: () =>
      store
        .entries()
        .map(([, file]) => file)
        .filter(isThere),
  }
}

export const toSeconds = (ms: number) => Math.floor(ms / 1000)

/** Keys as documented for both surfaces (2024-10-21, and v1). */
export const describeFile = (file: StoredFile, nowMs: number, surface: Surface) => ({
  status: nowMs >= file.processedAtMs ? 'processed' : surface === 'v1' ? 'uploaded' : 'pending',
  bytes: file.bytes.length,
  purpose: file.purpose,
  filename: file.filename,
  expires_at: file.expiresAtMs === undefined ? null : toSeconds(file.expiresAtMs),
  id: file.id,
  created_at: toSeconds(file.createdAtMs),
  status_details: null,
  object: 'file',
})
