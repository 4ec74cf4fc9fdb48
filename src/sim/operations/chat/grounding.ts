/** The `context` of answers on the client's own data, in the words of chat completions (documented; users, 2024). */
import { isObject } from '../../base/object.ts'
import type { Citation, Grounding } from '../../answers/grounding.ts'

/**
 * The `context` member of a message (recorded November 2025): what `include_contexts` asks for, or citations and intent. The
 * searches are JSON with spaces in it. All documents that were found are those that are cited, with the members that are documented.
 */
export function contextOf({ citations, intents, told }: Grounding): string {
  const parts: string[] = []
  if (told.citations) parts.push(`"citations":[${citations.map(citation).join(',')}]`)
  const searches = `[${intents.map((intent) => JSON.stringify(intent)).join(', ')}]`
  if (told.intent) parts.push(`"intent":${JSON.stringify(searches)}`)
  if (told.documents) {
    const all = citations.map((found, index) => {
      const search = { search_queries: intents, data_source_index: 0, original_search_score: 1 / (index + 1) }
      return `${citation(found, index).slice(0, -1)},${JSON.stringify(search).slice(1)}`
    })
    parts.push(`"all_retrieved_documents":[${all.join(',')}]`)
  }
  return `"context":{${parts.join(',')}}`
}

/** As a tool's message, whose content is JSON with spaces (recorded February 2024). */
export function toolContextOf({ citations, intents }: Grounding): string {
  const content = spaced({
    citations: citations.map((found, index) => JSON.parse(citation(found, index)) as object),
    intent: spaced(intents),
  })
  return `"context":{"messages":[${JSON.stringify({ role: 'tool', content, end_turn: false })}]}`
}

/** JSON as Python writes it. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}: ${spaced(one)}`)
    .join(', ')}}`
}

const citation = ({ title, url, filepath, content }: Citation, index: number): string =>
  JSON.stringify({ content, title, url, filepath, chunk_id: String(index) })
