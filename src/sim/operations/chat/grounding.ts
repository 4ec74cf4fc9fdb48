/** The `context` of answers on the client's own data, in the words of chat completions (documented; users, 2024). */
import type { Grounding } from '../../answers/grounding.ts'

/** The `context` member of a message, keys sorted. */
export function contextOf({ citations, intents }: Grounding): string {
  const all = citations.map(({ title, filepath, content }, index) =>
    JSON.stringify({ chunk_id: String(index), content, filepath, title, url: null }),
  )
  return `"context":{"citations":[${all.join(',')}],"intent":${JSON.stringify(JSON.stringify(intents))}}`
}
