/** Where what is kept survives: documents by kind and name, each of which is there whole or not at all. */
import { createHash } from 'node:crypto'
import type { Stored } from '../storage/stored.ts'

export type ListedState = {
  readonly name: string
  readonly tag: string
  readonly modifiedMs: number
  readonly bytes: number
}

export type KeptPlace = {
  /** As a person knows it. */
  readonly label: string
  /** `unchanged` where it still has `knownTag`; `undefined` where there is none. */
  readonly read: (kind: string, name: string, knownTag?: string) => Promise<Stored | 'unchanged' | undefined>
  /** In the place of what has that tag, or of nothing. Gives the new tag; `undefined` where it is another by now. */
  readonly write: (document: Document, over: string | undefined) => Promise<string | undefined>
  /** Whatever is there, where no tag is given. */
  readonly remove: (kind: string, name: string, tag?: string) => Promise<void>
  /** Those whose names begin so. */
  readonly list: (kind: string, prefix?: string) => Promise<readonly ListedState[]>
}

export type Document = { readonly kind: string; readonly name: string; readonly bytes: Uint8Array }

/** For a folder or a blob: the id itself, where it is one that we make. */
export const nameOf = (id: string): string =>
  /^\w[\w-]{0,99}$/.test(id) ? id : `~${createHash('sha256').update(id).digest('hex').slice(0, 40)}`
