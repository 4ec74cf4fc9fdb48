/** The results of the content filter in a response. */
import { promptFiltered } from '../../errors.ts'
import type { ContentFilter } from '../../config/config.ts'
import { judgePrompt } from '../../answers/content-filter.ts'
import { filterResults, keySet, type KeySet, type FilterVerdict } from '../../answers/filter-results.ts'
import { wrappingCharacters } from './generation.ts'
import { recordedIn } from './as-recorded.ts'
import type { Door } from './doors.ts'
import type { ResponseRecord } from './record.ts'
import type { Model } from '../../types.ts'

/** In the recorded order (April 2026), which differs from that of chat completions. */
const harms = ['hate', 'sexual', 'violence', 'self_harm'] as const
const promptKeys = keySet('prompt', ['jailbreak', ...harms])
const answerKeys = keySet('completion', ['protected_material_code', 'protected_material_text', ...harms])

type Keys = readonly [prompt: KeySet, answer: KeySet]
const usual: Keys = [promptKeys, answerKeys]
const older = (prompt: KeySet, answer: KeySet): Keys => [prompt.older ?? prompt, answer.older ?? answer]
const protectedLast = ['protected_material_text', 'protected_material_code'] as const
/** Dated versions (recorded March 2026), and a project's dated door (January 2026; it differs for pictures). */
const dated = older(
  keySet('prompt', ['self_harm', 'hate', 'sexual', 'jailbreak', 'violence']),
  keySet('completion', ['hate', 'violence', 'sexual', 'self_harm', ...protectedLast]),
)
const datedProject = older(
  keySet('prompt', ['hate', 'jailbreak', 'self_harm', 'sexual', 'violence']),
  keySet('completion', ['sexual', 'hate', 'violence', 'self_harm', ...protectedLast]),
)
/** Below a project these models were last recorded without categories that have a severity (May 2026). */
const ungraded: Keys = [keySet('prompt', []), keySet('completion', protectedLast)]
const isUngraded = /^gpt-4(?:o|\.1)/

function keysAt(door: Door, { name }: Model): Keys {
  if (door === 'dated') return dated
  if (door === 'datedProject') return datedProject
  return door === 'project' && isUngraded.test(name) ? ungraded : usual
}

export function contentFilters(record: ResponseRecord, door: Door) {
  const { promptCharacters, model, items, judged, request } = record
  // A background stream had no results there (recorded January 2026).
  if (door === 'datedProject' && request.background && request.stream) return null
  // Neither had any answer of 2025.
  if (recordedIn(door, record).startsWith('2025')) return null
  const [promptKeys, answerKeys] = keysAt(door, model)
  const hasIndirect = door === 'project' && !isUngraded.test(model.name)
  const raw = door === 'datedProject' ? null : nothing
  const { filter, prompt, answer } = judged
  const characters = items.reduce((sum, item) => sum + saidCharacters(item.json()), 0)
  return [
    verdictTold(
      'prompt',
      { ...(hasIndirect && indirect), ...resultsOf(filter, promptKeys, prompt) },
      promptCharacters + wrappingCharacters(model),
      { raw },
    ),
    verdictTold('completion', resultsOf(filter, answerKeys, answer), characters, {
      raw,
      isBlocked: answer?.blocked !== undefined,
    }),
  ]
}

/** Throws the refusal of a blocked prompt. That it also has the results in this API's form is a guess. */
export const judgeResponsePrompt = (
  filter: ContentFilter,
  texts: () => readonly string[],
  promptCharacters: number,
): FilterVerdict | undefined =>
  judgePrompt(filter, texts, promptKeys, (results) =>
    promptFiltered(results, {
      content_filters: [verdictTold('prompt', results, promptCharacters, { raw: nothing, isBlocked: true })],
    }),
  )

/** Checked in prompts of a project's agents (recorded February and June 2026); never found here. */
const indirect = { indirect_attack: { detected: false, filtered: false } }

const resultsOf = (filter: ContentFilter, keys: KeySet, verdict: FilterVerdict | undefined): object =>
  JSON.parse(filterResults(filter, keys, verdict)) as object

const nothing = [] as const
type Look = { readonly raw: readonly [] | null; readonly isBlocked?: boolean }

const verdictTold = (source: KeySet['source'], results: unknown, end: number, { raw, isBlocked = false }: Look) => ({
  blocked: isBlocked,
  source_type: source,
  content_filter_raw: raw,
  content_filter_results: results,
  content_filter_offsets: { start_offset: 0, end_offset: end, check_offset: 0 },
})

/** The characters of texts and of calls. */
function saidCharacters(item: Readonly<Record<string, unknown>>): number {
  const { content, arguments: called, input } = item
  if (typeof called === 'string') return called.length
  if (typeof input === 'string') return input.length
  const parts = (Array.isArray(content) ? content : []) as readonly { readonly text?: string }[]
  return parts.reduce((sum, { text }) => sum + (text?.length ?? 0), 0)
}
