/** One request with its answer, as it is kept: a versioned type of its own, with no secret in it. */
import type { Usage } from '../types.ts'

/**
 * What a body was: JSON that a person can edit, text, or bytes that must survive exactly. `body.ts` makes one from the
 * bytes that came over the wire, and the bytes from one.
 */
export type Body =
  | {
      readonly kind: 'json'
      readonly value: unknown
      /** As it went over the wire, since white space and the spelling of numbers are not in the value. */
      readonly text?: string
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }

/** A piece of a streamed answer, byte for byte, and its milliseconds since the one before (the first: since the request). */
export type RecordedEvent = { readonly afterMs: number; readonly data: string | Uint8Array }

export type Interaction = {
  readonly request: {
    readonly method: string
    /** As it was sent, without a query. */
    readonly path: string
    /** Without any key. */
    readonly query: Readonly<Record<string, string>>
    readonly contentType: string | undefined
    /** Absent also where it is kept beside its document: an answer is found without it. */
    readonly body: Body | undefined
    /** Old recordings keep only the md5 of the raw bytes. */
    readonly bodyMd5?: string
  }
  readonly response: {
    readonly status: number
    /** The few that matter, by lower-case name: content type, region, model, deployment. */
    readonly headers: Readonly<Record<string, string>>
    readonly body: Body | { readonly kind: 'events'; readonly events: readonly RecordedEvent[] }
  }
  readonly durationMs: number
  readonly usage: Usage | undefined
  /** ISO 8601; absent from the Python simulator's recordings. */
  readonly recordedAt: string | undefined
}

/** What a request is looked up by: what came over the wire. */
export type Sought = {
  readonly method: string
  readonly path: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** Where the nearest recording differs from what was sought, for the message of a miss. */
export type Nearest = {
  /** Its document's name. */
  readonly name: string
  /** `path`, `method`, `body`, or the first body field that differs, for example `messages[0].content`. */
  readonly difference: string
}

/** For the message of a miss. */
export type Miss = {
  /** Of the document that would have been found. */
  readonly name: string
  readonly key: string
  /** What may have been the answer, and cannot be read. */
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[]
  readonly nearest: Nearest | undefined
  /** Why there is no recording at all; absent where there may be some. */
  readonly absence?: string | undefined
}

/** All recordings of one folder or container. */
export type Recordings = {
  /** Every answer kept for that request, oldest first; empty where there is none. */
  readonly find: (sought: Sought) => Promise<readonly Interaction[]>
  /** Name of the document that one of those was read from; `undefined` while it is in memory alone. */
  readonly nameOf: (interaction: Interaction) => string | undefined
  /** Keeps one, if there is none yet (or, with `keep: all`, beside those that there are). A lost race is success. */
  readonly add: (interaction: Interaction, sought: Sought) => Promise<void>
  /** What there is to say of a request for which nothing was found. */
  readonly miss: (sought: Sought) => Promise<Miss>
  /** Writes what is still in memory (autosave off); says how many documents were written. */
  readonly save: () => Promise<number>
  /** How many answers are still in memory. */
  readonly unsaved: () => number
  /** For a person who looks at documents and edits them. */
  readonly desk: Desk
}

/** A document as it is kept. */
export type KeptDocument = { readonly name: string; readonly bytes: Uint8Array; readonly tag: string }

export type Desk = {
  /** The folder or the container. */
  readonly place: string
  /** Those whose name or text has what is looked for, in their order. */
  readonly list: (wanted: {
    readonly finds: ((text: string) => boolean) | undefined
    readonly skip: number
    readonly limit: number
  }) => Promise<{
    readonly recordings: readonly { readonly name: string; readonly bytes: number }[]
    readonly count: number
    /** There are more than are looked through. */
    readonly isPartial: boolean
  }>
  readonly read: (name: string) => Promise<KeptDocument | undefined>
  /** What is wrong with what may become the document of that name. */
  readonly problems: (name: string, bytes: Uint8Array) => Promise<readonly string[]>
  /** `changed`: there is another than the one that had this tag, or one where there should be none. */
  readonly write: (document: Omit<KeptDocument, 'tag'>, tag: string | undefined) => Promise<'written' | 'changed'>
  /** With what is beside it. False where there was none. */
  readonly remove: (name: string) => Promise<boolean>
  /** The recording that comes nearest to a request, and all places where they differ. */
  readonly nearest: (sought: Sought) => Promise<Compared>
}

export type Compared = Miss & {
  /** Of the bodies, where both are JSON. */
  readonly differences: readonly { readonly path: string; readonly sought: unknown; readonly recorded: unknown }[]
}
