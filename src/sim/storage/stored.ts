/** `tag` changes with every change of the document. */
export type Stored = { readonly bytes: Uint8Array; readonly tag: string }
