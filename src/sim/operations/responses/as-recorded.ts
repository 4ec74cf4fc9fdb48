/**
 * What a door's answers lack for models whose newest recording there is older than that of others: what came since is not
 * known to have come to them.
 */
import type { Model } from '../../types.ts'
import type { Door } from './doors.ts'

/** In one of the months in which answers changed. */
type Month = '2025-03' | '2025-08' | '2025-11' | '2026-01' | '2026-02' | '2026-03' | 'newest'

/** By door, which models were last recorded when; the first line that fits counts. */
const recorded: Readonly<Record<Door, readonly (readonly [models: RegExp, month: Month])[]>> = {
  resource: [],
  dated: [[/^(?:o3-mini|computer-use)/, '2025-08']],
  firstDated: [
    [/^(?:gpt-4o-mini|computer-use)/, '2025-03'],
    [/./, '2025-11'],
  ],
  project: [
    [/^(?:gpt-5-mini|computer-use)/, '2026-02'],
    [/^gpt-4o-mini/, '2026-03'],
  ],
  datedProject: [[/^gpt-5-mini/, '2026-01']],
}

export const recordedIn = (door: Door, { name }: Model): Month =>
  recorded[door].find(([models]) => models.test(name))?.[1] ?? 'newest'

const none: ReadonlySet<string> = new Set()
const since2026 = ['completed_at', 'frequency_penalty', 'presence_penalty', 'prompt_cache_retention']
const sinceNovember = [...since2026, 'top_logprobs']
/** Of whole answers below a project. */
const wholeSinceApril = ['content_filters', 'prompt_cache_retention']
const lacking: Readonly<Record<Month, ReadonlySet<string>>> = {
  '2025-03': new Set([
    ...sinceNovember,
    'background',
    'content_filters',
    'max_tool_calls',
    'prompt_cache_key',
    'safety_identifier',
    'service_tier',
    'tool_choice',
  ]),
  '2025-08': new Set(sinceNovember),
  '2025-11': new Set(since2026),
  '2026-01': new Set(['completed_at']),
  '2026-02': new Set(wholeSinceApril),
  '2026-03': new Set(wholeSinceApril),
  newest: none,
}

/** Members that are not there; of 2026 a stream told of them. */
export function lackedBy(door: Door, model: Model, isStream: boolean): ReadonlySet<string> {
  const month = recordedIn(door, model)
  return isStream && (month === '2026-02' || month === '2026-03') ? none : lacking[month]
}
