/** Where instances share their configuration. */
import type { Stored } from '../storage/stored.ts'

/** What was changed at run time, and what an operator puts there. */
export type StateName = 'runtime.json' | 'sim.yaml'

export type StateStore = {
  /** As a person knows it: the folder or the container, without any key. */
  readonly label: string
  /** `unchanged` where the document still has `knownTag`; `undefined` where there is none. */
  readonly read: (name: StateName, knownTag?: string) => Promise<Stored | 'unchanged' | undefined>
  /**
   * Writes what was changed at run time, in the place of what has `knownTag`, or of nothing. Gives the new tag;
   * `undefined` where another document is there by now, which is left as it is.
   */
  readonly replace: (bytes: Uint8Array, knownTag: string | undefined) => Promise<string | undefined>
}
