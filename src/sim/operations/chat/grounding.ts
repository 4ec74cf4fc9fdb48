/** `data_sources` and the `context` of their answers, in the words of chat completions (documented; users, 2024). */
import { invalidRequest, invalidValue, listed, missingParameter } from '../../errors.ts'
import type { ChatBody } from './body.ts'
import type { Grounding } from '../../answers/grounding.ts'

/** What an index is found by, of each kind of source. */
const needs: Readonly<Record<string, readonly string[]>> = {
  azure_search: ['endpoint', 'index_name'],
  azure_cosmos_db: ['database_name', 'container_name', 'index_name'],
  elasticsearch: ['endpoint', 'index_name'],
  mongo_db: ['endpoint', 'database_name', 'collection_name'],
  pinecone: ['environment', 'index_name'],
}

/** What is refused is documented, the words are a guess. */
export function refuseDataSources({ data_sources: sources }: ChatBody): void {
  if (!sources) return
  const [source] = sources
  if (sources.length > 1 || !source)
    throw invalidRequest("Invalid 'data_sources': only one data source is supported.", 'data_sources', null)
  const needed = Object.hasOwn(needs, source.type) ? needs[source.type] : undefined
  const place = 'data_sources[0]'
  if (!needed) {
    const known = listed(
      Object.keys(needs).map((type) => `'${type}'`),
      'and',
    )
    throw invalidValue(`${place}.type`, `Invalid value: '${source.type}'. Supported values are: ${known}.`)
  }
  const missing = needed.find((name) => source.parameters[name] === undefined)
  if (missing) throw missingParameter(`${place}.parameters.${missing}`)
}

/** The `context` member of a message, keys sorted. */
export function contextOf({ citations, intents }: Grounding): string {
  const all = citations.map(({ title, filepath, content }, index) =>
    JSON.stringify({ chunk_id: String(index), content, filepath, title, url: null }),
  )
  return `"context":{"citations":[${all.join(',')}],"intent":${JSON.stringify(JSON.stringify(intents))}}`
}
