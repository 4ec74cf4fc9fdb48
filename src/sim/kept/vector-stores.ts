/** The vector stores that a resource keeps, and what their files go through by the clock. */
import { takingTurns } from '../base/work-slices.ts'
import { keptShelf, mergedById } from '../base/kept-shelf.ts'
import type { LiveResource, Resource } from '../operation.ts'
import { type Attributes, type Filter, matcherOf } from './attributes.ts'
import { textOfFile } from './file-text.ts'
import { type Chunking, cutIntoPassages, nearness, type Passage, vectorOf } from './passages.ts'
import { type StoredFile, storedFiles } from './stored-files.ts'

export type StoreFile = {
  readonly id: string
  readonly filename: string
  readonly addedAtMs: number
  /** When it is done with, as far as the clock says; its text must have been read besides. */
  dueAtMs: number
  readonly batchId: string | undefined
  readonly chunking: Chunking
  attributes: Attributes
  isCancelled: boolean
  read: { readonly passages: readonly Passage[]; readonly bytes: number } | { readonly fault: string } | undefined
}

export type FileBatch = { readonly id: string; readonly createdAtMs: number; isCancelled: boolean }

export type VectorStore = {
  readonly id: string
  readonly createdAtMs: number
  name: string | null
  metadata: Readonly<Record<string, string>>
  expiresAfterDays: number | undefined
  lastActiveAtMs: number
  readonly files: Map<string, StoreFile>
  readonly batches: Map<string, FileBatch>
}

export type FileStatus = 'in_progress' | 'completed' | 'failed' | 'cancelled'

/** For `resource.shelf`. */
export const vectorStoreShelf = keptShelf<VectorStore>({
  kind: 'vector-stores',
  ids: /\bvs_[0-9A-Za-z]{24}\b/g,
  bytesOf: (store) => 1_000 + 500 * store.files.size + bytesOf(store),
  needs: ({ files }) => [...files.keys()].join('\n'),
  merge: (mine, theirs, since) => ({
    ...mine,
    lastActiveAtMs: Math.max(mine.lastActiveAtMs, theirs.lastActiveAtMs),
    files: mergedById(mine.files, theirs.files, since, ({ addedAtMs }) => addedAtMs),
    batches: mergedById(mine.batches, theirs.batches, since, ({ createdAtMs }) => createdAtMs),
  }),
})
const bytesOf = ({ files }: VectorStore): number =>
  [...files.values()].reduce((sum, { read }) => sum + (read && 'passages' in read ? memoryOf(read.passages) : 0), 0)
/** Passages share their text, and each has a vector. */
const memoryOf = (passages: readonly Passage[]) => passages.reduce((sum, { text }) => sum + 2 * text.length + 1_200, 0)

export const vectorStoresOf = ({ shelf }: Pick<Resource, 'shelf'>) => shelf(vectorStoreShelf)

export const fileStatusOf = ({ read, dueAtMs, isCancelled }: StoreFile, nowMs: number): FileStatus => {
  if (isCancelled) return 'cancelled'
  if (!read || nowMs < dueAtMs) return 'in_progress'
  return 'fault' in read ? 'failed' : 'completed'
}

/** As recorded: a kilobyte for each passage beside its text. */
export const fileUsageOf = (file: StoreFile, nowMs: number): number =>
  file.read && 'passages' in file.read && fileStatusOf(file, nowMs) === 'completed'
    ? file.read.bytes + 1024 * file.read.passages.length
    : 0

export const countsOf = (files: readonly StoreFile[], nowMs: number) => {
  const counts = { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: files.length }
  for (const file of files) counts[fileStatusOf(file, nowMs)]++
  return counts
}

export const expiryOf = ({ expiresAfterDays, lastActiveAtMs }: VectorStore): number | undefined =>
  expiresAfterDays === undefined ? undefined : lastActiveAtMs + expiresAfterDays * 86_400_000

export type Adding = {
  readonly file: StoredFile
  readonly chunking: Chunking
  readonly attributes: Attributes
  readonly batchId?: string
}

/** Adds a file, or adds it anew. Its text is read meanwhile, in turns with all such work. */
export function addFile(live: LiveResource, store: VectorStore, { file, ...rest }: Adding): StoreFile {
  const { clock, config } = live
  const addedAtMs = clock.now()
  const added: StoreFile = {
    id: file.id,
    filename: file.filename,
    addedAtMs,
    dueAtMs: addedAtMs + config().files.indexTimeMs,
    batchId: rest.batchId,
    chunking: rest.chunking,
    attributes: rest.attributes,
    isCancelled: false,
    read: undefined,
  }
  store.files.set(file.id, added)
  store.lastActiveAtMs = addedAtMs
  vectorStoresOf(live).changed(store.id)
  void readInto(added, file.bytes, { live, store })
  return added
}

