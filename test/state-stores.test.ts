/** One list of promises for every store of shared configuration. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../src/sim/clock.ts'
import { blobState } from '../src/sim/state/blob-state.ts'
import { folderState } from '../src/sim/state/folder-state.ts'
import type { StateStore } from '../src/sim/state/store.ts'
import type { Stored } from '../src/sim/storage/stored.ts'
import { type Azurite, startAzurite } from './support/azurite.ts'

const bytes = (text: string) => Buffer.from(text)
const text = (stored: Stored | 'unchanged' | undefined) =>
  typeof stored === 'object' ? Buffer.from(stored.bytes).toString() : stored

let azurite: Azurite
let folder: string
let count = 0
beforeAll(async () => {
  azurite = await startAzurite()
  folder = await mkdtemp(join(tmpdir(), 'aoai-sim-state-'))
})
afterAll(async () => {
  await azurite.stop()
  await rm(folder, { recursive: true })
})

type Made = {
  /** Two instances on the same place, which is not there yet. */
  readonly stores: readonly [StateStore, StateStore]
  readonly put: (name: string, content: string) => Promise<unknown>
}

const kinds: Record<string, () => Made> = {
  folder: () => {
    const place = join(folder, String(++count), 'below')
    return {
      stores: [folderState(place), folderState(place)],
      put: (name, content) => writeFile(join(place, name), content),
    }
  },
  container: () => {
    const container = `state-${++count}`
    const open = () =>
      blobState({ address: { connectionString: azurite.connectionString, container }, clock: systemClock() })
    const client = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(container)
    return {
      stores: [open(), open()],
      put: (name, content) => client.getBlockBlobClient(name).upload(content, Buffer.byteLength(content)),
    }
  },
}

describe.each(Object.entries(kinds))('A %s of shared configuration', (_kind, make) => {
  it('has nothing before it is there', async () => {
    const [store] = make().stores
    expect(await store.read('runtime.json')).toBeUndefined()
    expect(await store.read('sim.yaml')).toBeUndefined()
  })

  it('shows to all what one has written, and says where nothing has changed', async () => {
    const [one, two] = make().stores
    const tag = await one.replace(bytes('first'), undefined)
    const stored = await two.read('runtime.json')
    expect(text(stored)).toBe('first')
    expect(stored).toMatchObject({ tag })
    expect(await two.read('runtime.json', tag)).toBe('unchanged')
    const next = await two.replace(bytes('second'), tag)
    expect(next).not.toBe(tag)
    expect(text(await one.read('runtime.json', tag))).toBe('second')
  })

  it('lets one of two writers win, whose document stays', async () => {
    const [one, two] = make().stores
    const first = await Promise.all([one.replace(bytes('one'), undefined), two.replace(bytes('two'), undefined)])
    expect(first.filter((tag) => tag !== undefined)).toHaveLength(1)
    expect(text(await one.read('runtime.json'))).toBe(first[0] === undefined ? 'two' : 'one')

    const tag = first.find((each) => each !== undefined)
    const many = await Promise.all(
      Array.from({ length: 10 }, (_, at) => [one, two][at % 2]!.replace(bytes(`writer ${at}`), tag)),
    )
    expect(many.filter((each) => each !== undefined)).toHaveLength(1)
    expect(text(await two.read('runtime.json'))).toBe(`writer ${many.findIndex((each) => each !== undefined)}`)
    expect(await one.replace(bytes('late'), tag)).toBeUndefined()
  })

  it('reads the sim.yaml that an operator puts there, and the next one', async () => {
    const { stores, put } = make()
    await stores[0].replace(bytes('{}'), undefined)
    await put('sim.yaml', 'seed: 1')
    const stored = await stores[0].read('sim.yaml')
    expect(text(stored)).toBe('seed: 1')
    const { tag } = stored as Stored
    expect(await stores[1].read('sim.yaml', tag)).toBe('unchanged')
    await put('sim.yaml', 'seed: 22')
    expect(text(await stores[1].read('sim.yaml', tag))).toBe('seed: 22')
  })
})

describe('A folder of shared configuration', () => {
  it('keeps a few of the documents that were replaced, and forgets the others', async () => {
    const place = join(folder, 'many')
    const store = folderState(place)
    let tag: string | undefined
    for (let change = 0; change < 20; change++) tag = await store.replace(bytes(String(change)), tag)
    expect(text(await store.read('runtime.json'))).toBe('19')
    expect(await readdir(place)).toHaveLength(6)
  })

  it('that cannot be had is told with its path', async () => {
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    await expect(folderState(join(file, 'below')).replace(bytes('x'), undefined)).rejects.toThrow(
      /^Could not write configuration in .*a-file/,
    )
  })
})

describe('A container of shared configuration', () => {
  it('that cannot be reached is told without its key', async () => {
    const connectionString =
      'DefaultEndpointsProtocol=http;AccountName=acct;AccountKey=c2VjcmV0;BlobEndpoint=http://127.0.0.1:9/acct;'
    const store = blobState({ address: { connectionString, container: 'state' }, clock: systemClock() })
    const reason = await store.read('runtime.json').catch(String)
    expect(reason).toMatch(/^StoreError: Could not read configuration in acct\/state: /)
    expect(reason).not.toMatch(/c2VjcmV0/)
  })
})
