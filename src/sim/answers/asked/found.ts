/** What forms a prompt's words ask for. */

/** Pieces of a text are what stands as it is, and schemas of what is drawn. */
export type PromptPiece = string | { readonly schema: unknown }
export type AskedForm =
  | { readonly kind: 'json'; readonly schema: unknown }
  | { readonly kind: 'text'; readonly pieces: readonly PromptPiece[] }

/** Where in a message a form was found. */
export type FoundForm = { readonly at: number; readonly form: AskedForm }
