/** The files of a vector store: to add, list, read, note of, and take out. */
import { invalidValue, listed } from '../../errors.ts'
import { storedFiles } from '../../kept/stored-files.ts'
import { addFile, fileStatusOf, vectorStoreShelf, vectorStoresOf } from '../../kept/vector-stores.ts'
import type { ResourceOperation } from '../../operation.ts'
import { bodyOf } from '../parts/json-body.ts'
import { listOf, pageOf } from '../parts/page.ts'
import { adding, attributesOf, chunkingOf, fileToAdd, noting } from './bodies.ts'
import { filesIn, namedFile, namedStore, plan, toldFile } from './named.ts'

const fileStates: readonly string[] = ['in_progress', 'completed', 'failed', 'cancelled']

const shared = { scope: 'resource', backEnd: 'vectorStores', keeps: [vectorStoreShelf, storedFiles] } as const

export const storeFileCreate: ResourceOperation = {
  ...shared,
  name: 'VectorStoreFiles_Create',
  accepts: { json: adding },
  method: 'POST',
  path: '/vector_stores/{store}/files',
  answer: (call) => {
    const store = namedStore(call)
    const asked = bodyOf(adding(), call)
    const chunking = chunkingOf(asked.chunking_strategy)
    const file = fileToAdd(call, asked.file_id)
    const added = addFile(call.resource.live, store, { file, chunking, attributes: attributesOf(asked.attributes) })
    return plan(toldFile(call, store)(added))
  },
}

export const storeFileList: ResourceOperation = {
  ...shared,
  name: 'VectorStoreFiles_List',
  method: 'GET',
  path: '/vector_stores/{store}/files',
  answer: (call) => {
    const store = namedStore(call)
    const { query } = call.wire.target
    const status = query.get('filter')
    if (status !== null && !fileStates.includes(status)) throw invalidValue('filter', unknownState(status))
    const nowMs = call.resource.clock.now()
    const files = filesIn(call, store).filter((file) => status === null || fileStatusOf(file, nowMs) === status)
    return plan(listOf(pageOf(files, query, { usual: 20, max: 100, takesBefore: true }), toldFile(call, store)))
  },
}

const unknownState = (given: string) =>
  `Invalid value: '${given}'. Supported values are: ${listed(
    fileStates.map((one) => `'${one}'`),
    'and',
  )}.`

export const storeFileGet: ResourceOperation = {
  ...shared,
  name: 'VectorStoreFiles_Get',
  method: 'GET',
  path: '/vector_stores/{store}/files/{file}',
  answer: (call) => {
    const { store, file } = namedFile(call)
    return plan(toldFile(call, store)(file))
  },
}

export const storeFileUpdate: ResourceOperation = {
  ...shared,
  name: 'VectorStoreFiles_Update',
  accepts: { json: noting },
  method: 'POST',
  path: '/vector_stores/{store}/files/{file}',
  answer: (call) => {
    const { store, file } = namedFile(call)
    file.attributes = attributesOf(bodyOf(noting(), call).attributes)
    vectorStoresOf(call.resource).put(store)
    return plan(toldFile(call, store)(file))
  },
}

export const storeFileDelete: ResourceOperation = {
  ...shared,
  name: 'VectorStoreFiles_Delete',
  method: 'DELETE',
  path: '/vector_stores/{store}/files/{file}',
  answer: (call) => {
    const { store, file } = namedFile(call)
    store.files.delete(file.id)
    vectorStoresOf(call.resource).put(store)
    return plan({ id: file.id, object: 'vector_store.file.deleted', deleted: true })
  },
}

export const storeFileContent: ResourceOperation = {
  ...shared,
  name: 'VectorStoreFiles_GetContent',
  method: 'GET',
  path: '/vector_stores/{store}/files/{file}/content',
  answer: (call) => {
    const { file } = namedFile(call)
    const isRead = fileStatusOf(file, call.resource.clock.now()) === 'completed'
    const passages = isRead && file.read && 'passages' in file.read ? file.read.passages : []
    return plan({
      object: 'vector_store.file_content.page',
      data: passages.map(({ text }) => ({ type: 'text', text })),
      has_more: false,
      next_page: null,
    })
  },
}