/** For `resource.shelf`: files are read one after the other, as each has its text in memory meanwhile. */
const readings = (): { last: Promise<undefined> } => ({ last: Promise.resolve(undefined) })

async function readInto(
  added: StoreFile,
  bytes: Uint8Array,
  { live, store }: { readonly live: LiveResource; readonly store: VectorStore },
): Promise<void> {
  const queue = live.shelf(readings)
  const before = queue.last
  const { promise, resolve } = Promise.withResolvers<undefined>()
  queue.last = promise
  await before
  try {
    // It may have been added anew meanwhile.
    if (store.files.get(added.id) !== added) return
    const found = await textOfFile(bytes, added.filename, (work) => takingTurns(live, work))
    added.read = 'fault' in found ? found : await passagesOf(found.text, added, { live, store })
  } catch (error) {
    live.report(error)
    added.read = { fault: 'The file could not be parsed.' }
  } finally {
    resolve(undefined)
  }
  // What it takes is known now. The store may be another object by then, as others may have changed it.
  const stores = vectorStoresOf(live)
  const kept = stores.get(store.id)
  const file = kept?.files.get(added.id)
  if (!kept || !file || file.addedAtMs !== added.addedAtMs) return
  file.read = added.read
  stores.put(kept)
}

async function passagesOf(
  text: string,
  { chunking }: StoreFile,
  { live, store }: { readonly live: LiveResource; readonly store: VectorStore },
): Promise<StoreFile['read']> {
  const passages = await cutIntoPassages(text, chunking, live)
  return bytesOf(store) + memoryOf(passages) > live.config().kept.maxBytes
    ? { fault: 'The file is larger than what is kept of all vector stores together (kept.maxBytes).' }
    : { passages, bytes: Buffer.byteLength(text) }
}

/** What another process was reading, which may have ended meanwhile, is read anew once that took too long. */
export function resumeReading(live: LiveResource, store: VectorStore): void {
  if (!live.keeping) return
  const nowMs = live.clock.now()
  for (const file of store.files.values()) {
    if (file.read || file.isCancelled || nowMs < Math.max(file.dueAtMs, file.addedAtMs + patienceMs)) continue
    const bytes = live.shelf(storedFiles).get(file.id)?.bytes
    // Once more is waited for this time, too.
    file.dueAtMs = nowMs + patienceMs
    if (bytes) void readInto(file, bytes, { live, store })
  }
}

const patienceMs = 10_000

export type FoundPassage = {
  readonly fileId: string
  readonly filename: string
  readonly attributes: Attributes
  readonly score: number
  readonly text: string
}

/** How closely the place where a store survives follows its use. */
const toldActiveMs = 60_000

export type Search = {
  readonly queries: readonly string[]
  readonly maxResults: number
  readonly filter?: Filter | null | undefined
  readonly minScore?: number | undefined
}

/** So many passages are compared with a question between two looks at the clock. */
const comparedAStep = 64
/** Of more that were found the nearest are kept. */
const maxFound = 4_096

/** The passages of all these stores that come nearest to any of the queries, nearest first; in steps. */
export function* search(
  stores: readonly VectorStore[],
  { queries, maxResults, filter, minScore = 0 }: Search,
  resource: Pick<Resource, 'shelf' | 'clock'>,
): Generator<undefined, readonly FoundPassage[]> {
  const nowMs = resource.clock.now()
  const files = resource.shelf(storedFiles)
  const matches = matcherOf(filter)
  const questions: Float32Array[] = []
  for (const query of queries) {
    questions.push(vectorOf(query))
    yield
  }
  let found: FoundPassage[] = []
  const nearest = () => found.sort((a, b) => b.score - a.score).slice(0, maxResults)
  let compared = 0
  for (const store of new Set(stores)) {
    if (store.expiresAfterDays !== undefined && nowMs - store.lastActiveAtMs >= toldActiveMs)
      vectorStoresOf(resource).changed(store.id)
    store.lastActiveAtMs = nowMs
    for (const file of [...store.files.values()]) {
      yield
      if (fileStatusOf(file, nowMs) !== 'completed' || !matches(file.attributes) || !files.get(file.id)) continue
      for (const passage of (file.read as { passages: readonly Passage[] }).passages) {
        let best = 0
        for (const question of questions) {
          best = Math.max(best, nearness(question, passage))
          if (++compared % comparedAStep === 0) yield
        }
        if (best < minScore) continue
        const { id: fileId, filename, attributes } = file
        found.push({ fileId, filename, attributes, score: Number(best.toFixed(4)), text: passage.text })
        if (found.length >= maxFound) found = nearest()
      }
    }
  }
  return nearest()
}
