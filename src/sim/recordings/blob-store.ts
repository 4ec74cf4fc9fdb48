/** Recordings in a Blob container, which any number of instances may share. */
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob'
import type { Clock } from '../clock.ts'
import { connect, type ContainerAddress, labelOf } from './blob-container.ts'
import { checkName, isName } from './name.ts'
import { type RecordingStore, StoreError } from './store.ts'

export type BlobStoreOptions = {
  readonly address: ContainerAddress
  readonly clock: Clock
  /** Of one operation with all its retries. */
  readonly timeoutMs?: number
  /** How old an answer may be that is believed without asking again. */
  readonly freshMs?: number
}

/** Nothing is loaded or asked before the first use. The container is made with the first document. */
export function blobStore({ address, clock, timeoutMs = 10_000, freshMs = 2_000 }: BlobStoreOptions): RecordingStore {
  const label = labelOf(address)
  let connection: Promise<ContainerClient> | undefined
  const container = (): Promise<ContainerClient> =>
    (connection ??= connect(address).catch((error: unknown) => {
      connection = undefined
      throw error
    }))

  /** Ends in time whatever the network and the library do. */
  async function bounded<T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController()
    let late: (() => void) | undefined
    const timeUp = new Promise<never>((_, reject) => {
      late = () => {
        controller.abort()
        reject(new StoreError(`Could not ${what} recordings in ${label}: no answer within ${timeoutMs} ms`))
      }
    })
    const timer = clock.timer(() => late?.())
    timer.set(clock.now() + timeoutMs)
    try {
      return await Promise.race([work(controller.signal), timeUp])
    } catch (error) {
      if (error instanceof StoreError) throw error
      // Without its cause, which holds the request with its signature.
      throw new StoreError(`Could not ${what} recordings in ${label}: ${reasonOf(error)}`)
    } finally {
      timer.cancel()
    }
  }

  const upload = async (blob: BlockBlobClient, bytes: Uint8Array, signal: AbortSignal): Promise<boolean> => {
    try {
      await blob.upload(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes.length, {
        abortSignal: signal,
        conditions: { ifNoneMatch: '*' },
        blobHTTPHeaders: {
          blobContentType: blob.name.endsWith('.yaml') ? 'text/yaml; charset=utf-8' : 'application/octet-stream',
        },
      })
      return true
    } catch (error) {
      if (codeOf(error) === 'BlobAlreadyExists' || statusOf(error) === 412) return false
      throw error
    }
  }

  return {
    label,
    freshMs,

    read: (name, knownTag) =>
      bounded('read', async (signal) => {
        const blob = (await container()).getBlockBlobClient(checkName(name))
        try {
          const answer = await blob.download(0, undefined, {
            abortSignal: signal,
            ...(knownTag !== undefined && { conditions: { ifNoneMatch: `"${knownTag}"` } }),
          })
          const chunks: Uint8Array[] = []
          for await (const chunk of answer.readableStreamBody ?? []) chunks.push(Buffer.from(chunk))
          return { bytes: Buffer.concat(chunks), tag: bareTag(answer.etag) }
        } catch (error) {
          if (statusOf(error) === 304) return 'unchanged' as const
          if (statusOf(error) === 404) return undefined
          throw error
        }
      }),

    create: (name, bytes) =>
      bounded('write', async (signal) => {
        const client = await container()
        const blob = client.getBlockBlobClient(checkName(name))
        try {
          return await upload(blob, bytes, signal)
        } catch (error) {
          if (codeOf(error) !== 'ContainerNotFound') throw error
        }
        await client.createIfNotExists({ abortSignal: signal }).catch((error: unknown) => {
          throw new StoreError(
            `The container ${label} does not exist and could not be made (${reasonOf(error)}): create it, or allow these credentials to`,
          )
        })
        return upload(blob, bytes, signal)
      }),

    list: async function* (prefix = '') {
      // `try` on each page and not on all: what the caller throws is its own.
      const pages = (await bounded('list', container)).listBlobsFlat({ prefix }).byPage({ maxPageSize: 1000 })
      for (;;) {
        const page = await bounded('list', async () => {
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
        const blob = (await container()).getBlockBlobClient(checkName(name))
        try {
          return (await blob.deleteIfExists({ abortSignal: signal })).succeeded
        } catch (error) {
          if (statusOf(error) === 404) return false
          throw error
        }
      }),
  }
}

/** A list gives tags without the quotes that a header has. */
const bareTag = (etag: string | undefined) => (etag ?? '').replace(/^"|"$/g, '')

const statusOf = (error: unknown) =>
  typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined

const codeOf = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** One line, and without a query, in which a signature may be. */
function reasonOf(error: unknown): string {
  if (error instanceof StoreError) return error.message
  const status = statusOf(error)
  const code = codeOf(error)
  if (code !== '') return typeof status === 'number' ? `${code} (${status})` : code
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return (message.split('\n')[0] ?? '').replace(/\?\S*/g, '?…').slice(0, 300)
}
