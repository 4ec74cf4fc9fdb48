/** All recordings of one store: what was kept for a request, and keeping more. */
import type { Clock } from '../clock.ts'
import { type Log, silentLog } from '../base/log.ts'
import { bodyBytes, textOf, toBody } from './body.ts'
import { toDocument } from './document.ts'
import { documentCache, type Parsed } from './document-cache.ts'
import { bytesOf } from './events.ts'
import type { Interaction, Recordings, Sought } from './interaction.ts'
import { formerKeyOf, keyOf } from './key.ts'
import { isLegacy, legacyMd5, type LegacyRecording, parseLegacy } from './legacy.ts'
import { documentName, fileOf, legacyName, md5Name, nthName } from './name.ts'
import { nearestTo } from './nearest.ts'
import { type Files, fromTree, loadTree, neededFiles, requestFile } from './parse-document.ts'
import { DocumentError, type Fields } from './reader.ts'
import type { RecordingStore } from './store.ts'

export type RecordingsOptions = {
  readonly store: RecordingStore
  readonly clock: Clock
  /** Body fields that do not tell requests apart: `user`, `metadata.session`. */
  readonly match?: { readonly ignore: readonly string[] }
  /** `first`: one answer a request. `all`: each that differs from the one before. */
  readonly keep?: 'first' | 'all'
  /** Off: what is added stays in memory until `save`. */
  readonly autosave?: boolean
  /** Of documents that were read. */
  readonly cacheBytes?: number
  readonly log?: Log
}

/** Reads nothing before it is asked: any number of documents costs nothing at the start. */
export function createRecordings({
  store,
  clock,
  match = { ignore: [] },
  keep = 'first',
  autosave = true,
  cacheBytes = 8 * 1024 * 1024,
  log = silentLog,
}: RecordingsOptions): Recordings {
  const key = keyOf(match.ignore)
  const formerKey = formerKeyOf(match.ignore)
  const names = new WeakMap<Interaction, string>()
  const cache = documentCache<Read>({
    store,
    clock,
    maxBytes: cacheBytes,
    log,
    parse: async (name, bytes) => {
      const parsed = await parse(name, bytes, { store, keyOf: key })
      const { value } = parsed
      if (value.kind === 'interaction') names.set(value.interaction, name)
      else for (const { interaction } of value.recording.interactions) names.set(interaction, name)
      return parsed
    },
  })
  /** Added and not written yet, by the name of the first answer. */
  const unsaved = new Map<string, { readonly sought: Sought; readonly interactions: Interaction[] }>()

  const written = async (first: string): Promise<readonly Interaction[]> => {
    const answers: Interaction[] = []
    const max = keep === 'all' ? maxAnswers : 1
    for (let nth = 1; nth <= max; nth++) {
      const found = await cache.load(nthName(first, nth))
      if (found?.kind !== 'interaction') break
      answers.push(found.interaction)
    }
    return answers
  }

  const older = async (sought: Sought): Promise<readonly Interaction[]> => {
    const converted = await cache.load(md5Name(sought.path, legacyMd5(sought)))
    if (converted?.kind === 'interaction') return [converted.interaction]
    const name = legacyName(sought.path)
    const found = name === undefined ? undefined : await cache.load(name)
    const interaction = found?.kind === 'legacy' ? found.recording.find(sought) : undefined
    return interaction ? [interaction] : []
  }

  /** What was kept under a former key stays there, and what comes after it goes beside it. */
  const placeOf = async (sought: Sought, first = documentName(sought.path, key(sought))): Promise<string> => {
    if (await cache.load(first)) return first
    const former = documentName(sought.path, formerKey(sought))
    return former !== first && (await cache.load(former)) ? former : first
  }

  const find = async (sought: Sought): Promise<readonly Interaction[]> => {
    let first = documentName(sought.path, key(sought))
    let saved = await written(first)
    if (saved.length === 0) {
      first = await placeOf(sought, first)
      saved = await written(first)
    }
    const pending = unsaved.get(first)?.interactions
    if (!pending) return saved.length > 0 ? saved : older(sought)
    return keep === 'all' ? [...saved, ...pending] : [saved[0] ?? pending[0]].filter((one) => one !== undefined)
  }

  const write = async (interaction: Interaction, sought: Sought): Promise<boolean> => {
    const first = await placeOf(sought)
    for (let nth = 1; nth <= (keep === 'all' ? maxAnswers : 1); nth++) {
      const name = nthName(first, nth)
      const known = await cache.load(name)
      if (known?.kind === 'interaction') {
        const next = keep === 'all' ? await cache.load(nthName(first, nth + 1)) : undefined
        if (keep === 'first' || (!next && isSameAnswer(known.interaction, interaction))) return false
        continue
      }
      const folder = name.slice(0, name.length - fileOf(name).length)
      const { bytes, files } = toDocument(interaction, fileOf(name).replace(/\.yaml$/, ''))
      for (const file of files) await store.create(folder + file.name, file.bytes)
      const isNew = await store.create(name, bytes)
      cache.forget(name)
      if (isNew) return true
      // Another was first: it may have kept the same answer.
      const winner = await cache.load(name)
      if (keep === 'all' && winner?.kind === 'interaction' && isSameAnswer(winner.interaction, interaction))
        return false
    }
    return false
  }

  const hold = async (interaction: Interaction, sought: Sought): Promise<void> => {
    const name = await placeOf(sought)
    const saved = await written(name)
    const held = unsaved.get(name) ?? { sought, interactions: [] }
    const last = held.interactions.at(-1) ?? saved.at(-1)
    if (last && (keep === 'first' || isSameAnswer(last, interaction))) return
    held.interactions.push(interaction)
    unsaved.set(name, held)
  }

  const save = async (): Promise<number> => {
    let count = 0
    for (const [name, { sought, interactions }] of [...unsaved]) {
      // Each is held until it is written, so that a store that is away loses nothing.
      for (let next = interactions[0]; next; next = interactions[0]) {
        if (await write(next, sought)) count++
        if (interactions[0] === next) interactions.shift()
      }
      if (interactions.length === 0) unsaved.delete(name)
    }
    return count
  }

  return {
    find,
    nameOf: (interaction) => names.get(interaction),
    add: async (interaction, sought) => {
      if (autosave) await write(interaction, sought)
      else await hold(interaction, sought)
    },
    save,
    nearest: (sought) => {
      const interactionsOf = async (name: string): Promise<readonly Interaction[]> => {
        const found = await cache.load(name)
        if (!found) return []
        if (found.kind === 'legacy') return found.recording.interactions.map(({ interaction }) => interaction)
        return [await withRequestBody(found, name, store)]
      }
      return nearestTo(sought, { store, interactionsOf, ignore: match.ignore })
    },
  }
}

