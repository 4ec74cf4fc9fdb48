import { loremText } from '../../generators/text/lorem.ts'
import { base62Text, hashText32, seededRandom } from '../../random.ts'
import { type HostedCall, hostedItem, type Use, wordsOf } from './hosted-item.ts'

/** A search of files. Each vector store has one file, always the same, that answers everything (recorded September 2025). */
export function fileSearch({ tool, request, question, newId, random }: Use): HostedCall {
  const { vector_store_ids: stores } = tool
  const store = String(Array.isArray(stores) ? stores[0] : '')
  const file = { file_id: `assistant-${base62Text(seededRandom(hashText32(store)), 22)}`, filename: 'document.pdf' }
  const query = wordsOf(question)
  const result = {
    attributes: {},
    ...file,
    score: Number((0.6 + 0.4 * random.fraction()).toFixed(4)),
    text: loremText(200, seededRandom(hashText32(store))),
  }
  const isTold = request.include?.includes('file_search_call.results') === true
  const item = hostedItem({
    id: newId('fs'),
    type: 'file_search_call',
    opening: { queries: [], results: null },
    content: { queries: [query, `${query}?`], results: isTold ? [result] : null },
    steps: ['in_progress', 'searching', 'completed'],
    waitTokens,
  })
  const citations = (text: string, tokens: number) => [
    { afterTokens: Math.max(1, tokens - 1), annotation: { type: 'file_citation', ...file, index: text.length - 1 } },
  ]
  return { item, writtenTokens: 0, waitTokens, citations, isThoughtOver: true }
}

/** About a second: a guess. */
const waitTokens = 50
