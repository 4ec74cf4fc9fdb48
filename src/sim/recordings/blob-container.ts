/** How a container is reached: by address and sign-in, or by connection string. */
import type { ContainerClient, StoragePipelineOptions } from '@azure/storage-blob'
import { StoreError } from './store.ts'

export type ContainerAddress =
  /** With a shared access signature in it, or else for `@azure/identity` to sign in to. */
  | { readonly containerUrl: string }
  /** Also `UseDevelopmentStorage=true`. */
  | { readonly connectionString: string; readonly container: string }

/** Without what may be secret. */
export function labelOf(address: ContainerAddress): string {
  if ('containerUrl' in address) return address.containerUrl.replace(/[?#].*$/s, '').replace(/\/\/[^/@]*@/, '//')
  const account = /AccountName=([^;]+)/i.exec(address.connectionString)?.[1]
  return `${account === undefined ? '' : `${account}/`}${address.container}`
}

/** The libraries are loaded here, when they are used: they cost a start of their own. */
export async function connect(address: ContainerAddress): Promise<ContainerClient> {
  const { AnonymousCredential, BlobServiceClient, ContainerClient } = await import('@azure/storage-blob')
  if ('connectionString' in address) {
    try {
      return BlobServiceClient.fromConnectionString(address.connectionString, options).getContainerClient(
        address.container,
      )
    } catch {
      throw new StoreError('The connection string of the recordings is not one of a storage account')
    }
  }
  const { containerUrl } = address
  if (!/^https?:\/\/[^/]+\/./.test(containerUrl)) {
    throw new StoreError(
      `Not the address of a container: ${labelOf(address)} (for example https://account.blob.core.windows.net/recordings)`,
    )
  }
  if (/[?&]sig=/i.test(containerUrl)) return new ContainerClient(containerUrl, new AnonymousCredential(), options)
  if (containerUrl.startsWith('http:')) {
    throw new StoreError(`Signing in to ${labelOf(address)} needs https; for a local emulator give a connection string`)
  }
  const { DefaultAzureCredential } = await import('@azure/identity')
  return new ContainerClient(containerUrl, new DefaultAzureCredential(), options)
}

/** Few and quick: whoever waits has a client that waits. */
const options: StoragePipelineOptions = {
  retryOptions: { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 1_000, tryTimeoutInMs: 5_000 },
}
