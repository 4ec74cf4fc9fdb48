/** A shelf of what clients leave at a resource: of one kind, by id, within the bounds of the setting `kept`. */
import type { LiveResource } from '../operation.ts'
import { BoundedStore } from './bounded-store.ts'
import { sizeOf } from './size-of.ts'

export type Kept<T> = {
  /** A new one, or another state of one that is there. */
  readonly put: (value: T) => void
  readonly get: (id: string) => T | undefined
  /** Whether it was there. */
  readonly delete: (id: string) => boolean
  /** In the order in which they came. */
  readonly all: () => readonly T[]
}

/** For `resource.shelf`. `bytesOf` says about how much one takes, where it is not as large as it looks. */
export const keptShelf =
  <T extends { readonly id: string }>(bytesOf: (value: T) => number = sizeOf) =>
  ({ clock, config }: LiveResource): Kept<T> => {
    const store = new BoundedStore<{ readonly place: number; readonly value: T }>(clock, () => config().kept)
    let places = 0
    return {
      put: (value) => {
        const place = store.get(value.id)?.place ?? places++
        store.put(value.id, { place, value }, 100 + bytesOf(value))
      },
      get: (id) => store.get(id)?.value,
      delete: (id) => store.delete(id),
      all: () =>
        store
          .entries()
          .map(([, entry]) => entry)
          .sort((a, b) => a.place - b.place)
          .map(({ value }) => value),
    }
  }
