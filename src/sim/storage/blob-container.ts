/** A Blob container: how it is reached, by address and sign-in or by connection string, and what is done with its blobs. */
import { textOf } from '../base/text-of.ts'
import type { BlockBlobClient, ContainerClient, StoragePipelineOptions } from '@azure/storage-blob'
import { inTime, Late } from '../base/in-time.ts'
import type { Clock } from '../clock.ts'
import { StoreError } from './store-error.ts'
import type { Stored } from './stored.ts'
import { codeOf } from '../base/reason.ts'

export type ContainerAddress =
  /** With a shared access signature in it, or else for `@azure/identity` to sign in to. */
  | { readonly containerUrl: string }
  /** Also `UseDevelopmentStorage=true`. */
  | { readonly connectionString: string; readonly container: string }

/** Without what may be secret. */
function labelOf(address: ContainerAddress): string {
  if ('containerUrl' in address) return address.containerUrl.replace(/[?#].*$/s, '').replace(/\/\/[^/@]*@/, '//')
  const account = /AccountName=([^;]+)/i.exec(address.connectionString)?.[1]
  return `${account === undefined ? '' : `${account}/`}${address.container}`
}

export type ContainerOptions = {
  readonly address: ContainerAddress
  /** What is kept there, as a message names it. */
  readonly content: string
  readonly clock: Clock
  /** Of one operation with all its retries. */
  readonly timeoutMs: number
}

export type BlobContainer = {
  /** As a person knows it, without any key. */
  readonly label: string
  readonly client: () => Promise<ContainerClient>
  /** Ends in time whatever the network and the library do, and fails with a `StoreError`. */
  readonly bounded: <T>(what: string, work: (signal: AbortSignal) => Promise<T>) => Promise<T>
}

/** Nothing is loaded or asked before the first use. */
export function openContainer({ address, content, clock, timeoutMs }: ContainerOptions): BlobContainer {
  const label = labelOf(address)
  let connection: Promise<ContainerClient> | undefined
  return {
    label,
    client: () =>
      (connection ??= connect(address, content).catch((error: unknown) => {
        connection = undefined
        throw error
      })),
    async bounded(what, work) {
      const controller = new AbortController()
      try {
        return await inTime(clock, timeoutMs, work(controller.signal))
      } catch (error) {
        if (error instanceof StoreError) throw error
        if (error instanceof Late) controller.abort()
        // Without its cause, which holds the request with its signature.
        throw new StoreError(
          `Could not ${what} ${content} in ${label}: ${error instanceof Late ? error.message : reasonOf(error)}`,
        )
      }
    },
  }
}

/** `unchanged` where it still has `knownTag`; `undefined` where there is none. */
export async function download(
  blob: BlockBlobClient,
  knownTag: string | undefined,
  signal: AbortSignal,
): Promise<Stored | 'unchanged' | undefined> {
  try {
    const answer = await blob.download(0, undefined, {
      abortSignal: signal,
      ...(knownTag !== undefined && { conditions: { ifNoneMatch: `"${knownTag}"` } }),
    })
    const chunks: Uint8Array[] = []
    for await (const chunk of answer.readableStreamBody ?? []) chunks.push(Buffer.from(chunk))
    return { bytes: Buffer.concat(chunks), tag: bareTag(answer.etag) }
  } catch (error) {
    if (httpStatusOf(error) === 304) return 'unchanged'
    if (httpStatusOf(error) === 404) return undefined
    throw error
  }
}

/** What is written, and over which: none, or the one that has this tag. */
export type Upload = { readonly bytes: Uint8Array; readonly contentType: string; readonly over: string | undefined }

/** Makes the container where it is missing. Gives the tag; `undefined` where there is another blob than it was to be. */
export async function upload(
  container: BlobContainer,
  name: string,
  { bytes, contentType, over }: Upload,
  signal: AbortSignal,
): Promise<string | undefined> {
  const client = await container.client()
  const write = async () => {
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const { etag } = await client.getBlockBlobClient(name).upload(body, bytes.length, {
      abortSignal: signal,
      conditions: over === undefined ? { ifNoneMatch: '*' } : { ifMatch: `"${over}"` },
      blobHTTPHeaders: { blobContentType: contentType },
    })
    return bareTag(etag)
  }
  try {
    try {
      return await write()
    } catch (error) {
      if (codeOf(error) !== 'ContainerNotFound') throw error
    }
    await client.createIfNotExists({ abortSignal: signal }).catch((error: unknown) => {
      throw new StoreError(
        `The container ${container.label} does not exist and could not be made (${reasonOf(error)}): create it, or allow these credentials to`,
      )
    })
    return await write()
  } catch (error) {
    if (codeOf(error) === 'BlobAlreadyExists' || httpStatusOf(error) === 412) return undefined
    throw error
  }
}

/** A list gives tags without the quotes that a header has. */
export const bareTag = (etag: string | undefined) => (etag ?? '').replace(/^"|"$/g, '')

export const httpStatusOf = (error: unknown) =>
  typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined

/** One line, and without a query, in which a signature may be. */
function reasonOf(error: unknown): string {
  if (error instanceof StoreError) return error.message
  const status = httpStatusOf(error)
  const code = codeOf(error)
  if (code !== '') return typeof status === 'number' ? `${code} (${status})` : code
  const message = error instanceof Error ? `${error.name}: ${error.message}` : textOf(error)
  return (message.split('\n')[0] ?? '').replace(/\?\S*/g, '?…').slice(0, 300)
}

/** The libraries are loaded here, when they are used: they cost a start of their own. */
async function connect(address: ContainerAddress, content: string): Promise<ContainerClient> {
  const { AnonymousCredential, BlobServiceClient, ContainerClient } = await import('@azure/storage-blob')
  if ('connectionString' in address) {
    try {
      return BlobServiceClient.fromConnectionString(address.connectionString, options).getContainerClient(
        address.container,
      )
    } catch {
      throw new StoreError(`The connection string of the ${content} is not one of a storage account`)
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
