/** What only the service can read: thoughts and summaries that clients carry from one request to the next. */
import { base62Text, type Random } from '../../random.ts'

/** A Fernet token by its looks (recorded): 57 bytes around what is enciphered, which comes in blocks of 16. */
export function encryptedContent(tokens: number, random: Random): string {
  const bytes = frameBytes + blockBytes * Math.ceil((tokens * bytesPerToken + 1) / blockBytes)
  const characters = 4 * Math.ceil(bytes / 3)
  const missing = (3 - (bytes % 3)) % 3
  return opening + base62Text(random, characters - opening.length - missing) + '='.repeat(missing)
}

/** How many tokens a summary has, by its length alone. */
export function compactedTokens(content: unknown): number {
  if (typeof content !== 'string') return 0
  return Math.max(0, Math.floor(((content.length * 3) / 4 - frameBytes - blockBytes) / bytesPerToken))
}

const opening = 'gAAAAAB'
const frameBytes = 57
const blockBytes = 16
/** As much as English has in characters. */
const bytesPerToken = 4
