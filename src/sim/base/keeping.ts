/** What a shelf and the place in which it survives say to each other. Where there is no such place, nobody says anything. */
import type { Bounds } from './bounded-store.ts'

/** A shelf, as the place sees it. What it takes in is plain: what the platform's own serializer can write. */
export type Port = {
  /** A folder's name, where what it holds is kept. */
  readonly kind: string
  /** Finds its ids in what a request says: the group, where there is one, else all. */
  readonly ids: RegExp
  /** How ids begin of what may be meant by a text that names it otherwise, as far as that is not there. */
  readonly near?: ((text: string) => readonly string[]) | undefined
  /** How long a list of all may be used again for requests that ask for no list. Absent: they need none. */
  readonly watchMs?: number | undefined
  readonly has: (id: string) => boolean
  /** `undefined` where it is gone. */
  readonly encode: (id: string) => unknown
  /** What was encoded last has been written. */
  readonly written: (id: string) => void
  readonly take: (id: string, plain: unknown) => void
  /** Another has written, too: from now on the shelf has what comes of both. */
  readonly merge: (id: string, plain: unknown) => void
  readonly drop: (id: string) => void
  /** A text with the ids that it cannot do without. */
  readonly needs: (id: string) => string
  readonly bounds: () => Bounds
}

/** One that was deleted is gone whoever has changed it meanwhile; one that the bounds drop is not. */
export type KeptChange = 'written' | 'deleted' | 'dropped'

export type Keeping = {
  readonly changed: (port: Port, id: string, how: KeptChange) => void
  /** Brings here what a request names, as it is now. Rejects with an `ApiError` where the place cannot be read. */
  readonly lookUp: (asked: KeepingAsked) => Promise<void>
  /** How many changes have not been kept so far. */
  readonly failures: () => number
  /**
   * All that was changed before is kept. Rejects with an `ApiError` where it is not, or where changes have failed since there
   * were so many `failures`: one may fail while an answer is still being made.
   */
  readonly settled: (failures: number) => Promise<void>
}

export type KeepingAsked = {
  readonly text: string
  readonly named: readonly Port[]
  /** Of these all are asked for. */
  readonly listed: readonly Port[]
}
