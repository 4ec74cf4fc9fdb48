/** Shared configuration in memory, which a test can change, break and hold up. */
import { createHash } from 'node:crypto'
import type { StateName, StateStore } from '../../src/sim/state/store.ts'
import { StoreError } from '../../src/sim/storage/store-error.ts'

export function memoryState() {
  const documents = new Map<StateName, { bytes: Uint8Array; tag: string }>()
  let puts = 0
  const state = {
    reads: 0,
    isAway: false,
    /** Runs before each write, as another instance would. */
    beforeReplace: undefined as (() => void) | undefined,
    /** Where it is set, reads wait for it. */
    held: undefined as Promise<void> | undefined,
    put(name: StateName, content: string) {
      documents.set(name, { bytes: Buffer.from(content), tag: String(++puts) })
    },
    remove: (name: StateName) => documents.delete(name),
    text: (name: StateName) => Buffer.from(documents.get(name)?.bytes ?? []).toString(),
    hash: (name: StateName) => createHash('sha256').update(state.text(name)).digest('hex').slice(0, 8),
  }
  const store: StateStore = {
    label: 'memory',
    async read(name, knownTag) {
      state.reads++
      await state.held
      if (state.isAway) throw new StoreError('Could not read configuration in memory: away')
      const found = documents.get(name)
      return found?.tag === knownTag && found ? 'unchanged' : found
    },
    replace(bytes, knownTag) {
      state.beforeReplace?.()
      if (state.isAway) return Promise.reject(new StoreError('Could not write configuration in memory: away'))
      if (documents.get('runtime.json')?.tag !== knownTag) return Promise.resolve(undefined)
      state.put('runtime.json', Buffer.from(bytes).toString())
      return Promise.resolve(documents.get('runtime.json')?.tag)
    },
  }
  return { state, store }
}
