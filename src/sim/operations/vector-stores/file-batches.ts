/** Files that are added to a vector store together. */
import { invalidValue } from '../../errors.ts'
import { hexText } from '../../random.ts'
import { storedFiles } from '../../kept/stored-files.ts'
import { addFile, type FileBatch, vectorStoreShelf, vectorStoresOf } from '../../kept/vector-stores.ts'
import type { ResourceOperation } from '../../operation.ts'
import { bodyOf } from '../parts/json-body.ts'
import { listOf, pageOf } from '../parts/page.ts'
import { addingMany, attributesOf, chunkingOf, fileToAdd } from './bodies.ts'
import { filesIn, namedBatch, namedStore, plan, toldBatch, toldFile } from './named.ts'

const shared = { scope: 'resource', backEnd: 'vectorStores', keeps: [vectorStoreShelf, storedFiles] } as const

export const fileBatchCreate: ResourceOperation = {
  ...shared,
  name: 'VectorStoreFileBatches_Create',
  accepts: { json: addingMany },
  method: 'POST',
  path: '/vector_stores/{store}/file_batches',
  answer: (call) => {
    const { resource } = call
    const store = namedStore(call)
    const asked = bodyOf(addingMany(), call)
    const all = asked.files ?? asked.file_ids?.map((file_id) => ({ ...asked, file_id }))
    if (!all || (asked.files && asked.file_ids))
      throw invalidValue('file_ids', "Exactly one of 'file_ids' and 'files' is required.", 'missing_required_parameter')
    const files = all.map(({ file_id: id, attributes, chunking_strategy: strategy }) => ({
      file: fileToAdd(call, id),
      attributes: attributesOf(attributes),
      chunking: chunkingOf(strategy),
    }))
    const batch: FileBatch = {
      id: `vsfb_${hexText(resource.random, 32)}`,
      createdAtMs: resource.clock.now(),
      isCancelled: false,
    }
    store.batches.set(batch.id, batch)
    for (const oldest of store.batches.keys()) {
      if (store.batches.size <= maxBatches) break
      store.batches.delete(oldest)
    }
    vectorStoresOf(resource).changed(store.id)
    for (const one of files) addFile(resource.live, store, { ...one, batchId: batch.id })
    return plan(toldBatch(call, store, batch))
  },
}

export const fileBatchGet: ResourceOperation = {
  ...shared,
  name: 'VectorStoreFileBatches_Get',
  method: 'GET',
  path: '/vector_stores/{store}/file_batches/{batch}',
  answer: (call) => {
    const { store, batch } = namedBatch(call)
    return plan(toldBatch(call, store, batch))
  },
}

export const fileBatchCancel: ResourceOperation = {
  ...shared,
  name: 'VectorStoreFileBatches_Cancel',
  method: 'POST',
  path: '/vector_stores/{store}/file_batches/{batch}/cancel',
  answer: (call) => {
    const { store, batch } = namedBatch(call)
    const nowMs = call.resource.clock.now()
    for (const file of filesIn(call, store)) {
      if (file.batchId !== batch.id) continue
      const { read } = file
      if (read && 'fault' in read) file.dueAtMs = Math.min(file.dueAtMs, nowMs)
      else if (!read || nowMs < file.dueAtMs) file.isCancelled = batch.isCancelled = true
    }
    vectorStoresOf(call.resource).changed(store.id)
    return plan(toldBatch(call, store, batch))
  },
}

export const fileBatchFiles: ResourceOperation = {
  ...shared,
  name: 'VectorStoreFileBatches_ListFiles',
  method: 'GET',
  path: '/vector_stores/{store}/file_batches/{batch}/files',
  answer: (call) => {
    const { store, batch } = namedBatch(call)
    const files = filesIn(call, store).filter(({ batchId }) => batchId === batch.id)
    return plan(
      listOf(
        pageOf(files, call.wire.target.query, { usual: 20, max: 100, takesBefore: true }),
        toldFile(call, store, true),
      ),
    )
  },
}

/** The oldest are forgotten; their files stay. */
const maxBatches = 1_000
