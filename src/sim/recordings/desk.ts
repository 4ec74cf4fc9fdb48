/** Recordings for a person: listed, searched, read, edited, deleted, and compared with a request that found none. */
import { decodedText, toBody } from './body.ts'
import { differencesOf, type DifferentPlace } from './difference.ts'
import type { Desk, Interaction, Recordings, Sought } from './interaction.ts'
import { fileOf, isDocument } from './name.ts'
import { problemsIn } from './read-document.ts'
import { maskedJson } from './secrets.ts'
import type { RecordingStore } from './store.ts'

type Parts = Pick<Recordings, 'miss'> & {
  readonly store: RecordingStore
  readonly ignore: readonly string[]
  readonly interactionsOf: (name: string) => Promise<readonly Interaction[]>
  /** What was read of it before holds no longer. */
  readonly forget: (name: string) => void
}

/** So many names are looked at, so many documents are read for a search, and none that is longer. */
const maxListed = 20_000
const maxRead = 2_000
const maxBytesRead = 262_144

export function openDesk({ store, ignore, interactionsOf, forget, miss }: Parts): Desk {
  return {
    place: store.label,
    async list({ finds, skip, limit }) {
      const recordings: { name: string; bytes: number }[] = []
      let [count, listed, read] = [0, 0, 0]
      let isPartial = false
      for await (const { name, bytes } of store.list()) {
        if (++listed > maxListed) {
          isPartial = true
          break
        }
        if (!isDocument(name)) continue
        if (finds && !finds(name)) {
          const isRead = bytes <= maxBytesRead && read < maxRead
          isPartial ||= !isRead
          if (!isRead) continue
          read++
          const found = await store.read(name)
          if (typeof found !== 'object' || !finds(decodedText(found.bytes) ?? '')) continue
        }
        if (count++ >= skip && recordings.length < limit) recordings.push({ name, bytes })
      }
      return { recordings, count, isPartial }
    },
    async read(name) {
      const found = await store.read(name)
      return typeof found === 'object' ? { name, ...found } : undefined
    },
    problems: (name, bytes) => problemsIn(name, bytes, store),
    async write({ name, bytes }, tag) {
      const isWritten = tag === undefined ? await store.create(name, bytes) : await store.replace(name, bytes, tag)
      forget(name)
      return isWritten ? 'written' : 'changed'
    },
    async remove(name) {
      const isGone = await store.remove(name)
      forget(name)
      // The document first, so that it is never without what is beside it.
      const start = name.replace(/ya?ml$/, '')
      for await (const other of store.list(start)) if (isBeside(other.name, start)) await store.remove(other.name)
      return isGone
    },
    async nearest(sought) {
      const found = await miss(sought)
      const { nearest } = found
      if (!nearest || nearest.difference === 'path') return { ...found, differences: [] }
      const asked = toBody(sought.bytes)
      const lists = (await interactionsOf(nearest.name)).map(({ request }) => placesOf(asked, request, sought, ignore))
      const [differences = []] = lists.sort((a, b) => a.length - b.length)
      return { ...found, differences }
    },
  }
}

/** `KEY.request-0123.bin` is beside `KEY.yaml`. */
const isBeside = (name: string, start: string) =>
  name.startsWith(start) && /^(?:request|response|event)-[0-9a-f]+\.bin$/.test(fileOf(name).slice(fileOf(start).length))

function placesOf(
  asked: ReturnType<typeof toBody>,
  { method, body }: Interaction['request'],
  sought: Sought,
  ignore: readonly string[],
): readonly DifferentPlace[] {
  if (method.toUpperCase() !== sought.method.toUpperCase())
    return [{ path: 'method', sought: sought.method, recorded: method }]
  if (asked.kind !== 'json' || body?.kind !== 'json') return []
  // Secrets of the recording were masked when it was kept.
  return differencesOf(JSON.parse(maskedJson(asked.text ?? '')), body.value, ignore)
}
