/**
 * What is kept, in a folder that instances may share. No file system replaces a file on a condition, so each state of a
 * document is a file of its own, `name.7`, created only where there is none of that number: the highest one counts. An
 * empty one says that the document was deleted.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { codeOf, reasonOf } from '../base/reason.ts'
import type { Clock } from '../clock.ts'
import { StoreError } from '../storage/store-error.ts'
import { sweepTemporaries } from '../storage/temporary.ts'
import { createWhole, unlessMissing } from '../storage/whole-file.ts'
import type { KeptPlace, ListedState } from './kept-place.ts'

/** What ids of one thread have in common decides on the folder, so that they can be found together. */
const sharedCharacters = 20
const shardOf = (name: string) => createHash('sha256').update(name.slice(0, sharedCharacters)).digest('hex').slice(0, 2)

/** How long a deletion is remembered: longer than anybody takes to write. */
const deletionMs = 600_000

export function folderPlace(folder: string, resource: string, clock: Pick<Clock, 'now'>): KeptPlace {
  const root = join(resolve(folder), 'kept', resource)
  const folderOf = (kind: string, name: string) => join(root, kind, shardOf(name))
  let swept: Promise<unknown> | undefined

  /** The number of the newest state of each name in a folder, and the older ones that are still there. */
  const numbersIn = async (place: string) => {
    const newest = new Map<string, number>()
    const older: string[] = []
    for (const file of (await unlessMissing(readdir(place))) ?? []) {
      const [, name, digits] = /^([\w~-]+)\.(\d{1,15})$/.exec(file) ?? []
      if (name === undefined) continue
      const number = Number(digits)
      const known = newest.get(name) ?? 0
      newest.set(name, Math.max(known, number))
      if (known > 0) older.push(`${name}.${Math.min(known, number)}`)
    }
    return { newest, older }
  }
  const newestOf = async (place: string, name: string) => (await numbersIn(place)).newest.get(name)
  const bytesOf = async (path: string) => (await unlessMissing(stat(path)))?.size

  const read: KeptPlace['read'] = async (kind, name, knownTag) => {
    const place = folderOf(kind, name)
    const isThere = async (number: number) => (await bytesOf(join(place, `${name}.${number}`))) !== undefined
    if (knownTag !== undefined && !(await isThere(Number(knownTag) + 1)) && (await isThere(Number(knownTag))))
      return 'unchanged'
    // One that has gone since it was listed has been replaced by then.
    for (let look = 0; look < 10; look++) {
      const number = await newestOf(place, name)
      if (number === undefined) return undefined
      const bytes = await unlessMissing(readFile(join(place, `${name}.${number}`)))
      if (bytes) return bytes.length === 0 ? undefined : { bytes, tag: String(number) }
    }
    return undefined
  }

  /** The number that was created over another; `undefined` where that is not the newest. */
  const create = async (place: string, name: string, bytes: Uint8Array, over: number | undefined) => {
    const known = await newestOf(place, name)
    if (over === undefined && known !== undefined && (await bytesOf(join(place, `${name}.${known}`))) !== 0)
      return undefined
    if (over !== undefined && known !== over) return undefined
    const number = (known ?? 0) + 1
    const path = join(place, `${name}.${number}`)
    await mkdir(place, { recursive: true })
    if (!(await createWhole(path, bytes))) return undefined
    if (known === undefined) return number
    // Its number may have been free because it is long over.
    if ((await newestOf(place, name)) !== number) {
      await unlessMissing(unlink(path))
      return undefined
    }
    await unlessMissing(unlink(join(place, `${name}.${known}`)))
    return number
  }

  const remove = async (kind: string, name: string, tag: string | undefined) => {
    const place = folderOf(kind, name)
    for (let attempt = 0; attempt < 10; attempt++) {
      const number = tag === undefined ? await newestOf(place, name) : Number(tag)
      if (number === undefined || (await bytesOf(join(place, `${name}.${number}`))) === 0) return
      if ((await create(place, name, new Uint8Array(), number)) !== undefined || tag !== undefined) return
    }
  }

  const list = async (kind: string, prefix: string): Promise<readonly ListedState[]> => {
    const folders =
      prefix.length >= sharedCharacters
        ? [shardOf(prefix)]
        : ((await unlessMissing(readdir(join(root, kind)))) ?? []).filter((one) => /^[0-9a-f]{2}$/.test(one))
    const found: ListedState[] = []
    for (const shard of folders) {
      const place = join(root, kind, shard)
      const { newest, older } = await numbersIn(place)
      for (const file of older) await unlessMissing(unlink(join(place, file)))
      for (const [name, number] of newest) {
        if (!name.startsWith(prefix)) continue
        const path = join(place, `${name}.${number}`)
        const file = await unlessMissing(stat(path))
        if (!file) continue
        if (file.size > 0) found.push({ name, tag: String(number), modifiedMs: file.mtimeMs, bytes: file.size })
        else if (clock.now() - file.mtimeMs > deletionMs) await unlessMissing(unlink(path))
      }
    }
    return found
  }

  const told = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      await (swept ??= sweepTemporaries(root, clock.now()))
      return await work()
    } catch (error) {
      const reason = codeOf(error) || reasonOf(error)
      throw new StoreError(`Could not ${what} what is kept in ${root}: ${reason}`, { cause: error })
    }
  }
  return {
    label: root,
    read: (kind, name, knownTag) => told('read', () => read(kind, name, knownTag)),
    write: ({ kind, name, bytes }, over) =>
      told('write', async () => {
        const number = await create(folderOf(kind, name), name, bytes, over === undefined ? undefined : Number(over))
        return number === undefined ? undefined : String(number)
      }),
    remove: (kind, name, tag) => told('delete', () => remove(kind, name, tag)),
    list: (kind, prefix = '') => told('list', () => list(kind, prefix)),
  }
}
