import type { Intent } from '../storage/temporary.ts'
import type { Stored } from '../storage/stored.ts'

/** Where documents are kept: bytes by name. An implementation is a page; what is in the bytes is not its business. */
export type RecordingStore = {
  /** As a person knows it: the folder or the container, without any key. */
  readonly label: string
  /** For how long an answer of `read` may be believed without asking again, in milliseconds; 0 where asking is cheap. */
  readonly freshMs: number
  /**
   * What stays the same as long as the document has not changed since; `undefined` where that is not known. Changes that
   * the event loop has not heard of yet are not in it, nor those that nobody tells this machine of. Absent where asking
   * is all that can be done.
   */
  readonly mark?: (name: string) => number | undefined
  /** `unchanged` where the document still has `knownTag`; `undefined` where there is none. */
  readonly read: (name: string, knownTag?: string) => Promise<Stored | 'unchanged' | undefined>
  /** Whole or not at all. False where there was one of that name already, which is left as it was. */
  readonly create: (name: string, bytes: Uint8Array) => Promise<boolean>
  /** Whole or not at all, in place of the one that has this tag. False where that is not there any more. */
  readonly replace: (name: string, bytes: Uint8Array, tag: string) => Promise<boolean>
  /** Why there can be none at all, as a person reads it: nobody has made the place yet, or it is another one. */
  readonly absence?: () => Promise<string | undefined>
  /** Those whose name begins with `prefix`. */
  readonly list: (prefix?: string) => AsyncIterable<Listed>
  /** Notes what is about to be written beside a document, for whoever finds it without one; what it gives ends that. */
  readonly intend?: (intent: Intent & { readonly folder: string }) => Promise<() => Promise<void>>
  /** Removes what processes left behind that were killed while they wrote; says how many files that were. */
  readonly sweep?: () => Promise<number>
  /** False where there was none. */
  readonly remove: (name: string) => Promise<boolean>
}

export type Listed = { readonly name: string; readonly tag: string; readonly bytes: number }
