/** A request that was recorded, for a person to send again. */
import { bodyBytes, decodedText } from './body.ts'
import { fileOf, isDocument } from './name.ts'
import { readDocument, wholeInteractions } from './read-document.ts'
import type { RecordingStore } from './store.ts'

export type RecordedExample = {
  readonly method: string
  /** With its query. */
  readonly target: string
  readonly contentType: string | undefined
  readonly body: string | undefined
}

const maxLooked = 50
const maxBodyLength = 1_500

/** The first of the first few that fits on a line; `undefined` where none does, or none can be read. */
export async function exampleRecorded(store: RecordingStore): Promise<RecordedExample | undefined> {
  let looked = 0
  for await (const { name } of store.list()) {
    if (!isDocument(fileOf(name))) continue
    if (looked++ === maxLooked) return undefined
    const found = await exampleIn(name, store).catch(() => undefined)
    if (found) return found
  }
  return undefined
}

async function exampleIn(name: string, store: RecordingStore): Promise<RecordedExample | undefined> {
  const found = await store.read(name)
  if (found === undefined || found === 'unchanged') return undefined
  const { value } = await readDocument(name, found.bytes, { store, keyOf: () => '' })
  for (const { request } of await wholeInteractions(value, name, store)) {
    const { method, path, query, contentType, body } = request
    const text = body && decodedText(bodyBytes(body))
    const isTyped = text !== undefined && text.length <= maxBodyLength && /json/.test(contentType ?? '')
    if (!isTyped && (method !== 'GET' || body !== undefined)) continue
    const search = new URLSearchParams(query).toString()
    return { method, target: search === '' ? path : `${path}?${search}`, contentType, body: text }
  }
  return undefined
}
