/** What is kept, in a Blob container: a blob each. Its ETag is what says which state it is. */
import type { Clock } from '../clock.ts'
import {
  bareTag,
  type ContainerAddress,
  download,
  openContainer,
  httpStatusOf,
  upload,
} from '../storage/blob-container.ts'
import type { KeptPlace, ListedState } from './kept-place.ts'

const timeoutMs = 15_000

export function blobPlace(address: ContainerAddress, resource: string, clock: Clock): KeptPlace {
  const container = openContainer({ address, content: 'what is kept', clock, timeoutMs })
  const pathOf = (kind: string, name: string) => `kept/${resource}/${kind}/${name}`
  const blobOf = async (kind: string, name: string) => (await container.client()).getBlockBlobClient(pathOf(kind, name))
  return {
    label: container.label,
    read: (kind, name, knownTag) =>
      container.bounded('read', async (signal) => download(await blobOf(kind, name), knownTag, signal)),
    write: ({ kind, name, bytes }, over) =>
      container.bounded('write', (signal) =>
        upload(container, pathOf(kind, name), { bytes, contentType: 'application/octet-stream', over }, signal),
      ),
    remove: (kind, name, tag) =>
      container.bounded('delete', async (abortSignal) => {
        try {
          const conditions = tag === undefined ? {} : { ifMatch: `"${tag}"` }
          await (await blobOf(kind, name)).delete({ abortSignal, conditions })
        } catch (error) {
          if (httpStatusOf(error) !== 404 && httpStatusOf(error) !== 412) throw error
        }
      }),
    list: (kind, prefix = '') =>
      container.bounded('list', async (abortSignal) => {
        const found: ListedState[] = []
        try {
          const blobs = (await container.client()).listBlobsFlat({ prefix: pathOf(kind, prefix), abortSignal })
          for await (const { name, properties } of blobs)
            found.push({
              name: name.slice(name.lastIndexOf('/') + 1),
              tag: bareTag(properties.etag),
              modifiedMs: properties.lastModified.getTime(),
              bytes: properties.contentLength ?? 0,
            })
        } catch (error) {
          if (httpStatusOf(error) !== 404) throw error
        }
        return found
      }),
  }
}
