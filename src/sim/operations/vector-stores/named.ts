/** The store, the file and the batch that a path names, and how each is told (recorded November 2024 to March 2026). */
import { batchOfFilesNotFound, storeFileNotFound, storeNotFound, wrongStoreId } from '../../errors/vector-stores.ts'
import type { AnyCall } from '../../operation.ts'
import type { Plan } from '../../types.ts'
import {
  countsOf,
  expiryOf,
  type FileBatch,
  resumeReading,
  fileStatusOf,
  type StoreFile,
  fileUsageOf,
  type VectorStore,
  vectorStoresOf,
} from '../../kept/vector-stores.ts'
import { storedFiles, toSeconds } from '../../kept/stored-files.ts'
import { jsonPlan } from '../parts/whole-plan.ts'

export const plan = (body: object): Plan => jsonPlan(body, { backEnd: 'vectorStores' })

export function namedStore(call: AnyCall): VectorStore {
  const id = call.match.params['store'] ?? ''
  if (!id.startsWith('vs')) throw wrongStoreId(id)
  const store = vectorStoresOf(call.resource).get(id)
  if (!store) throw storeNotFound(id)
  resumeReading(call.resource.live, store)
  return store
}

/** A file that was deleted from the resource is not in its stores any more. */
export function namedFile(call: AnyCall): { readonly store: VectorStore; readonly file: StoreFile } {
  const store = namedStore(call)
  const id = call.match.params['file'] ?? ''
  const file = store.files.get(id)
  if (!file || !isThere(call)(file)) throw storeFileNotFound(id, store.id)
  return { store, file }
}

const isThere = ({ resource }: AnyCall) => {
  const files = resource.shelf(storedFiles)
  return ({ id }: StoreFile) => files.get(id) !== undefined
}

export function namedBatch(call: AnyCall): { readonly store: VectorStore; readonly batch: FileBatch } {
  const store = namedStore(call)
  const id = call.match.params['batch'] ?? ''
  const batch = store.batches.get(id)
  if (!batch) throw batchOfFilesNotFound(id)
  return { store, batch }
}

export const filesIn = (call: AnyCall, store: VectorStore): readonly StoreFile[] =>
  [...store.files.values()].filter(isThere(call))

export const toldStore =
  (call: AnyCall) =>
  (store: VectorStore): object => {
    const nowMs = call.resource.clock.now()
    const files = filesIn(call, store)
    const expiresAtMs = expiryOf(store)
    const counts = countsOf(files, nowMs)
    const isExpired = expiresAtMs !== undefined && expiresAtMs <= nowMs
    return {
      id: store.id,
      object: 'vector_store',
      name: store.name,
      status: isExpired ? 'expired' : counts.in_progress > 0 ? 'in_progress' : 'completed',
      usage_bytes: files.reduce((sum, file) => sum + fileUsageOf(file, nowMs), 0),
      created_at: toSeconds(store.createdAtMs),
      file_counts: counts,
      metadata: store.metadata,
      expires_after:
        store.expiresAfterDays === undefined ? null : { anchor: 'last_active_at', days: store.expiresAfterDays },
      expires_at: expiresAtMs === undefined ? null : toSeconds(expiresAtMs),
      last_active_at: toSeconds(store.lastActiveAtMs),
    }
  }

/** Files of a batch have fewer fields (recorded April 2025). */
export const toldFile =
  (call: AnyCall, store: VectorStore, isShort = false) =>
  (file: StoreFile): object => {
    const nowMs = call.resource.clock.now()
    const status = fileStatusOf(file, nowMs)
    const fault = status === 'failed' && file.read && 'fault' in file.read ? file.read.fault : undefined
    const { maxTokens, overlapTokens } = file.chunking
    return {
      id: file.id,
      object: 'vector_store.file',
      ...(!isShort && { usage_bytes: fileUsageOf(file, nowMs) }),
      created_at: toSeconds(file.addedAtMs),
      vector_store_id: store.id,
      status,
      last_error: fault === undefined ? null : { code: 'invalid_file', message: fault },
      ...(!isShort && {
        chunking_strategy: {
          type: 'static',
          static: { max_chunk_size_tokens: maxTokens, chunk_overlap_tokens: overlapTokens },
        },
      }),
      ...(Object.keys(file.attributes).length > 0 && { attributes: file.attributes }),
    }
  }

export function toldBatch(call: AnyCall, store: VectorStore, batch: FileBatch): object {
  const counts = countsOf(
    filesIn(call, store).filter(({ batchId }) => batchId === batch.id),
    call.resource.clock.now(),
  )
  const ended =
    counts.total > 0 && counts.failed === counts.total ? 'failed' : batch.isCancelled ? 'cancelled' : 'completed'
  return {
    id: batch.id,
    object: 'vector_store.file_batch',
    created_at: toSeconds(batch.createdAtMs),
    status: counts.in_progress > 0 ? 'in_progress' : ended,
    vector_store_id: store.id,
    file_counts: counts,
  }
}
