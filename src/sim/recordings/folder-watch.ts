/**
 * Tells of a folder whether anything in it has changed, without a look at each of its files: the system tells of
 * changes by itself. It does so for its own file systems alone, so whoever asks looks for himself now and then.
 */
import { watch } from 'node:fs'
import { basename } from 'node:path'

/** Each takes some of the system's memory for watches, of which others want some, too. */
const maxFolders = 64

export type FolderWatch = {
  /** A number that is the same as long as nothing has changed in the folder; `undefined` where that is not known. */
  readonly mark: (folder: string) => number | undefined
}

/** `pathOf` gives a folder's path, where there may be one. */
export function folderWatch(pathOf: (folder: string) => string): FolderWatch {
  const marks = new Map<string, number>()
  let latest = 0

  const begin = (folder: string): number | undefined => {
    try {
      const path = pathOf(folder)
      // It must not keep alive a process that has nothing else to do.
      const watcher = watch(path, { persistent: false }, (_kind, file) => {
        if (!marks.has(folder)) return
        marks.set(folder, ++latest)
        // So it is told, too, that the folder itself was moved or removed.
        if (file === null || file === basename(path)) end()
      })
      const end = () => {
        marks.delete(folder)
        watcher.close()
      }
      watcher.on('error', end)
      marks.set(folder, ++latest)
      return latest
    } catch {
      return undefined
    }
  }

  return {
    mark(folder) {
      const known = marks.get(folder)
      if (known !== undefined) return known
      // Elsewhere the system tells some time after a change, and an edit is to be noticed at once.
      return process.platform === 'linux' && marks.size < maxFolders ? begin(folder) : undefined
    },
  }
}
