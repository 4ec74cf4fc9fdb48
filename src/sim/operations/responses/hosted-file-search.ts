import { isObject } from '../../base/object.ts'
import { through } from '../../base/slices.ts'
import { searchedStoresNotFound } from '../../errors/vector-stores.ts'
import { fileSearchTokens } from '../../measure/tool-tokens.ts'
import { loremText } from '../../generators/text/lorem.ts'
import { checked } from '../../base/checked.ts'
import { filterInput, isTooDeep } from '../../kept/attributes.ts'
import { type FoundPassage, search, vectorStoresOf } from '../../kept/vector-stores.ts'
import type { Resource } from '../../operation.ts'
import { base62Text, hashText32, seededRandom } from '../../random.ts'
import type { ToolInput } from './body.ts'
import { type HostedCall, hostedItem, type ToolUse, questionWords } from './hosted-item.ts'

/** A file search. It searches the vector stores that are kept here (recorded September 2025 to March 2026). */
export function fileSearch({ tool, request, question, model, newId, random, resource }: ToolUse): HostedCall {
  const queries = queriesFor(question)
  const found = searchOf(tool, question, resource) ?? [invented(tool, 0.6 + 0.4 * random.fraction())]
  const isTold = request.include?.includes('file_search_call.results') === true
  const results = found.map(({ attributes, fileId, filename, score, text }) => ({
    attributes,
    file_id: fileId,
    filename,
    score,
    text,
  }))
  const item = hostedItem({
    id: newId('fs'),
    type: 'file_search_call',
    opening: { queries: [], results: null },
    content: { queries, results: isTold ? results : null },
    steps: ['in_progress', 'searching', 'completed'],
    waitTokens,
  })
  const [best] = found
  const citations = (text: string, tokens: number) =>
    best === undefined
      ? []
      : [
          {
            afterTokens: Math.max(1, tokens - 1),
            annotation: {
              type: 'file_citation',
              file_id: best.fileId,
              filename: best.filename,
              index: Math.max(0, text.length - 1),
            },
          },
        ]
  // The model is told of the tool once more, and reads its queries and what they found (the fit is told beside the tool's tokens).
  const passageTokens = found.reduce((sum, { text }) => sum + Math.ceil(text.length / 4), found.length === 0 ? 0 : 290)
  const readTokens = fileSearchTokens(model.promptFormat) + 8 * queries.length + passageTokens
  return { item, writtenTokens: 0, readTokens, waitTokens, citations, isThoughtOver: true }
}

/** One to four: the question as it is, what it is about, and that in other words (recorded December 2025 to March 2026). */
function queriesFor(question: string): readonly string[] {
  const whole = questionWords(question)
  const words = whole.replace(/[?!.,;:]+(?=\s|$)/g, '').split(' ')
  const topic = words.filter((word) => !fillers.has(word.toLowerCase())).join(' ') || whole
  const all = [topic, `${topic} in the document`, `details of ${topic}`]
  const count = hashText32(question) % 4
  return count === 0 || topic === whole ? [topic] : [whole, ...all.slice(0, count)]
}

const fillers: ReadonlySet<string> = new Set(
  "a an and are based be can could did do does find for from give how i is it's me my of on please show tell the to was we were what what's when where which who why will with would you your".split(
    ' ',
  ),
)

/** About a second: a guess. */
const waitTokens = 50

/** Throws for vector stores that do not exist, unless items are not checked. */
export function refuseStores(tools: readonly ToolInput[] | null | undefined, resource: Resource): void {
  if (resource.config.responses.checkItems === 'off') return
  for (const tool of tools ?? []) {
    if (tool.type !== 'file_search') continue
    const missing = idsOf(tool).filter((id) => !vectorStoresOf(resource).get(id))
    if (missing.length > 0) throw searchedStoresNotFound(missing)
  }
}

const idsOf = ({ vector_store_ids: ids }: ToolInput): readonly string[] =>
  Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []

/** `undefined` if none of the stores is kept here. */
function searchOf(tool: ToolInput, question: string, resource: Resource): readonly FoundPassage[] | undefined {
  const kept = vectorStoresOf(resource)
  const stores = idsOf(tool).flatMap((id) => kept.get(id) ?? [])
  if (stores.length === 0) return undefined
  const { max_num_results: max, ranking_options: ranking, filters } = tool
  const minScore = isObject(ranking) ? ranking['score_threshold'] : undefined
  const filter = filters == null || isTooDeep(filters) ? undefined : checked(filterInput(), filters)
  const asked = {
    queries: [question],
    maxResults: typeof max === 'number' && max >= 1 ? Math.min(50, max) : 20,
    filter: filter?.success ? filter.data : undefined,
    minScore: typeof minScore === 'number' ? minScore : 0,
  }
  return through(() => search(stores, asked, resource))
}

/** The result for a store that is not kept here: always the same. */
function invented(tool: ToolInput, score: number): FoundPassage {
  const seed = hashText32(idsOf(tool)[0] ?? '')
  return {
    fileId: `assistant-${base62Text(seededRandom(seed), 22)}`,
    filename: 'document.pdf',
    attributes: {},
    score: Number(score.toFixed(4)),
    text: loremText(200, seededRandom(seed)),
  }
}
