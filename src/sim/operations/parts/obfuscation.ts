/**
 * The padding that hides a token's length from who listens to an encrypted stream. Fitted, and exact for all 452
 * recorded chunks: a chunk's JSON, its filter results left empty, is padded to 13 characters over a multiple of 16, and
 * the closing usage chunk to 1; of the Responses API each delta is padded to a multiple of 16 (exact for all recorded).
 */
import { base62Text, type Random, seededRandom } from '../../random.ts'

const poolCharacters = 4096
let pool: string | undefined

export type Padding = (length: number, remainder: 13 | 1 | 0) => string

/** `length` is what the JSON measures with an empty `obfuscation`. */
export function padding(random: Random): Padding {
  const from = (pool ??= base62Text(seededRandom(0x0bf5), poolCharacters))
  return (length, remainder) => {
    const missing = (((remainder - length) % 16) + 16) % 16
    const start = random.below(poolCharacters - 16)
    return from.slice(start, start + missing)
  }
}
