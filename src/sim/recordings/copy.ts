/** Recordings from one store to another, as they are. */
import { isDocument } from './name.ts'
import type { RecordingStore } from './store.ts'

/** How many documents were written, and how many the other store had already. */
export type Copied = { readonly copied: number; readonly skipped: number }

const atOnce = 8

/** Files that documents refer to go first, so that no document is ever without them. */
export async function copyRecordings(
  from: RecordingStore,
  to: RecordingStore,
  { overwrite }: { readonly overwrite: boolean },
): Promise<Copied> {
  const documents: string[] = []
  const files: string[] = []
  for await (const { name } of from.list()) (isDocument(name) ? documents : files).push(name)
  await eachOf(files, (name) => copy(name, { from, to, overwrite }))
  const results = await eachOf(documents, (name) => copy(name, { from, to, overwrite }))
  const copied = results.filter(Boolean).length
  return { copied, skipped: results.length - copied }
}

type Copying = { readonly from: RecordingStore; readonly to: RecordingStore; readonly overwrite: boolean }

async function copy(name: string, { from, to, overwrite }: Copying): Promise<boolean> {
  const there = await to.read(name)
  if (there && !overwrite) return false
  const found = await from.read(name)
  // Deleted meanwhile.
  if (found === undefined || found === 'unchanged') return false
  if (there && there !== 'unchanged') {
    if (Buffer.compare(there.bytes, found.bytes) === 0) return false
    await to.remove(name)
  }
  return to.create(name, found.bytes)
}

async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))))
  }
  return results
}
