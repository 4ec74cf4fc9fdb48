/** The files that a resource keeps, in two services of their own: those of assistants, and those of batches and fine-tuning. */
import { keptShelf } from '../base/kept-shelf.ts'
import type { Port } from '../base/keeping.ts'
import { base62Text, hexText, uuid } from '../random.ts'
import type { LiveResource } from '../operation.ts'
import { lookThrough } from './fine-tuning-file.ts'

export type StoredFile = {
  readonly id: string
  readonly bytes: Uint8Array
  readonly filename: string
  readonly purpose: string
  readonly createdAtMs: number
  /** When it has been looked through, and is of use. */
  readonly processedAtMs: number
  /** What was found to be wrong with it then. */
  readonly fault: string | undefined
  readonly expiresAtMs: number | undefined
}

export type NewFile = {
  readonly bytes: Uint8Array
  readonly filename: string
  readonly purpose: string
  readonly expiresAfterMs?: number | undefined
}

export type StoredFiles = {
  readonly add: (file: NewFile) => StoredFile
  readonly get: (id: string) => StoredFile | undefined
  readonly delete: (id: string) => boolean
  /** Oldest first. */
  readonly all: () => readonly StoredFile[]
  readonly port: Port
}

const jobPurposes: readonly string[] = ['batch', 'batch_output', 'fine-tune', 'fine-tune-results']

/** Whose service keeps it: the one of batches and fine-tuning, or that of assistants. */
export const isOfJobs = (purpose: string) => jobPurposes.includes(purpose)

/** By its id, which is all that is known of a file that is gone. */
export const isJobFileId = (id: string) => id.startsWith('file-')

const shelved = keptShelf<StoredFile>({
  kind: 'files',
  ids: /\b(?:file|assistant)-[0-9A-Za-z][0-9A-Za-z-]{20,40}\b/g,
  bytesOf: ({ bytes }) => bytes.length,
  bounds: ({ files: { maxFiles, maxBytes, lifetimeMs } }) => ({ maxEntries: maxFiles, maxBytes, lifetimeMs }),
})

/** For `resource.shelf`. */
export function storedFiles(live: LiveResource): StoredFiles {
  const { clock, random, config } = live
  const store = shelved(live)
  const isThere = (file: StoredFile | undefined): file is StoredFile =>
    file !== undefined && (file.expiresAtMs ?? Infinity) > clock.now()
  /** Ids as recorded, 2025 and 2026: those of a batch's own files have dashes. */
  const idOf = (purpose: string) => {
    if (!isOfJobs(purpose)) return `assistant-${base62Text(random, 22)}`
    return `file-${purpose === 'batch_output' ? uuid(random) : hexText(random, 32)}`
  }

  return {
    add({ bytes, filename, purpose, expiresAfterMs }) {
      const createdAtMs = clock.now()
      const fault = purpose === 'fine-tune' ? lookThrough(bytes) : undefined
      const file: StoredFile = {
        id: idOf(purpose),
        bytes,
        filename,
        purpose,
        createdAtMs,
        // Only what a model is tuned with takes a while, unless its fault is found before (recorded since January 2025).
        processedAtMs: createdAtMs + (purpose === 'fine-tune' && !fault ? config().files.processTimeMs : 0),
        fault,
        expiresAtMs: expiresAfterMs === undefined ? undefined : createdAtMs + expiresAfterMs,
      }
      store.put(file)
      return file
    },
    get(id) {
      const file = store.get(id)
      if (isThere(file)) return file
      store.delete(id)
      return undefined
    },
    delete: (id) => store.delete(id),
    all: () => store.all().filter(isThere),
    port: store.port,
  }
}

export const toSeconds = (ms: number) => Math.floor(ms / 1000)

const statusOf = ({ processedAtMs, fault }: StoredFile, nowMs: number) =>
  nowMs < processedAtMs ? 'pending' : fault === undefined ? 'processed' : 'error'

/** As the service that keeps it tells of it (recorded December 2024 to March 2026). */
export const describeFile = (file: StoredFile, nowMs: number): object =>
  isOfJobs(file.purpose) ? describeJobFile(file, statusOf(file, nowMs)) : describeAsListed(file, nowMs)

/** Just uploaded: what a model is tuned with has not been looked through yet. */
export const describeNewFile = (file: StoredFile, nowMs: number): object =>
  file.purpose === 'fine-tune' ? describeJobFile(file, 'pending') : describeFile(file, nowMs)

/** It tells when a file expires only where that was asked for (documented, March 2025). */
const describeJobFile = (file: StoredFile, status: string) => ({
  ...(status === 'error' && { status_details: file.fault }),
  status,
  bytes: file.bytes.length,
  purpose: file.purpose,
  filename: file.filename,
  ...(file.expiresAtMs !== undefined && { expires_at: toSeconds(file.expiresAtMs) }),
  id: file.id,
  created_at: toSeconds(file.createdAtMs),
  object: 'file',
})

/** As assistants' files are told of, and every file in a list. */
export const describeAsListed = (file: StoredFile, nowMs: number) => ({
  object: 'file',
  id: file.id,
  purpose: file.purpose,
  filename: file.filename,
  bytes: file.bytes.length,
  created_at: toSeconds(file.createdAtMs),
  expires_at: file.expiresAtMs === undefined ? null : toSeconds(file.expiresAtMs),
  status: statusOf(file, nowMs),
  status_details: null,
})
