import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileStore } from '../../src/sim/recordings/file-store.ts'
import { createRecordings } from '../../src/sim/recordings/recordings.ts'
import { answerText, chatPath, exampleInteraction, exampleSought } from '../support/interactions.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recordings-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const content = new TextEncoder().encode('content')

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Paths as clients may send them, and as nobody does. */
const oddPaths = [
  `/${'x'.repeat(9_000)}`,
  `/${'é'.repeat(180)}`,
  `/${encodeURIComponent('é'.repeat(180))}`,
  `/${'%C3%A9'.repeat(100)}/${'%f0%9f%98%80'.repeat(45)}`,
  '/x'.repeat(2_500),
  '/%',
  '/%ff%fe',
  '/%00',
  '/a%0ab',
  '/%C2%81',
  '/%EF%BF%BF',
  '/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '/%5c..%5cx',
  '/a.yaml/b',
  '/con',
  '/ x ',
  '/.',
  '/',
  '//',
  '',
]

describe('A folder of recordings', () => {
  it.each(oddPaths)(
    'has no recording of a path that is too long or oddly escaped, and can take one: %.40j',
    async (path) => {
      const recordings = createRecordings({ store: fileStore(folder), clock: manualClock() })
      const sought = { ...exampleSought(), path }
      expect(await recordings.find(sought)).toEqual([])
      expect(await recordings.miss(sought)).toMatchObject({ unreadable: [] })
      await recordings.add(exampleInteraction(), sought)
      expect(await recordings.find(sought)).toHaveLength(1)
    },
  )

  it('is changed by an editor and answers with the change at the next use', async () => {
    const log: string[] = []
    const warn = (message: string) => void log.push(message)
    const recordings = createRecordings({
      store: fileStore(folder),
      clock: manualClock(),
      log: { debug() {}, info() {}, warn, error() {} },
    })
    await recordings.add(exampleInteraction(), exampleSought())
    const [path = ''] = await filesBelow(folder)
    expect(path.startsWith(join(folder, chatPath))).toBe(true)
    const original = await readFile(path, 'utf8')
    const answer = async () => (await recordings.find(exampleSought())).map(answerText).join()
    expect(await answer()).toContain('Hi there.')

    await writeFile(path, original.replace('Hi there.', 'Changed.'))
    expect(await answer()).toContain('Changed.')

    await writeFile(path, original.replace('content: Hi there.', 'content: "no end'))
    expect(await answer()).toBe('')
    expect(await answer()).toBe('')
    expect(log).toEqual([expect.stringContaining(`${path.slice(folder.length + 1)} in ${folder} cannot be read`)])

    await writeFile(path, original)
    expect(await answer()).toContain('Hi there.')

    await rm(path)
    expect(await answer()).toBe('')
  })

  it.skipIf(process.platform !== 'linux')('tells by a mark that something in it changed', async () => {
    const store = fileStore(folder)
    expect(store.mark?.('a/b.yaml')).toBeUndefined()
    await store.create('a/b.yaml', content)
    const mark = store.mark?.('a/b.yaml')
    expect(mark).toBeTypeOf('number')
    await nextTurn()
    await store.read('a/b.yaml')
    await nextTurn()
    expect(store.mark?.('a/c.yaml')).toBe(mark)
    await writeFile(join(folder, 'a/b.yaml'), 'changed')
    await nextTurn()
    expect(store.mark?.('a/b.yaml')).not.toBe(mark)

    await rm(join(folder, 'a'), { recursive: true })
    await nextTurn()
    expect(store.mark?.('a/b.yaml')).toBeUndefined()
    expect(store.mark?.('../a/b.yaml')).toBeUndefined()
  })

  it('leaves nothing but the documents behind', async () => {
    const store = fileStore(folder)
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.create(`a/${index % 5}.yaml`, content)))
    expect((await filesBelow(folder)).sort()).toEqual([0, 1, 2, 3, 4].map((index) => join(folder, `a/${index}.yaml`)))
  })

  it('does not follow a link out of the folder, for reading or for writing', async () => {
    const destinationFor = await mkdtemp(join(tmpdir(), 'elsewhere-'))
    try {
      await writeFile(join(destinationFor, 'secret.yaml'), 'secret')
      await symlink(destinationFor, join(folder, 'link'))
      await symlink(join(destinationFor, 'secret.yaml'), join(folder, 'file.yaml'))
      const store = fileStore(folder)
      for (const name of ['link/secret.yaml', 'file.yaml'])
        await expect(store.read(name)).rejects.toThrow('not followed')
      for (const name of ['link/new.yaml', 'link/new/new.yaml']) {
        await expect(store.create(name, content)).rejects.toThrow('not followed')
      }
      await expect(store.remove('link/secret.yaml')).rejects.toThrow('not followed')
      expect(await readdir(destinationFor)).toEqual(['secret.yaml'])
    } finally {
      await rm(destinationFor, { recursive: true })
    }
  })

  it('follows a link within the folder, and may itself be one', async () => {
    await mkdir(join(folder, 'real'))
    await symlink(join(folder, 'real'), join(folder, 'alias'))
    const store = fileStore(join(folder, 'alias'))
    expect(await store.create('a/b.yaml', content)).toBe(true)
    await symlink(join(folder, 'real/a'), join(folder, 'real/c'))
    expect(await store.read('c/b.yaml')).toMatchObject({ bytes: Buffer.from('content') })
  })

  it.each([
    ['is not there', 'none', (path: string) => `The folder ${path} does not exist`],
    ['is a file', 'file', (path: string) => `${path} is not a folder`],
  ])('that %s is named by a miss in replay', async (_, name, reason) => {
    await writeFile(join(folder, 'file'), 'in the way')
    const path = join(folder, name)
    const simulator = testSimulator({ mode: 'replay', recording: { dir: path } })
    const answer = await simulator.post('/openai/v1/chat/completions', { model: 'gpt-4o', messages: [] })
    expect(answer.status).toBe(404)
    const { error } = (await answer.json()) as { error: { code: string; message: string } }
    expect(error.code).toBe('RecordingNotFound')
    expect(error.message).toContain(
      `${reason(path)}, so that there are no recordings: nothing has been recorded there yet, or the place is another one.`,
    )
  })

  it('that cannot be written is a clear error', async () => {
    await writeFile(join(folder, 'file'), 'in the way')
    await expect(fileStore(join(folder, 'file')).create('a.yaml', content)).rejects.toThrow(
      `Could not write recordings in ${join(folder, 'file')}: ENOTDIR`,
    )
  })
})
