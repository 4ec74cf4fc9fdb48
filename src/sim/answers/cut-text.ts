/** Texts that are not made of ready tokens: as tokens, and cut off where a limit ends them. */
import { textOf, type TokenText } from '../generators/text/lorem.ts'
import { countTokens, tokenTexts } from '../models/tokenizer.ts'
import type { Encoding } from '../types.ts'

export type Cut = { readonly text: TokenText; readonly isCut: boolean }

/** `text` where it has no more than `tokenLimit`, else a beginning of it that counts exactly as many. */
export function cutText(text: string, tokenLimit: number, encoding: Encoding): Cut {
  const pieces = tokenTexts(text, encoding)
  if (pieces.length <= tokenLimit) return { text: textOf(pieces), isCut: false }
  const beginning = pieces.slice(0, tokenLimit)
  if (tokenLimit <= 0) return { text: textOf([]), isCut: true }
  const start = beginning.join('').length
  // A beginning may be read in other tokens than the whole was; a few characters more or fewer set that right.
  for (let distance = 0; distance <= farthest; distance++)
    for (const length of [start + distance, start - distance]) {
      const part = text.slice(0, Math.max(0, length))
      if (isWhole(part) && countTokens(part, encoding) === tokenLimit)
        return { text: textOf(tokenTexts(part, encoding)), isCut: true }
    }
  return { text: textOf(beginning), isCut: true }
}

/** Characters. */
const farthest = 24

/** Does not end within a character. */
const isWhole = (text: string) => text.isWellFormed()
