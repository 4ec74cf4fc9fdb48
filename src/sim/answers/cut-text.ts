/** Texts that are not made of ready tokens: as tokens, and cut off where a limit ends them. */
import { tokenText, type TokenText } from '../generators/text/lorem.ts'
import { countTokens, tokenTexts } from '../models/tokenizer.ts'
import type { Encoding } from '../types.ts'

export type Cut = { readonly text: TokenText; readonly isCut: boolean }

/** `text` where it has no more than `tokenLimit`, else a beginning of it that counts exactly as many. */
export function cutText(text: string, tokenLimit: number, encoding: Encoding): Cut {
  if (tokenLimit <= 0) return { text: tokenText([]), isCut: text !== '' }
  const pieces = piecesWithin(text, tokenLimit, encoding)
  if (pieces.length <= tokenLimit) return { text: tokenText(pieces), isCut: false }
  const beginning = pieces.slice(0, tokenLimit)
  const start = beginning.join('').length
  // A beginning may be read in other tokens than the whole was; a few characters more or fewer set that right.
  const farthest = Math.min(farthestCharacters, Math.floor(maxCountedBytes / Buffer.byteLength(text.slice(0, start))))
  for (let distance = 0; distance <= farthest; distance++)
    for (const length of [start + distance, start - distance]) {
      const part = text.slice(0, Math.max(0, length))
      if (isWhole(part) && countTokens(part, encoding) === tokenLimit)
        return { text: tokenText(tokenTexts(part, encoding)), isCut: true }
    }
  return { text: tokenText(beginning), isCut: true }
}

/** All of a text's tokens, or more than `tokenLimit` of them: what a limit leaves out is not read. */
function piecesWithin(text: string, tokenLimit: number, encoding: Encoding): readonly string[] {
  for (let length = tokenLimit * usualCharacters + someCharacters; length < text.length; length *= 4) {
    // Where it ends within a character, that is one token or a few more at the end, which are cut off.
    const pieces = tokenTexts(text.slice(0, length), encoding)
    if (pieces.length > tokenLimit + someTokens) return pieces
  }
  return tokenTexts(text, encoding)
}

/** Of a token; most have fewer. */
const usualCharacters = 8
const someCharacters = 64
/** The last tokens of a beginning may be others than those of the whole. */
const someTokens = 16
const farthestCharacters = 24
/** That are counted once more for one cut, at the most; the limit is kept all the same. */
const maxCountedBytes = 60_000

/** Does not end within a character. */
const isWhole = (text: string) => text.isWellFormed()
