/** Recordings of the Python simulator as documents of their own; what is one already is copied. */
import { decodedText } from './body.ts'
import { createDocument } from './create-document.ts'
import { keyMaker } from './key.ts'
import { isLegacyDocument, type LegacyInteraction, parseLegacy } from './legacy.ts'
import { documentName, isDocument, md5Name } from './name.ts'
import type { RecordingStore } from './store.ts'
import { firstLine } from './reader.ts'

export type Converted = {
  /** Interactions of old files that became documents. */
  readonly converted: number
  /** Documents that had the new form already. */
  readonly copied: number
  /** What the other store had already. */
  readonly skipped: number
  /** Old files that cannot be read, each with the reason. */
  readonly problems: readonly string[]
}

export type ConvertOptions = {
  readonly from: RecordingStore
  readonly to: RecordingStore
  /** As `recording.match.ignore` will be when they are replayed. */
  readonly ignore?: readonly string[]
}

export async function convertRecordings({ from, to, ignore = [] }: ConvertOptions): Promise<Converted> {
  const keys = keyMaker(ignore)
  const counts = { converted: 0, copied: 0, skipped: 0 }
  const problems: string[] = []
  for await (const { name } of from.list()) {
    const found = await from.read(name)
    if (found === undefined || found === 'unchanged') continue
    const text = isDocument(name) && !name.includes('/') ? decodedText(found.bytes) : undefined
    if (text === undefined || !isLegacyDocument(text)) {
      const isNew = await to.create(name, found.bytes)
      if (isDocument(name)) counts[isNew ? 'copied' : 'skipped']++
      continue
    }
    try {
      // The last of two for one request is the one that counts, and here it is the first that is kept.
      const recording = parseLegacy(text, keys)
      problems.push(...recording.problems.map((problem) => `${name}: ${problem}`))
      for (const one of recording.interactions.toReversed()) {
        counts[(await convert(one, keys, to)) ? 'converted' : 'skipped']++
      }
    } catch (error) {
      problems.push(`${name}: ${firstLine(error)}`)
    }
  }
  return { ...counts, problems }
}

/** Whose body was left out is found by its md5 alone. */
async function convert(
  one: LegacyInteraction,
  keys: ReturnType<typeof keyMaker>,
  to: RecordingStore,
): Promise<boolean> {
  const { interaction, sought } = one
  const { path, bodyMd5 = '' } = interaction.request
  const name = sought ? documentName(path, keys(sought)) : md5Name(path, bodyMd5)
  return createDocument(to, name, interaction)
}