/** Of one request; more are not looked for. */
const maxAnswers = 1000

/** A document as it is remembered. */
type Read =
  | { readonly kind: 'interaction'; readonly interaction: Interaction; readonly requestFile: string | undefined }
  | { readonly kind: 'legacy'; readonly recording: LegacyRecording }

type ParseOptions = { readonly store: RecordingStore; readonly keyOf: (sought: Sought) => string }

async function parse(name: string, bytes: Uint8Array, { store, keyOf }: ParseOptions): Promise<Parsed<Read>> {
  const text = textOf(bytes)
  if (text === undefined) throw new DocumentError('it is not UTF-8')
  // An old file is about three times its size once it is taken apart.
  if (!name.includes('/') && isLegacy(text)) {
    return { value: { kind: 'legacy', recording: parseLegacy(text, keyOf) }, sizeBytes: 3 * bytes.length }
  }
  const tree = loadTree(text)
  const files = await readFiles(tree, name, store)
  const interaction = fromTree(tree, files)
  const { body } = interaction.response
  const events = body.kind === 'events' ? body.events.length : 0
  const besides = [...files.values()].reduce((sum, file) => sum + file.length, 0)
  const sizeBytes = Math.ceil(1.2 * bytes.length) + 250 * events + 2 * besides + 1000
  return { value: { kind: 'interaction', interaction, requestFile: requestFile(tree) }, sizeBytes }
}

async function readFiles(tree: Fields, name: string, store: RecordingStore): Promise<Files> {
  const files = new Map<string, Uint8Array>()
  for (const file of neededFiles(tree)) {
    const found = await store.read(besideName(name, file))
    if (found !== undefined && found !== 'unchanged') files.set(file, found.bytes)
  }
  return files
}

const besideName = (name: string, file: string) => name.slice(0, name.length - fileOf(name).length) + file

type ReadInteraction = Extract<Read, { readonly kind: 'interaction' }>

async function withRequestBody(read: ReadInteraction, name: string, store: RecordingStore): Promise<Interaction> {
  const { interaction, requestFile: file } = read
  const found = file === undefined ? undefined : await store.read(besideName(name, file))
  if (found === undefined || found === 'unchanged') return interaction
  return { ...interaction, request: { ...interaction.request, body: toBody(found.bytes) } }
}

function isSameAnswer(a: Interaction, b: Interaction): boolean {
  return a.response.status === b.response.status && Buffer.compare(answerBytes(a), answerBytes(b)) === 0
}

function answerBytes({ response: { body } }: Interaction): Uint8Array {
  return body.kind === 'events' ? Buffer.concat(body.events.map(({ data }) => bytesOf(data))) : bodyBytes(body)
}
