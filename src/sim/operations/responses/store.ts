/** The responses that a resource keeps, so that a conversation can go on from them. */
import { BoundedStore } from '../../base/bounded-store.ts'
import { sizeOf } from '../../base/size-of.ts'
import type { LiveResource } from '../../operation.ts'
import type { KeptItem } from './items.ts'
import { type ResponseRecord, turnOf } from './record.ts'

export type StoredResponses = {
  readonly put: (record: ResponseRecord) => void
  readonly get: (id: string) => ResponseRecord | undefined
  readonly delete: (id: string) => boolean
  /** Oldest first. */
  readonly all: () => readonly ResponseRecord[]
  /** The response that put out, or else took in, an item. */
  readonly responseOf: (itemId: string) => ResponseRecord | undefined
  /** All that was said before, up to and with this response; it begins where the first one is that is still kept. */
  readonly conversation: (record: ResponseRecord) => readonly KeptItem[]
}

/** For `resource.shelf`. */
export function storedResponses({ clock, config }: LiveResource): StoredResponses {
  /** By the id of an item. */
  const owners = new Map<string, string>()
  const bounds = () => {
    const { maxResponses, maxBytes, lifetimeMs } = config().responses
    return { maxEntries: maxResponses, maxBytes, lifetimeMs }
  }
  const store = new BoundedStore<ResponseRecord>(clock, bounds, (record) => {
    for (const itemId of itemIdsOf(record)) if (owners.get(itemId) === record.id) owners.delete(itemId)
  })
  const get = (id: string) => store.get(id)
  return {
    put: (record) => {
      store.put(record.id, record, bytesOf(record))
      if (!store.get(record.id)) return
      for (const itemId of itemIdsOf(record)) if (!owners.has(itemId)) owners.set(itemId, record.id)
    },
    get,
    delete: (id) => store.delete(id),
    all: () => store.entries().map(([, record]) => record),
    responseOf: (itemId) => get(owners.get(itemId) ?? ''),
    conversation(record) {
      const turns: (readonly KeptItem[])[] = []
      for (let at: ResponseRecord | undefined = record; at;) {
        turns.push(turnOf(at))
        const previous: string | null | undefined = at.request.previous_response_id
        at = previous ? get(previous) : undefined
      }
      return turns.reverse().flat()
    },
  }
}

const itemIdsOf = ({ input, items }: ResponseRecord): readonly string[] => [...input, ...items].map(({ id }) => id)

/** About what a response takes in memory. */
function bytesOf({ request, input, items }: ResponseRecord): number {
  const { input: _, ...rest } = request
  return 1_000 + sizeOf(rest) + sizeOf(input) + items.reduce((sum, item) => sum + sizeOf(item.json()), 0)
}
