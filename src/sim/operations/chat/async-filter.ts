/**
 * The verdicts of an asynchronous filter: they come behind the text that they are about, a part of it at a time, each
 * with where that part is in prompt and answer together (recorded August 2024; Microsoft's page on content streaming).
 */
import type { ContentFilter, FilterCategory } from '../../config/config.ts'
import type { Model } from '../../types.ts'
import type { Choice } from '../../answers/choice.ts'
import { filterResults, fourKeys, keySet, orderedKeys } from '../../answers/filter-results.ts'
import { windowCharacters } from '../../answers/filter-choice.ts'

/** What the model's own marks around the messages add to the prompt (recorded of one user message). */
const wrappingCharacters = 30

const protectedKeys = keySet('completion', ['protected_material_code', 'protected_material_text'])

export type AsynchronousVerdicts = {
  /** On the parts that are whole when so many characters are out, but for the last part of the text. */
  readonly upTo: (characters: number) => readonly string[]
  /** On what is left, when all is out. */
  readonly rest: () => readonly string[]
}

type About = { readonly filter: ContentFilter; readonly promptCharacters: number; readonly model: Model }

export function asynchronousVerdicts(
  { text, calls, verdict, finishReason }: Choice,
  index: number,
  { filter, promptCharacters, model }: About,
): AsynchronousVerdicts {
  const length = calls ? calls.calls.reduce((sum, { input }) => sum + input.text().length, 0) : text.text().length
  const all = verdict?.findings ?? []
  let start = 0

  const part = (end: number): readonly string[] => {
    // Found is what has ended.
    const findings = all.filter((finding) => atLeastOne(finding.end) > start && atLeastOne(finding.end) <= end)
    const isEnded = finishReason === 'content_filter'
    const blocked = verdict?.blocked && findings.includes(verdict.blocked) ? verdict.blocked : undefined
    const from = promptCharacters + wrappingCharacters + start
    const offsets = `{"check_offset":${from},"start_offset":${from},"end_offset":${promptCharacters + wrappingCharacters + end}}`
    start = end
    // The verdict that ends the answer is the last that is told of it.
    const isGradedLast = isEnded && blocked !== undefined && !isProtected(blocked.rule.category)
    return (isGradedLast ? [protectedKeys, fourKeys] : [fourKeys, protectedKeys]).map((keys) => {
      const isOwn = (category: FilterCategory) => isProtected(category) === (keys === protectedKeys)
      const own = findings.filter(({ rule }) => isOwn(rule.category))
      const results = filterResults(filter, orderedKeys(keys, model), { findings: own, blocked }, isOwn)
      const reason = isEnded && blocked && isOwn(blocked.rule.category) ? '"content_filter"' : 'null'
      return `{"content_filter_offsets":${offsets},"content_filter_results":${results},"finish_reason":${reason},"index":${index}}`
    })
  }

  return {
    upTo: (characters) => {
      const told: string[] = []
      while (start + windowCharacters <= characters && start + windowCharacters < length)
        told.push(...part(start + windowCharacters))
      return told
    },
    rest: () => {
      const told: string[] = []
      do told.push(...part(Math.min(length, start + windowCharacters)))
      while (start < length)
      return told
    },
  }
}

const atLeastOne = (characters: number) => Math.max(1, characters)
const isProtected = (category: FilterCategory) => category.startsWith('protected_material')
