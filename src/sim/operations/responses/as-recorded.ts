/**
 * Some models were last recorded at a door earlier than others. Whether they got the fields that came since is not known, so
 * their answers lack them.
 */
import type { Door } from './doors.ts'
import type { ResponseRecord } from './record.ts'

/** The months in which answers changed. */
type Month = '2025-03' | '2025-08' | '2025-11' | '2025-12' | '2026-01' | '2026-02' | '2026-03' | 'newest'

/** When models were last recorded, by door; the first line that fits counts. */
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

/** Answers of agents were last recorded earlier than those of models. */
const ofAgents: Partial<Readonly<Record<Door, Month>>> = { project: '2026-03', datedProject: '2025-12' }

/** Who made a response: its model, and the agent, if there was one. */
export type Made = Pick<ResponseRecord, 'model' | 'agent'>

export function recordedIn(door: Door, { model: { name }, agent }: Made): Month {
  const month = recorded[door].find(([models]) => models.test(name))?.[1] ?? 'newest'
  const last = agent && ofAgents[door]
  return last !== undefined && last < month ? last : month
}

const none: ReadonlySet<string> = new Set()
const since2026 = ['completed_at', 'frequency_penalty', 'presence_penalty', 'prompt_cache_retention']
const sinceNovember = [...since2026, 'top_logprobs']
/** For whole answers below a project. */
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

/** The fields that are absent; streams of 2026 had them. */
export function lackedBy(door: Door, made: Made, isStream: boolean): ReadonlySet<string> {
  const month = recordedIn(door, made)
  return isStream && (month === '2026-02' || month === '2026-03') ? none : lacking[month]
}
