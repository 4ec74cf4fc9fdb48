/** The responses that a resource keeps, so that requests can continue them. */
import { keptShelf } from '../../base/kept-shelf.ts'
import type { Port } from '../../base/keeping.ts'
import { sizeOf } from '../../base/size-of.ts'
import { isSliced, oneStep, step, turn } from '../../base/slices.ts'
import type { LiveResource } from '../../operation.ts'
import type { KeptItem } from './items.ts'
import type { OutputItem, EventPiece } from './output-item.ts'
import { type ResponseRecord, turnOf } from './record.ts'

export type StoredResponses = {
  readonly put: (record: ResponseRecord) => void
  /** To be called after a response was cancelled. */
  readonly changed: (id: string) => void
  readonly get: (id: string) => ResponseRecord | undefined
  readonly delete: (id: string) => boolean
  /** Oldest first. */
  readonly all: () => readonly ResponseRecord[]
  /** The response that has an item in its output, or otherwise in its input. */
  readonly responseOf: (itemId: string) => ResponseRecord | undefined
  /** All items up to this response, from the first response that is still kept. */
  readonly conversation: (record: ResponseRecord) => readonly KeptItem[]
  readonly port: Port
}

/** For `resource.shelf`. */
export function storedResponses(live: LiveResource): StoredResponses {
  /** By the id of an item. */
  const owners = new Map<string, string>()
  const own = (record: ResponseRecord, from: number, to: number) => {
    const { input, items } = record
    const some = [
      ...input.slice(from, to),
      ...items.slice(Math.max(0, from - input.length), Math.max(0, to - input.length)),
    ]
    for (const { id } of some) if (!owners.has(id)) owners.set(id, record.id)
  }
  /** While a response is put, only its first items are noted at once. */
  let maxNoted = Infinity
  const shelf = keptShelf<ResponseRecord>({
    kind: 'responses',
    ids: /\bresp_[0-9a-f]{18}[0-9A-Za-z]{32}\b/g,
    // Ids of items begin with the same digits as those of their responses.
    near: (text) => [
      ...new Set(
        [...text.matchAll(itemIds)].flatMap(([id, thread]) =>
          owners.has(id) || thread === undefined ? [] : [`resp_${thread}`],
        ),
      ),
    ],
    bytesOf,
    bounds: ({ responses: { maxResponses, maxBytes, lifetimeMs } }) => ({
      maxEntries: maxResponses,
      maxBytes,
      lifetimeMs,
    }),
    encode: encoded,
    decode: (plain) => decoded(plain as Encoded),
    needs: ({ request }) => request.previous_response_id ?? '',
    merge: (mine, theirs) => (theirs.background?.cancelledAtMs === undefined ? mine : theirs),
    added: (record) => own(record, 0, maxNoted),
    dropped: (record) => {
      for (const itemId of itemIdsOf(record)) if (owners.get(itemId) === record.id) owners.delete(itemId)
    },
  })(live)
  const { get } = shelf
  const ownSome = (record: ResponseRecord, from: number) => {
    if (get(record.id) === record) own(record, from, from + itemsPerStep)
  }
  /** Where its answer was streamed, there is a turn for each. */
  const ownRest = (record: ResponseRecord, from: number) => {
    ownSome(record, from)
    const next = from + itemsPerStep
    if (next < record.input.length + record.items.length) turn(() => ownRest(record, next))
  }
  return {
    ...shelf,
    put(record) {
      step(() => bytesOf(record))
      oneStep(() => {
        maxNoted = itemsPerStep
        try {
          shelf.put(record)
        } finally {
          maxNoted = Infinity
        }
      })
      const count = record.input.length + record.items.length
      if (isSliced())
        for (let from = itemsPerStep; from < count; from += itemsPerStep) step(() => ownSome(record, from))
      else if (count > itemsPerStep) turn(() => ownRest(record, itemsPerStep))
    },
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

const itemIds = /\b(?!resp_|conv_)[a-z]{2,5}_([0-9a-f]{16}0[01])[0-9A-Za-z]{32}\b/g

const itemIdsOf = ({ input, items }: ResponseRecord): readonly string[] => [...input, ...items].map(({ id }) => id)

const itemsPerStep = 2_000

/** The approximate size of a response in memory. */
function bytesOf(record: ResponseRecord): number {
  let bytes = knownBytes.get(record)
  if (bytes === undefined) {
    const { request, input, items } = record
    const { input: _, ...rest } = request
    bytes = 1_000 + sizeOf(rest) + sizeOf(input) + items.reduce((sum, item) => sum + sizeOf(item.json()), 0)
    knownBytes.set(record, bytes)
  }
  return bytes
}

/** The size of a long response is calculated before it is put. */
const knownBytes = new WeakMap<ResponseRecord, number>()

/** An item as it was told: whole, and where it may be streamed again, piece by piece. */
type ToldItem = Pick<OutputItem, 'id' | 'isThought'> & {
  readonly json: KeptItem
  readonly pieces: readonly EventPiece[]
}
type Encoded = Omit<ResponseRecord, 'items'> & { readonly items: readonly ToldItem[] }

function encoded(record: ResponseRecord): Encoded {
  const isStreamed = record.background !== undefined && record.request.stream === true
  return {
    ...record,
    items: record.items.map((item, index) => ({
      id: item.id,
      ...(item.isThought && { isThought: true as const }),
      json: item.json(),
      pieces: isStreamed ? [...item.events({ index, cover: () => '' })] : [],
    })),
  }
}

const decoded = (record: Encoded): ResponseRecord => ({
  ...record,
  items: record.items.map(({ json, pieces, ...item }) => ({ ...item, json: () => json, events: () => pieces })),
})
