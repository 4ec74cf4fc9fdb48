/** What a response puts out: messages, thoughts, calls. Each kind says how it looks when it is done, and how it comes. */
import type { Item, KeptItem } from './items.ts'

export type OutputItem = {
  readonly id: string
  readonly isThought?: true
  /** As the finished response has it. */
  readonly json: () => KeptItem
  /** From `response.output_item.added` to `response.output_item.done`. */
  readonly events: (place: ItemPlace) => Iterable<EventPiece>
}

/** Where an item stands in the stream of its response. */
export type ItemPlace = {
  readonly index: number
  /** What hides the length of a delta; as JSON with the comma before it, or nothing. */
  readonly cover: (delta: string) => string
}

/** An event without its number; `rest` is its JSON from the comma after that number on, without the closing brace. */
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
