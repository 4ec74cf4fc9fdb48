/** The output items of a response: messages, reasoning, calls. Each kind has its final form and its events. */
import type { Item, KeptItem } from './items.ts'

export type OutputItem = {
  readonly id: string
  readonly isThought?: true
  /** Its final form. */
  readonly json: () => KeptItem
  /** From `response.output_item.added` to `response.output_item.done`. */
  readonly events: (place: ItemPlace) => Iterable<EventPiece>
}

/** The place of an item in the stream of its response. */
export type ItemPlace = {
  readonly index: number
  /** Padding that hides the length of a delta: JSON with a comma before it, or an empty text. */
  readonly cover: (delta: string) => string
}

/** An event without its sequence number; `rest` is its JSON after that number, from the comma on, without the closing brace. */
export type EventPiece = { readonly tokens: number; readonly type: string; readonly rest: string }

export const added = (item: Item, { index }: ItemPlace, tokens = 0): EventPiece => ({
  tokens,
  type: 'response.output_item.added',
  rest: `,"output_index":${index},"item":${JSON.stringify(item)}`,
})

export const done = (item: Item, { index }: ItemPlace, tokens = 0): EventPiece => ({
  tokens,
  type: 'response.output_item.done',
  rest: `,"output_index":${index},"item":${JSON.stringify(item)}`,
})
