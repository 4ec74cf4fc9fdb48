/** Files that are there whole or not at all. */
import type { Stats } from 'node:fs'
import { link, open, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf } from '../base/reason.ts'
import { temporaryName } from './temporary.ts'

/** False where there was one of that name already, which is left as it was. The folder has to be there. */
export async function createWhole(path: string, bytes: Uint8Array): Promise<boolean> {
  const temporary = await writeTemporary(path, bytes)
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (!linkless.has(codeOf(error))) throw error
    // A file system without links: the check and the move are two steps, and of two writers the later one stays.
    if (await unlessMissing(stat(path))) return false
    await rename(temporary, path)
    return true
  } finally {
    await unlessMissing(unlink(temporary))
  }
}

/** False where the file is not the one any more that had this tag. The check and the move are two steps. */
export async function replaceWhole(path: string, bytes: Uint8Array, tag: string): Promise<boolean> {
  const temporary = await writeTemporary(path, bytes)
  const found = await unlessMissing(stat(path))
  if (!found || tagOf(found) !== tag) {
    await unlessMissing(unlink(temporary))
    return false
  }
  await rename(temporary, path)
  return true
}

/** Changes with every change of the file. */
export const tagOf = ({ mtimeMs, ctimeMs, size, ino }: Stats) => `${mtimeMs}-${ctimeMs}-${size}-${ino}`

export async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(codeOf(error))) return undefined
    throw error
  }
}

/** In the same folder, so that it can become the document by a link; hidden, so that it is never taken for one. */
export async function writeTemporary(path: string, bytes: Uint8Array): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const temporary = join(dirname(path), temporaryName())
    try {
      const file = await open(temporary, 'wx')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } catch (error) {
        await unlessMissing(unlink(temporary))
        throw error
      } finally {
        await file.close()
      }
      return temporary
    } catch (error) {
      // Left behind by a process of that id that was killed.
      if (codeOf(error) !== 'EEXIST' || attempt > 1000) throw error
    }
  }
}

const linkless = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'])
