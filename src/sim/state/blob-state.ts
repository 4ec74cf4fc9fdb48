import type { Clock } from '../clock.ts'
import { type ContainerAddress, download, openContainer, upload } from '../storage/blob-container.ts'
import type { StateStore } from './store.ts'

const timeoutMs = 10_000

/** In a Blob container, which is made with the first document. A blob's ETag is what says which one it is. */
export function blobState({ address, clock }: { address: ContainerAddress; clock: Clock }): StateStore {
  const container = openContainer({ address, content: 'configuration', clock, timeoutMs })
  return {
    label: container.label,
    read: (name, knownTag) =>
      container.bounded('read', async (signal) =>
        download((await container.client()).getBlockBlobClient(name), knownTag, signal),
      ),
    replace: (bytes, knownTag) =>
      container.bounded('write', (signal) =>
        upload(container, 'runtime.json', { bytes, contentType: 'application/json', over: knownTag }, signal),
      ),
  }
}
