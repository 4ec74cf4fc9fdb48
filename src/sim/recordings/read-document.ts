/** A document with what is beside it, as a store has them; also a file of the Python simulator, which holds many interactions. */
import type { JsonObject } from '../base/object.ts'
import { decodedText, toBody } from './body.ts'
import type { ParsedDocument } from './document-cache.ts'
import type { Interaction } from './interaction.ts'
import type { KeyOf } from './key.ts'
import { isLegacyDocument, type LegacyRecording, parseLegacy } from './legacy.ts'
import { fileOf } from './name.ts'
import { type Files, fromTree, loadTree, neededFiles, requestFile } from './parse-document.ts'
import { DocumentError, firstLine } from './reader.ts'
import type { RecordingStore } from './store.ts'

/** A document as it is remembered. */
export type ReadDocument =
  | { readonly kind: 'interaction'; readonly interaction: Interaction; readonly requestFile: string | undefined }
  | { readonly kind: 'legacy'; readonly recording: LegacyRecording }

type Options = { readonly store: RecordingStore; readonly keyOf: KeyOf }

/** Throws for what cannot be read at all. */
export async function readDocument(
  name: string,
  bytes: Uint8Array,
  { store, keyOf }: Options,
): Promise<ParsedDocument<ReadDocument>> {
  const text = decodedText(bytes)
  if (text === undefined) throw new DocumentError('it is not UTF-8')
  // An old file is about three times its size once it is taken apart.
  if (!name.includes('/') && isLegacyDocument(text)) {
    const recording = parseLegacy(text, keyOf)
    return { value: { kind: 'legacy', recording }, sizeBytes: 3 * bytes.length, problems: recording.problems }
  }
  const tree = loadTree(text)
  const files = await readFiles(tree, name, store)
  const interaction = fromTree(tree, files)
  const { body } = interaction.response
  const events = body.kind === 'events' ? body.events.length : 0
  const besides = [...files.values()].reduce((sum, file) => sum + file.length, 0)
  const sizeBytes = Math.ceil(1.2 * bytes.length) + 250 * events + 2 * besides + 1000
  return { value: { kind: 'interaction', interaction, requestFile: requestFile(tree) }, sizeBytes, problems: [] }
}

/** What of a document cannot be read, a line each. */
export async function documentProblems(name: string, store: RecordingStore): Promise<readonly string[]> {
  const found = await store.read(name)
  return found === undefined || found === 'unchanged' ? [] : problemsIn(name, found.bytes, store)
}

/** The same of what may become a document: everything that is wrong with it. */
export async function problemsIn(name: string, bytes: Uint8Array, store: RecordingStore): Promise<readonly string[]> {
  const text = decodedText(bytes)
  if (text === undefined) return ['it is not UTF-8']
  const problems: string[] = []
  try {
    if (!name.includes('/') && isLegacyDocument(text)) return parseLegacy(text, () => '').problems
    const tree = loadTree(text)
    fromTree(tree, await readFiles(tree, name, store, []), problems)
  } catch (error) {
    problems.push(firstLine(error))
  }
  return problems
}

async function readFiles(tree: JsonObject, name: string, store: RecordingStore, problems?: string[]): Promise<Files> {
  const files = new Map<string, Uint8Array>()
  for (const file of neededFiles(tree, problems)) {
    if (file === '') continue
    const found = await store.read(besideName(name, file))
    if (found !== undefined && found !== 'unchanged') files.set(file, found.bytes)
  }
  return files
}

const besideName = (name: string, file: string) => name.slice(0, name.length - fileOf(name).length) + file

/** All interactions of a document, with the bodies of their requests. */
export async function wholeInteractions(
  document: ReadDocument,
  name: string,
  store: RecordingStore,
): Promise<readonly Interaction[]> {
  if (document.kind === 'legacy') return document.recording.interactions.map(({ interaction }) => interaction)
  const { interaction, requestFile: file } = document
  const found = file === undefined ? undefined : await store.read(besideName(name, file))
  if (found === undefined || found === 'unchanged') return [interaction]
  return [{ ...interaction, request: { ...interaction.request, body: toBody(found.bytes) } }]
}
