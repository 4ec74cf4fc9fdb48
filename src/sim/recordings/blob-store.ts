/** Recordings in a Blob container, which any number of instances may share. */
import type { Clock } from '../clock.ts'
import {
  bareTag,
  type ContainerAddress,
  download,
  openContainer,
  httpStatusOf,
  upload,
} from '../storage/blob-container.ts'
import { checkName, isName } from './name.ts'
import type { RecordingStore } from './store.ts'
import { codeOf } from '../base/reason.ts'

export type BlobStoreOptions = {
  readonly address: ContainerAddress
  readonly clock: Clock
  /** Of one operation with all its retries. */
  readonly timeoutMs?: number
  /** How old an answer may be that is believed without asking again. */
  readonly freshMs?: number
}

/** The container is made with the first document. */
export function blobStore({ address, clock, timeoutMs = 10_000, freshMs = 2_000 }: BlobStoreOptions): RecordingStore {
  const container = openContainer({ address, content: 'recordings', clock, timeoutMs })
  const { label, client, bounded } = container
  const write = (name: string, bytes: Uint8Array, over: string | undefined) =>
    bounded('write', async (signal) => {
      const contentType = name.endsWith('.yaml') ? 'text/yaml; charset=utf-8' : 'application/octet-stream'
      return (await upload(container, checkName(name), { bytes, contentType, over }, signal)) !== undefined
    })

  return {
    label,
    freshMs,

    read: (name, knownTag) =>
      bounded('read', async (signal) =>
        download((await client()).getBlockBlobClient(checkName(name)), knownTag, signal),
      ),

    absence: () =>
      bounded('read', async (abortSignal) => {
        const isThere = await (await client()).exists({ abortSignal })
        return isThere ? undefined : `The container ${label} does not exist`
      }),
    create: (name, bytes) => write(name, bytes, undefined),
    replace: write,

    list: async function* (prefix = '') {
      // `try` on each page and not on all: what the caller throws is its own.
      const listing = new AbortController()
      const { signal: abortSignal } = listing
      const pages = (await bounded('list', client)).listBlobsFlat({ prefix, abortSignal }).byPage({ maxPageSize: 1000 })
      for (;;) {
        const page = await bounded('list', async (signal) => {
          signal.addEventListener('abort', () => listing.abort(), { once: true })
          try {
            return await pages.next()
          } catch (error) {
            if (codeOf(error) === 'ContainerNotFound') return { done: true as const, value: undefined }
            throw error
          }
        })
        if (page.done) return
        for (const { name, properties } of page.value.segment.blobItems) {
          if (isName(name)) yield { name, tag: bareTag(properties.etag), bytes: properties.contentLength ?? 0 }
        }
      }
    },

    remove: (name) =>
      bounded('delete', async (signal) => {
        const blob = (await client()).getBlockBlobClient(checkName(name))
        try {
          return (await blob.deleteIfExists({ abortSignal: signal })).succeeded
        } catch (error) {
          if (httpStatusOf(error) === 404) return false
          throw error
        }
      }),
  }
}
