import { checkName } from './name.ts'
import type { RecordingStore } from './store.ts'

/** For tests, and for recordings that are not to outlive the process. */
export function memoryStore(): RecordingStore {
  const documents = new Map<string, { readonly bytes: Uint8Array; readonly tag: string }>()
  let writes = 0

  return {
    label: 'memory',
    freshMs: 0,
    read: (name, knownTag) => {
      const found = documents.get(checkedName(name))
      return Promise.resolve(found && found.tag === knownTag ? 'unchanged' : found)
    },
    create: (name, bytes) => {
      if (documents.has(checkedName(name))) return Promise.resolve(false)
      documents.set(name, { bytes: Uint8Array.from(bytes), tag: String(++writes) })
      return Promise.resolve(true)
    },
    list: async function* (prefix = '') {
      for (const [name, { bytes, tag }] of [...documents].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (name.startsWith(prefix)) yield await Promise.resolve({ name, tag, bytes: bytes.length })
      }
    },
    remove: (name) => Promise.resolve(documents.delete(checkedName(name))),
  }
}

const checkedName = checkName
