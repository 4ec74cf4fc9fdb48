/** Vector stores: to make, list, read, change, delete and search. */
import { base62Text } from '../../random.ts'
import { storedFiles } from '../../kept/stored-files.ts'
import { addFile, search, type VectorStore, vectorStoreShelf, vectorStoresOf } from '../../kept/vector-stores.ts'
import { steppedFor } from '../../http/call-slices.ts'
import type { ResourceOperation } from '../../operation.ts'
import { refuseMetadata } from '../parts/body-fields.ts'
import { bodyJson, bodyOf } from '../parts/json-body.ts'
import { listOf, pageOf } from '../parts/page.ts'
import { changing, chunkingOf, creating, fileToAdd, refuseDeepFilters, searching } from './bodies.ts'
import { namedStore, plan, toldStore } from './named.ts'

const shared = { scope: 'resource', backEnd: 'vectorStores', keeps: [vectorStoreShelf, storedFiles] } as const

export const vectorStoreCreate: ResourceOperation = {
  ...shared,
  name: 'VectorStores_Create',
  accepts: { json: creating },
  method: 'POST',
  path: '/vector_stores',
  answer: (call) => {
    const { resource } = call
    const asked = bodyOf(creating(), call)
    refuseMetadata(asked.metadata)
    const chunking = chunkingOf(asked.chunking_strategy)
    const files = (asked.file_ids ?? []).map((id) => fileToAdd(call, id))
    const nowMs = resource.clock.now()
    const store: VectorStore = {
      id: `vs_${base62Text(resource.random, 24)}`,
      createdAtMs: nowMs,
      name: asked.name ?? null,
      metadata: asked.metadata ?? {},
      expiresAfterDays: asked.expires_after?.days,
      lastActiveAtMs: nowMs,
      files: new Map(),
      batches: new Map(),
    }
    vectorStoresOf(resource).put(store)
    for (const file of files) addFile(resource.live, store, { file, chunking, attributes: {} })
    return plan(toldStore(call)(store))
  },
}

export const vectorStoreList: ResourceOperation = {
  ...shared,
  name: 'VectorStores_List',
  lists: [vectorStoreShelf],
  method: 'GET',
  path: '/vector_stores',
  answer: (call) =>
    plan(
      listOf(
        pageOf(vectorStoresOf(call.resource).all(), call.wire.target.query, { usual: 20, max: 100, takesBefore: true }),
        toldStore(call),
      ),
    ),
}

export const vectorStoreGet: ResourceOperation = {
  ...shared,
  name: 'VectorStores_Get',
  method: 'GET',
  path: '/vector_stores/{store}',
  answer: (call) => plan(toldStore(call)(namedStore(call))),
}

export const vectorStoreUpdate: ResourceOperation = {
  ...shared,
  name: 'VectorStores_Update',
  accepts: { json: changing },
  method: 'POST',
  path: '/vector_stores/{store}',
  answer: (call) => {
    const store = namedStore(call)
    const asked = bodyOf(changing(), call)
    refuseMetadata(asked.metadata)
    if (asked.name !== undefined) store.name = asked.name
    if (asked.metadata) store.metadata = asked.metadata
    if (asked.expires_after !== undefined) store.expiresAfterDays = asked.expires_after?.days
    vectorStoresOf(call.resource).put(store)
    return plan(toldStore(call)(store))
  },
}

export const vectorStoreDelete: ResourceOperation = {
  ...shared,
  name: 'VectorStores_Delete',
  method: 'DELETE',
  path: '/vector_stores/{store}',
  answer: (call) => {
    const { id } = namedStore(call)
    vectorStoresOf(call.resource).delete(id)
    return plan({ id, object: 'vector_store.deleted', deleted: true })
  },
}

export const vectorStoreSearch: ResourceOperation = {
  ...shared,
  name: 'VectorStores_Search',
  accepts: { json: searching },
  method: 'POST',
  path: '/vector_stores/{store}/search',
  answer: async (call) => {
    const store = namedStore(call)
    refuseDeepFilters(bodyJson(call)['filters'])
    const asked = bodyOf(searching(), call)
    const queries = typeof asked.query === 'string' ? [asked.query] : asked.query
    const wanted = {
      queries,
      maxResults: asked.max_num_results ?? 10,
      filter: asked.filters,
      minScore: asked.ranking_options?.score_threshold ?? 0,
    }
    const found = await steppedFor(call, () => search([store], wanted, call.resource))
    const data = found.map(({ fileId, filename, score, attributes, text }) => ({
      file_id: fileId,
      filename,
      score,
      attributes,
      content: [{ type: 'text', text }],
    }))
    return plan({
      object: 'vector_store.search_results.page',
      search_query: queries,
      data,
      has_more: false,
      next_page: null,
    })
  },
}
