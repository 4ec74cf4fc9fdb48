/** The responses that a resource keeps, so that a conversation can go on from them. */
import { BoundedStore } from '../../base/bounded-store.ts'
import type { LiveResource } from '../../operation.ts'
import { sharedDigits } from './ids.ts'
import type { KeptItem } from './items.ts'
import { type ResponseRecord, turnOf } from './record.ts'

export type StoredResponses = {
  readonly put: (record: ResponseRecord) => void
  readonly get: (id: string) => ResponseRecord | undefined
  readonly delete: (id: string) => boolean
  /** An item of any response that is kept. */
  readonly item: (id: string) => KeptItem | undefined
  /** All that was said before, up to and with this response; it begins where the first one is that is still kept. */
  readonly conversation: (record: ResponseRecord) => readonly KeptItem[]
}

/** For `resource.shelf`. */
export function storedResponses({ clock, config }: LiveResource): StoredResponses {
  // By the digits that all items of a response share, so that an item is found without an index of its own.
  const store = new BoundedStore<ResponseRecord>(clock, () => {
    const { maxResponses, maxBytes, lifetimeMs } = config().responses
    return { maxEntries: maxResponses, maxBytes, lifetimeMs }
  })
  const get = (id: string) => {
    const record = store.get(sharedDigits(id))
    return record?.id === id ? record : undefined
  }
  return {
    put: (record) => store.put(sharedDigits(record.id), record, bytesOf(record)),
    get,
    delete: (id) => get(id) !== undefined && store.delete(sharedDigits(id)),
    item: (id) => {
      const record = store.get(sharedDigits(id))
      return record && turnOf(record).find((item) => item.id === id)
    },
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

/** About what a response takes in memory. Its text may be a slice of what is there anyway: that counts all the same. */
function bytesOf({ request, input, items }: ResponseRecord): number {
  const { input: _, ...rest } = request
  return 1_000 + sizeOf(rest) + sizeOf(input) + items.reduce((sum, item) => sum + sizeOf(item.json()), 0)
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 24 + 2 * value.length
  if (typeof value !== 'object' || value === null) return 8
  let size = 32
  for (const inner of Object.values(value)) size += 16 + sizeOf(inner)
  return size
}
