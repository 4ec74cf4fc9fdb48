import { checkName } from '../../src/sim/recordings/name.ts'
import type { RecordingStore } from '../../src/sim/recordings/store.ts'

/** Recordings that do not outlive the process. */
export function memoryStore(): RecordingStore {
  const documents = new Map<string, { readonly bytes: Uint8Array; readonly tag: string }>()
  let writes = 0
  const named = async <T>(name: string, work: (name: string) => T): Promise<T> => {
    checkName(name)
    return work(await Promise.resolve(name))
  }

  return {
    label: 'memory',
    freshMs: 0,
    read: (asked, knownTag) =>
      named(asked, (name) => {
        const found = documents.get(name)
        return found && found.tag === knownTag ? 'unchanged' : found
      }),
    create: (asked, bytes) =>
      named(asked, (name) => {
        if (documents.has(name)) return false
        documents.set(name, { bytes: Uint8Array.from(bytes), tag: String(++writes) })
        return true
      }),
    replace: (asked, bytes, tag) =>
      named(asked, (name) => {
        if (documents.get(name)?.tag !== tag) return false
        documents.set(name, { bytes: Uint8Array.from(bytes), tag: String(++writes) })
        return true
      }),
    list: async function* (prefix = '') {
      for (const [name, { bytes, tag }] of [...documents].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (name.startsWith(prefix)) yield await Promise.resolve({ name, tag, bytes: bytes.length })
      }
    },
    remove: (asked) => named(asked, (name) => documents.delete(name)),
  }
}
