/** The `context` of answers on the client's own data, in the words of chat completions (documented; users, 2024). */
import type { Grounding } from '../../answers/grounding.ts'

/** The `context` member of a message (recorded November 2025); the searches are JSON with spaces in it. */
export function contextOf({ citations, intents }: Grounding): string {
  const all = citations.map(({ title, url, filepath, content }, index) =>
    JSON.stringify({ content, title, url, filepath, chunk_id: String(index) }),
  )
  const searches = `[${intents.map((intent) => JSON.stringify(intent)).join(', ')}]`
  return `"context":{"citations":[${all.join(',')}],"intent":${JSON.stringify(searches)}}`
}
