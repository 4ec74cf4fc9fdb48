/**
 * Counting takes time in proportion to a text's length, and all requests share one thread: what cannot fit a model is
 * told so by its length alone.
 */

/** English has about 4 characters a token and no language has 8: only runs of one character have more. */
const maxCharactersPerToken = 8
const usualCharactersPerToken = 4

/** The service's own bound on one text (documented). */
export const maxTextCharacters = 1_048_576

/** About how many tokens a prompt has that is far too long for `windowTokens`; `undefined` for one that may fit. */
export const tokensBeyond = (characters: number, windowTokens: number): number | undefined =>
  characters > windowTokens * maxCharactersPerToken ? Math.ceil(characters / usualCharactersPerToken) : undefined
