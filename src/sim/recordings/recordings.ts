/** All recordings of one store: what was kept for a request, and keeping more. */
import type { Clock } from '../clock.ts'
import { type Log, silentLog } from '../base/log.ts'
import { bodyBytes } from './body.ts'
import { createDocument } from './create-document.ts'
import { documentCache } from './document-cache.ts'
import { bytesOf } from './events.ts'
import { openDesk } from './desk.ts'
import type { Interaction, Recordings, Sought } from './interaction.ts'
import { formerKeyOf, keyMaker } from './key.ts'
import { legacyMd5 } from './legacy.ts'
import { documentName, legacyName, md5Name, nthName } from './name.ts'
import { nearestTo } from './nearest.ts'
import { type ReadDocument, readDocument, wholeInteractions } from './read-document.ts'
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
  /** Of what waits for `save`. */
  readonly maxHeldBytes?: number
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
  maxHeldBytes = 64 * 1024 * 1024,
  cacheBytes = 8 * 1024 * 1024,
  log = silentLog,
}: RecordingsOptions): Recordings {
  const key = keyMaker(match.ignore)
  const formerKey = formerKeyOf(match.ignore)
  const names = new WeakMap<Interaction, string>()
  const cache = documentCache<ReadDocument>({
    store,
    clock,
    maxBytes: cacheBytes,
    log,
    parse: async (name, bytes) => {
      const parsed = await readDocument(name, bytes, { store, keyOf: key })
      const { value } = parsed
      if (value.kind === 'interaction') names.set(value.interaction, name)
      else for (const { interaction } of value.recording.interactions) names.set(interaction, name)
      return parsed
    },
  })
  /** Added and not written yet, by the name of the first answer. */
  const unsaved = new Map<string, { readonly sought: Sought; readonly interactions: Interaction[] }>()

  let heldBytes = 0

  const written = async (first: string): Promise<readonly Interaction[]> => {
    if (keep === 'first') return interactionsOf([await cache.load(first)])
    // Most have one answer: that there is no second one is asked while the first is fetched.
    const answers = interactionsOf(await Promise.all([cache.load(first), cache.load(nthName(first, 2))]))
    for (let nth = 3; nth <= maxAnswers && answers.length === nth - 1; nth++) {
      answers.push(...interactionsOf([await cache.load(nthName(first, nth))]))
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
      const isNew = await createDocument(store, name, interaction)
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
    const bytes = sizeOf(interaction)
    // What is held is bounded: beyond that each is written at once.
    if (heldBytes + bytes > maxHeldBytes) {
      await save()
      await write(interaction, sought)
      return
    }
    heldBytes += bytes
    held.interactions.push(interaction)
    unsaved.set(name, held)
  }

  const save = async (): Promise<number> => {
    let count = 0
    for (const [name, { sought, interactions }] of [...unsaved]) {
      // Each is held until it is written, so that a store that is away loses nothing.
      for (let next = interactions[0]; next; next = interactions[0]) {
        if (await write(next, sought)) count++
        if (interactions[0] === next) heldBytes -= sizeOf(interactions.shift() ?? next)
      }
      if (interactions.length === 0) unsaved.delete(name)
    }
    return count
  }

  const wholeOf = async (name: string): Promise<readonly Interaction[]> => {
    const found = await cache.load(name)
    return found ? wholeInteractions(found, name, store) : []
  }

  const miss: Recordings['miss'] = async (sought) => {
    const name = await placeOf(sought)
    const legacy = legacyName(sought.path)
    const unreadable = [name, ...(legacy === undefined ? [] : [legacy])].flatMap((one) =>
      cache.problems(one).map((reason) => ({ name: one, reason })),
    )
    // Of use to a person alone, so that it must not make a miss another error.
    const options = { store, interactionsOf: wholeOf, ignore: match.ignore }
    const nearest = await nearestTo(sought, options).catch(() => undefined)
    const absence = nearest ? undefined : await store.absence?.().catch(() => undefined)
    return { name, key: key(sought), unreadable, nearest, absence }
  }

  return {
    find,
    miss,
    desk: openDesk({ store, ignore: match.ignore, interactionsOf: wholeOf, forget: cache.forget, miss }),
    nameOf: (interaction) => names.get(interaction),
    add: async (interaction, sought) => {
      if (autosave) await write(interaction, sought)
      else await hold(interaction, sought)
    },
    save,
    unsaved: () => [...unsaved.values()].reduce((sum, { interactions }) => sum + interactions.length, 0),
  }
}

/** Up to the first that is none. */
function interactionsOf(documents: readonly (ReadDocument | undefined)[]): Interaction[] {
  const found: Interaction[] = []
  for (const document of documents) {
    if (document?.kind !== 'interaction') break
    found.push(document.interaction)
  }
  return found
}

/** Of one request; more are not looked for. */
const maxAnswers = 1000

function isSameAnswer(a: Interaction, b: Interaction): boolean {
  return a.response.status === b.response.status && Buffer.compare(answerBytes(a), answerBytes(b)) === 0
}

function sizeOf({ request, response }: Interaction): number {
  return answerBytes({ response }).length + (request.body ? bodyBytes(request.body).length : 0)
}

function answerBytes({ response: { body } }: Pick<Interaction, 'response'>): Uint8Array {
  return body.kind === 'events' ? Buffer.concat(body.events.map(({ data }) => bytesOf(data))) : bodyBytes(body)
}
