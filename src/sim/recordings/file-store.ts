/** Recordings in a folder: one file a document, there whole or not at all. */
import { constants } from 'node:fs'
import { mkdir, open, readdir, realpath, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import type { Clock } from '../clock.ts'
import { StoreError } from '../storage/store-error.ts'
import { type Intent, sweepTemporaries } from '../storage/temporary.ts'
import { createWhole, replaceWhole, tagOf, unlessMissing, writeTemporary } from '../storage/whole-file.ts'
import { folderWatch } from './folder-watch.ts'
import { checkName, isName } from './name.ts'
import type { Listed, RecordingStore } from './store.ts'
import { codeOf, reasonOf } from '../base/reason.ts'

/** The folder is made with the first document. */
export function fileStore(
  folder: string,
  clock: Pick<Clock, 'now'> = { now: () => performance.timeOrigin },
): RecordingStore {
  const root = resolve(folder)
  const watched = folderWatch((below) => join(root, below === '' ? '' : checkName(below.slice(0, -1))))

  const read: RecordingStore['read'] = async (name, knownTag) => {
    const path = join(root, checkName(name))
    // Each recording is asked for with the one that may follow it, and an error takes half as long again as the look.
    const found = await unlessMissing(stat(path, { throwIfNoEntry: false }))
    if (!found?.isFile()) return undefined
    if (tagOf(found) === knownTag) return 'unchanged'
    const real = await unlessMissing(realpath(path))
    if (real === undefined) return undefined
    await checkInside(root, real, name)
    const file = await open(real, constants.O_RDONLY | noFollow)
    try {
      // The tag is taken first: a change while reading is then noticed at the next use.
      const tag = tagOf(await file.stat())
      return { bytes: await file.readFile(), tag }
    } finally {
      await file.close()
    }
  }

  const create: RecordingStore['create'] = async (name, bytes) => {
    const path = join(root, checkName(name))
    await makeFolder(root, dirname(path), name)
    return createWhole(path, bytes)
  }

  const replace: RecordingStore['replace'] = async (name, bytes, tag) => {
    const real = await unlessMissing(realpath(join(root, checkName(name))))
    if (real === undefined) return false
    await checkInside(root, real, name)
    return replaceWhole(real, bytes, tag)
  }

  const intend = async ({ folder, document, files }: Intent & { readonly folder: string }) => {
    const path = join(root, checkName(folder + document))
    await makeFolder(root, dirname(path), document)
    const note = await writeTemporary(path, Buffer.from(JSON.stringify({ intent: { document, files } })))
    return async () => {
      await unlessMissing(unlink(note))
    }
  }

  const remove: RecordingStore['remove'] = async (name) => {
    const path = join(root, checkName(name))
    const parent = await unlessMissing(realpath(dirname(path)))
    if (parent === undefined) return false
    await checkInside(root, parent, name)
    return (await unlessMissing(unlink(path).then(() => true))) ?? false
  }

  const told = <T>(work: Promise<T>, what: string): Promise<T> =>
    work.catch((error: unknown) => fail(error, what, root))
  return {
    label: root,
    freshMs: 0,
    mark: (name) => watched.mark(name.slice(0, name.lastIndexOf('/') + 1)),
    read: (name, knownTag) => told(read(name, knownTag), 'read'),
    create: (name, bytes) => told(create(name, bytes), 'write'),
    replace: (name, bytes, tag) => told(replace(name, bytes, tag), 'write'),
    remove: (name) => told(remove(name), 'delete'),
    intend: (intent) => told(intend(intent), 'write'),
    absence: async () => {
      const found = await unlessMissing(stat(root))
      if (found?.isDirectory()) return undefined
      return found ? `${root} is not a folder` : `The folder ${root} does not exist`
    },
    sweep: () => sweepTemporaries(root, clock.now()),
    list: async function* (prefix = '') {
      const top = prefix.slice(0, prefix.lastIndexOf('/') + 1)
      if (top !== '' && !isName(top.slice(0, -1))) return
      try {
        yield* below(root, top, prefix)
      } catch (error) {
        fail(error, 'list', root)
      }
    },
  }
}

/** Links to folders are not followed, and what is no recording's name is passed over. */
async function* below(root: string, folder: string, prefix: string): AsyncGenerator<Listed> {
  const entries = (await unlessMissing(readdir(join(root, folder), { withFileTypes: true }))) ?? []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = `${folder}${entry.name}`
    if (!isName(name)) continue
    if (entry.isDirectory()) {
      if (`${name}/`.startsWith(prefix) || prefix.startsWith(`${name}/`)) yield* below(root, `${name}/`, prefix)
    } else if (name.startsWith(prefix)) {
      const found = await unlessMissing(stat(join(root, name)))
      if (found?.isFile()) yield { name, tag: tagOf(found), bytes: found.size }
    }
  }
}

/** Links on the way may lead elsewhere within the root, and not out of it. */
async function makeFolder(root: string, folder: string, name: string): Promise<void> {
  if (await unlessMissing(realpath(folder))) return checkInside(root, await realpath(folder), name)
  if (folder !== root) {
    await makeFolder(root, dirname(folder), name)
    await mkdir(folder).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
    return checkInside(root, await realpath(folder), name)
  }
  await mkdir(root, { recursive: true }).catch(async (error: unknown) => {
    // Where a folder above it cannot be made it says that there is none, and not why.
    if (codeOf(error) === 'ENOENT') await makeMissing(root)
    throw error
  })
}

async function makeMissing(folder: string): Promise<void> {
  const above = dirname(folder)
  if (above !== folder && !(await unlessMissing(stat(above)))) await makeMissing(above)
  await mkdir(folder)
}

async function checkInside(root: string, real: string, name: string): Promise<void> {
  const realRoot = await realpath(root)
  if (real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) return
  throw new StoreError(`The recording ${name} is a link that leads out of ${root}, which is not followed`)
}

const noFollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW

function fail(error: unknown, what: string, root: string): never {
  if (error instanceof StoreError) throw error
  const reason = codeOf(error) || reasonOf(error)
  throw new StoreError(`Could not ${what} recordings in ${root}: ${reason}`, { cause: error })
}
