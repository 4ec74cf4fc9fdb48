/** Files that a process has while it writes others, and what is left of those whose process was killed. */
import { createHash } from 'node:crypto'
import { readdir, readFile, stat, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { codeOf } from '../base/reason.ts'

/** A folder may be on a drive that several machines share, each with processes of its own. */
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

let made = 0

/** Hidden, so that it is never taken for a document. */
export const temporaryName = () => `.${host}-${process.pid}-${++made}.tmp`

/** Of another machine's process nobody here knows whether it lives; it needs a moment for a file, and no hour. */
const foreignMs = 3_600_000

/**
 * Deletes below `root` what processes left behind that are no more. What one of them was about to write beside a
 * document is named in such a file: it is deleted as well, unless its document came to be.
 */
export async function sweepTemporaries(root: string, nowMs: number): Promise<number> {
  let count = 0
  for (const entry of await readdir(root, { withFileTypes: true }).catch(() => [])) {
    const path = join(root, entry.name)
    if (entry.isDirectory()) count += await sweepTemporaries(path, nowMs)
    else if (await isLeft(entry.name, path, nowMs)) {
      await undo(root, path)
      await unlink(path).catch(() => undefined)
      count++
    }
  }
  return count
}

async function isLeft(name: string, path: string, nowMs: number): Promise<boolean> {
  // Without a host, as earlier versions had it.
  const found = /^\.(?:([0-9a-f]{8})-)?(\d+)-\d+\.tmp$/.exec(name)
  if (!found) return false
  const mtimeMs = await stat(path).then(
    (file) => file.mtimeMs,
    () => Infinity,
  )
  const pid = Number(found[2])
  if (found[1] !== undefined && found[1] !== host) return nowMs - mtimeMs > foreignMs
  // A container's processes have the same number after each start.
  if (pid === process.pid) return mtimeMs < performance.timeOrigin - 1_000
  return !isAlive(pid) || nowMs - mtimeMs > foreignMs
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

/** What is written beside a document, before it. */
export type Intent = { readonly document: string; readonly files: readonly string[] }

const longestIntent = 65_536

async function undo(folder: string, path: string): Promise<void> {
  const intent = await readIntent(path)
  if (!intent) return
  const document = await readFile(join(folder, intent.document), 'utf8').catch(() => '')
  for (const file of intent.files) {
    if (!document.includes(file)) await unlink(join(folder, file)).catch(() => undefined)
  }
}

/** `undefined` for what is not one, or may be half of one. */
async function readIntent(path: string): Promise<Intent | undefined> {
  try {
    if ((await stat(path)).size > longestIntent) return undefined
    const { intent } = JSON.parse(await readFile(path, 'utf8')) as { readonly intent?: Intent }
    const names = intent ? [intent.document, ...intent.files] : []
    return names.every((name) => /^[^/\\]+$/.test(name)) ? intent : undefined
  } catch {
    return undefined
  }
}
