/** A document with what goes beside it, which is there before it, and is gone again where it cannot be written. */
import { toDocument } from './document.ts'
import type { Interaction } from './interaction.ts'
import { fileOf } from './name.ts'
import type { RecordingStore } from './store.ts'

/** False where there was one of that name already. `head` is written before it. */
export async function createDocument(
  store: RecordingStore,
  name: string,
  interaction: Interaction,
  head?: Uint8Array,
): Promise<boolean> {
  const file = fileOf(name)
  const folder = name.slice(0, name.length - file.length)
  const { bytes, files } = toDocument(interaction, file.replace(/\.yaml$/, ''))
  const document = head ? Buffer.concat([head, bytes]) : bytes
  if (files.length === 0) return store.create(name, document)

  const made: string[] = []
  const done = await store.intend?.({ folder, document: file, files: files.map((one) => one.name) })
  let isNew = false
  try {
    for (const beside of files) {
      made.push(folder + beside.name)
      if (!(await store.create(folder + beside.name, beside.bytes))) made.pop()
    }
    isNew = await store.create(name, document)
    return isNew
  } finally {
    if (!isNew) await removeUnnamed(store, name, made).catch(() => undefined)
    await done?.().catch(() => undefined)
  }
}

/** The document may be there all the same: another's, or its own where the answer of the store was lost. */
async function removeUnnamed(store: RecordingStore, name: string, made: readonly string[]): Promise<void> {
  const found = await store.read(name)
  const text = typeof found === 'object' ? Buffer.from(found.bytes).toString() : ''
  for (const one of made) if (!text.includes(fileOf(one))) await store.remove(one)
}
