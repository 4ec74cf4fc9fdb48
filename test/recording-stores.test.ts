/** One list of promises, kept by every store. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../src/sim/clock.ts'
import { blobStore } from '../src/sim/recordings/blob-store.ts'
import { fileStore } from '../src/sim/recordings/file-store.ts'
import { memoryStore } from './support/memory-store.ts'
import { createRecordings } from '../src/sim/recordings/recordings.ts'
import type { RecordingStore } from '../src/sim/recordings/store.ts'
import type { Stored } from '../src/sim/storage/stored.ts'
import { type Azurite, startAzurite } from './support/azurite.ts'
import { exampleInteraction, exampleSought } from './support/interactions.ts'

const clock = systemClock()
const folders: string[] = []
let azurite: Azurite
let containers = 0

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(async () => {
  await azurite.stop()
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'recordings-'))
  folders.push(folder)
  return folder
}

const stores: readonly { readonly kind: string; readonly open: () => Promise<RecordingStore> }[] = [
  { kind: 'memory', open: () => Promise.resolve(memoryStore()) },
  { kind: 'folder', open: async () => fileStore(join(await temporaryFolder(), 'not', 'there', 'yet')) },
  {
    kind: 'container',
    open: () => {
      const address = { connectionString: azurite.connectionString, container: `contract-${++containers}` }
      return Promise.resolve(blobStore({ address, clock }))
    },
  },
]

const text = (content: string) => new TextEncoder().encode(content)
const contentOf = (stored: Stored | 'unchanged' | undefined) =>
  typeof stored === 'object' ? Buffer.from(stored.bytes).toString() : stored

async function names(store: RecordingStore, prefix?: string): Promise<string[]> {
  const found: string[] = []
  for await (const { name } of store.list(prefix)) found.push(name)
  return found.sort()
}

describe.each(stores)('A $kind of recordings', ({ open }) => {
  it('has nothing, and says so, before the first document', async () => {
    const store = await open()
    expect(await store.read('a/b.yaml')).toBeUndefined()
    expect(await names(store)).toEqual([])
    expect(await store.remove('a/b.yaml')).toBe(false)
    if (!store.absence) return
    expect(await store.absence()).toMatch(/^The (?:folder|container) \S+ does not exist$/)
    await store.create('a/b.yaml', text('a'))
    expect(await store.absence()).toBeUndefined()
  })

  it('gives back exactly the bytes that were put in', async () => {
    const store = await open()
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256)
    expect(await store.create('a/b/c.bin', bytes)).toBe(true)
    const found = await store.read('a/b/c.bin')
    expect(typeof found === 'object' && Buffer.compare(found.bytes, bytes)).toBe(0)
  })

  it('keeps an empty document', async () => {
    const store = await open()
    expect(await store.create('empty.yaml', text(''))).toBe(true)
    expect(contentOf(await store.read('empty.yaml'))).toBe('')
  })

  it('leaves the first document of a name as it was, and tells the second writer', async () => {
    const store = await open()
    expect(await store.create('a.yaml', text('first'))).toBe(true)
    expect(await store.create('a.yaml', text('second'))).toBe(false)
    expect(contentOf(await store.read('a.yaml'))).toBe('first')
  })

  it('lets one of twenty writers at once win, whole', async () => {
    const store = await open()
    const contents = Array.from({ length: 20 }, (_, index) => `writer ${index} `.repeat(5000))
    const won = await Promise.all(contents.map((content) => store.create('race/a.yaml', text(content))))
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(contentOf(await store.read('race/a.yaml'))).toBe(contents[won.indexOf(true)])
    expect(await names(store)).toEqual(['race/a.yaml'])
  })

  it('says "unchanged" for the tag it gave, and not after the document was replaced', async () => {
    const store = await open()
    await store.create('a.yaml', text('first'))
    const first = (await store.read('a.yaml')) as Stored
    expect(await store.read('a.yaml', first.tag)).toBe('unchanged')
    await store.remove('a.yaml')
    await store.create('a.yaml', text('other'))
    const second = (await store.read('a.yaml', first.tag)) as Stored
    expect(contentOf(second)).toBe('other')
    expect(second.tag).not.toBe(first.tag)
  })

  it('lists what begins with a prefix, with the size and the tag of each', async () => {
    const store = await open()
    for (const name of ['a/1.yaml', 'a/2.yaml', 'ab/3.yaml', 'b/c/4.yaml']) await store.create(name, text(name))
    expect(await names(store)).toEqual(['a/1.yaml', 'a/2.yaml', 'ab/3.yaml', 'b/c/4.yaml'])
    expect(await names(store, 'a/')).toEqual(['a/1.yaml', 'a/2.yaml'])
    expect(await names(store, 'a')).toEqual(['a/1.yaml', 'a/2.yaml', 'ab/3.yaml'])
    expect(await names(store, 'b/c/')).toEqual(['b/c/4.yaml'])
    expect(await names(store, 'nowhere/')).toEqual([])
    for await (const { name, bytes, tag } of store.list('b/')) {
      expect(bytes).toBe(name.length)
      expect(await store.read(name, tag)).toBe('unchanged')
    }
  })

  it('removes a document once', async () => {
    const store = await open()
    await store.create('a/b.yaml', text('x'))
    expect(await store.remove('a/b.yaml')).toBe(true)
    expect(await store.remove('a/b.yaml')).toBe(false)
    expect(await store.read('a/b.yaml')).toBeUndefined()
  })

  const outside = [
    '../x.yaml',
    'a/../../x.yaml',
    '/etc/passwd',
    'a\\..\\x',
    'a/\0.yaml',
    '.',
    '..',
    '',
    'a//b.yaml',
    'a/',
  ]
  it.each([...outside, '%2e%2e/x.yaml', '.hidden', `${'x'.repeat(201)}.yaml`, 'C:x.yaml', 'a/b.'])(
    'refuses the name %j',
    async (name) => {
      const store = await open()
      await expect(store.read(name)).rejects.toThrow(/Not a recording's name/)
      await expect(store.create(name, text('x'))).rejects.toThrow(/Not a recording's name/)
      await expect(store.remove(name)).rejects.toThrow(/Not a recording's name/)
    },
  )

  it('holds one document after twenty identical interactions at once, whoever added them', async () => {
    const store = await open()
    const instances = [createRecordings({ store, clock }), createRecordings({ store, clock })]
    const adding = Array.from({ length: 20 }, (_, index) =>
      instances[index % 2]!.add(exampleInteraction(), exampleSought()),
    )
    await Promise.all(adding)
    expect(await names(store)).toHaveLength(1)
    for (const recordings of instances) expect(await recordings.find(exampleSought())).toHaveLength(1)
  })
})

describe('A container', () => {
  it('that is away is a clear error in bounded time, without the key', async () => {
    const address = {
      connectionString: azurite.connectionString.replace(/:\d+\/devstore/, ':1/devstore'),
      container: 'away',
    }
    const store = blobStore({ address, clock, timeoutMs: 8_000 })
    const error = await store.read('a.yaml').then(
      () => undefined,
      (reason: unknown) => reason as Error,
    )
    expect(error?.message).toMatch(/^Could not read recordings in devstoreaccount1\/away: /)
    expect(error?.message).not.toContain('Eby8')
  })

  it('reached by a connection string that is none is a clear error', async () => {
    const store = blobStore({ address: { connectionString: 'nonsense-secret', container: 'a' }, clock })
    await expect(store.create('a.yaml', text('x'))).rejects.toThrow(
      'The connection string of the recordings is not one of a storage account',
    )
  })

  it('is opened by its address with a signature, which no message shows', async () => {
    const { BlobServiceClient, ContainerSASPermissions } = await import('@azure/storage-blob')
    const service = BlobServiceClient.fromConnectionString(azurite.connectionString)
    await service.getContainerClient('signed').create()
    const url = await service.getContainerClient('signed').generateSasUrl({
      permissions: ContainerSASPermissions.parse('rwlcd'),
      expiresOn: new Date(Date.now() + 3_600_000),
    })
    const store = blobStore({ address: { containerUrl: url }, clock })
    expect(await store.create('a.yaml', text('x'))).toBe(true)
    expect(await names(store)).toEqual(['a.yaml'])
    expect(store.label).toBe(`${azurite.accountUrl}/signed`)
    const refused = blobStore({ address: { containerUrl: url.replace(/sig=[^&]+/, 'sig=AAAA') }, clock })
    const error = (await refused.read('a.yaml').catch((reason: unknown) => reason)) as Error
    expect(error.message).toContain('403')
    expect(error.message).not.toContain('sig=')
  })
})
