/**
 * What a door's answers lack for models whose newest recording there is older than that of others: what came since is not
 * known to have come to them.
 */
import type { Door } from './doors.ts'
import type { ResponseRecord } from './record.ts'

/** In one of the months in which answers changed. */
type Month = '2025-03' | '2025-08' | '2025-11' | '2025-12' | '2026-01' | '2026-02' | '2026-03' | 'newest'

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

/** What agents answer was last recorded earlier than what models do. */
const ofAgents: Partial<Readonly<Record<Door, Month>>> = { project: '2026-03', datedProject: '2025-12' }

/** What a response is told by: its model, and the agent that made it, if one did. */
export type Made = Pick<ResponseRecord, 'model' | 'agent'>

export function recordedIn(door: Door, { model: { name }, agent }: Made): Month {
  const month = recorded[door].find(([models]) => models.test(name))?.[1] ?? 'newest'
  const last = agent && ofAgents[door]
  return last !== undefined && last < month ? last : month
}

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
  '2025-12': new Set(['completed_at']),
  '2026-01': new Set(['completed_at']),
  '2026-02': new Set(wholeSinceApril),
  '2026-03': new Set(wholeSinceApril),
  newest: none,
}

/** Members that are not there; of 2026 a stream told of them. */
export function lackedBy(door: Door, made: Made, isStream: boolean): ReadonlySet<string> {
  const month = recordedIn(door, made)
  return isStream && (month === '2026-02' || month === '2026-03') ? none : lacking[month]
}
