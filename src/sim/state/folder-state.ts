import { mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { StoreError } from '../storage/store-error.ts'
import type { Stored } from '../storage/stored.ts'
import { createWhole, tagOf, unlessMissing } from '../storage/whole-file.ts'
import type { StateStore } from './store.ts'
import { codeOf, reasonOf } from '../base/reason.ts'

/** Of the documents that were replaced, so that whoever is reading one does so in peace. */
const kept = 5

/**
 * In a folder, which is made with the first document. No file system replaces a file on a condition, so each change is
 * a file of its own, `runtime.7.json`, created only where there is none of that number: the highest one counts.
 */
export function folderState(folder: string): StateStore {
  const root = resolve(folder)
  const pathOf = (number: number) => join(root, `runtime.${number}.json`)

  const numbers = async () =>
    ((await unlessMissing(readdir(root))) ?? [])
      .flatMap((name) => /^runtime\.(\d{1,15})\.json$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a)

  const readIn = async (path: string, prefix: string, knownTag?: string): Promise<Stored | 'unchanged' | undefined> => {
    const found = await unlessMissing(stat(path))
    if (!found?.isFile()) return undefined
    // The tag is taken first: a change while reading is then noticed at the next look.
    const tag = `${prefix}${tagOf(found)}`
    if (tag === knownTag) return 'unchanged'
    const bytes = await unlessMissing(readFile(path))
    return bytes && { bytes, tag }
  }

  const readChanges = async (knownTag?: string) => {
    // One that has gone since it was listed has been replaced by then.
    for (let look = 0; look < 10; look++) {
      const [latest] = await numbers()
      if (latest === undefined) return undefined
      const stored = await readIn(pathOf(latest), `${latest} `, knownTag)
      if (stored) return stored
    }
    return undefined
  }

  const replace: StateStore['replace'] = async (bytes, knownTag) => {
    await mkdir(root, { recursive: true })
    const current = await readChanges(knownTag)
    if (knownTag === undefined ? current !== undefined : current !== 'unchanged') return undefined
    const number = Number(knownTag?.split(' ')[0] ?? 0) + 1
    if (!(await createWhole(pathOf(number), bytes))) return undefined
    const [latest, ...others] = await numbers()
    await Promise.all(others.slice(kept).map((old) => unlessMissing(unlink(pathOf(old)))))
    if (latest !== number) return undefined
    return `${number} ${tagOf(await stat(pathOf(number)))}`
  }

  const told = <T>(work: Promise<T>, what: string): Promise<T> =>
    work.catch((error: unknown) => {
      const reason = codeOf(error) || reasonOf(error)
      throw new StoreError(`Could not ${what} configuration in ${root}: ${reason}`, { cause: error })
    })
  return {
    label: root,
    read: (name, knownTag) =>
      told(name === 'sim.yaml' ? readIn(join(root, name), '', knownTag) : readChanges(knownTag), 'read'),
    replace: (bytes, knownTag) => told(replace(bytes, knownTag), 'write'),
  }
}
