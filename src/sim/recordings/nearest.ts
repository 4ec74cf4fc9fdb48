/** For a request that was not recorded: the recording that comes nearest, and where it differs. */
import { distance } from 'fastest-levenshtein'
import { bodyBytes, toBody } from './body.ts'
import { differenceOf } from './difference.ts'
import type { Body, Interaction, Nearest, Sought } from './interaction.ts'
import { fileOf, folderOf, isDocument, legacyName } from './name.ts'
import type { RecordingStore } from './store.ts'

export type NearestOptions = {
  readonly store: RecordingStore
  /** All interactions of a document, with the bodies of their requests; empty where it cannot be read. */
  readonly interactionsOf: (name: string) => Promise<readonly Interaction[]>
  readonly ignore: readonly string[]
}

/** How many documents of the path are read at most, and how many names are looked at. */
const maxRead = 200
const maxListed = 5000
const atOnce = 8

export async function nearestTo(sought: Sought, options: NearestOptions): Promise<Nearest | undefined> {
  const { store, interactionsOf } = options
  const folder = folderOf(sought.path)
  const names: string[] = []
  const legacy = legacyName(sought.path)
  if (legacy !== undefined) names.push(legacy)
  let listed = 0
  for await (const { name } of store.list(folder)) {
    if (isDocument(name) && name.length - fileOf(name).length === folder.length) names.push(name)
    if (names.length > maxRead || ++listed > maxListed) break
  }
  const asked = toBody(sought.bytes)
  const found: (Nearest & { readonly count: number })[] = []
  for (let start = 0; start < names.length; start += atOnce) {
    await Promise.all(
      names.slice(start, start + atOnce).map(async (name) => {
        for (const { request } of await interactionsOf(name)) {
          found.push({ name, ...compared(sought, asked, request, options.ignore) })
        }
      }),
    )
  }
  const [first] = found.sort((a, b) => a.count - b.count || (a.name < b.name ? -1 : 1))
  return first ? { name: first.name, difference: first.difference } : nearestPath(folder, store)
}

function compared(sought: Sought, asked: Body, request: Interaction['request'], ignore: readonly string[]) {
  if (request.method.toUpperCase() !== sought.method.toUpperCase()) return { difference: 'method', count: 1_000_000 }
  const { body } = request
  if (body?.kind === 'json' && asked.kind === 'json') {
    const different = differenceOf(asked.value, body.value, ignore)
    // Values that are equal are still spelled in two ways: `1.0` and `1`.
    return { difference: different?.first ?? 'body', count: different?.count ?? 0 }
  }
  const isForm = /^\s*multipart\//i.test(sought.contentType)
  return { difference: 'body', count: body && isForm ? 10_000 + Math.abs(sizeOf(body) - sought.bytes.length) : 100_000 }
}

const sizeOf = (body: Body) => bodyBytes(body).length

/** By the folders alone: no document is read. */
async function nearestPath(folder: string, store: RecordingStore): Promise<Nearest | undefined> {
  let nearest: { readonly name: string; readonly edits: number } | undefined
  let listed = 0
  let previous: string | undefined
  for await (const { name } of store.list()) {
    if (++listed > maxListed) break
    if (!isDocument(name)) continue
    const other = name.slice(0, name.length - fileOf(name).length)
    if (other === previous) continue
    previous = other
    const edits = distance(
      folder,
      other === ''
        ? fileOf(name)
            .replace(/\.ya?ml$/, '')
            .replaceAll('_', '/')
        : other,
    )
    if (!nearest || edits < nearest.edits) nearest = { name, edits }
  }
  return nearest && { name: nearest.name, difference: 'path' }
}
