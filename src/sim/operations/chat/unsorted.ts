/**
 * Chat completions of retired models with the api-versions that were last recorded before the service began to sort members (2023 to March
 * 2024): the same, told in the order of then, and a call's message with its empty content.
 */
import { isObject } from '../../base/object.ts'
import { isRetired } from '../../models/abilities.ts'
import type { Call } from '../../operation.ts'
import type { StreamEvent } from '../../types.ts'
import type { ChatBody } from './body.ts'

/** Of models that were not asked again since; others are sorted with these versions, too (recorded March 2026 of one between them). */
const versions: ReadonlySet<string> = new Set(['2023-12-01-preview', '2024-03-01-preview'])

export const isUnsorted = ({ apiVersion, body, deployment: { model } }: Call<ChatBody>): boolean =>
  versions.has(apiVersion) && isRetired(model) && !body.data_sources

export const unsortedWhole = (json: string): string => JSON.stringify(told(JSON.parse(json), 'answer'))

export function* unsortedEvents(events: Iterable<StreamEvent>): Generator<StreamEvent> {
  for (const event of events) {
    const { data } = event
    const isJson = typeof data === 'string' && data.startsWith('data: {')
    yield isJson ? { ...event, data: `data: ${unsortedWhole(data.slice('data: '.length))}\n\n` } : event
  }
}

type Kind = keyof typeof orders

/** Whose members come in which order, and what is in them; what is not named comes last. */
const orders = {
  answer: 'id object created model prompt_filter_results choices usage system_fingerprint',
  choice: 'finish_reason index message delta content_filter_results logprobs',
  message: 'role content function_call tool_calls',
  call: 'index id type function',
  called: 'name arguments',
  usage: 'prompt_tokens completion_tokens total_tokens',
} as const

const within: Readonly<Record<string, Kind>> = {
  choices: 'choice',
  message: 'message',
  delta: 'message',
  tool_calls: 'call',
  function: 'called',
  function_call: 'called',
  usage: 'usage',
}

function told(value: unknown, kind: Kind): unknown {
  if (Array.isArray(value)) return value.map((one) => told(one, kind))
  if (!isObject(value)) return value
  const all = kind === 'message' && !('content' in value) ? { ...value, content: null } : value
  const names = new Set([...orders[kind].split(' ').filter((name) => name in all), ...Object.keys(all)])
  return Object.fromEntries(
    [...names].map((name) => {
      const inner = Object.hasOwn(within, name) ? within[name] : undefined
      const member = all[name]
      return [name, inner === undefined ? member : told(member, inner)]
    }),
  )
}
