/** What a real service says that an answer used. */
import type { RecordedEvent } from '../recordings/interaction.ts'
import type { Usage } from '../types.ts'

/** From a parsed answer of chat, completions, embeddings, the Responses API or audio; absent where it says nothing. */
export function usageOf(answer: unknown): Usage | undefined {
  const usage = fieldOf(answer, 'usage') ?? fieldOf(fieldOf(answer, 'response'), 'usage')
  const promptTokens = fieldOf(usage, 'prompt_tokens') ?? fieldOf(usage, 'input_tokens')
  const completionTokens = fieldOf(usage, 'completion_tokens') ?? fieldOf(usage, 'output_tokens') ?? 0
  if (typeof promptTokens !== 'number' || typeof completionTokens !== 'number') return undefined
  return { promptTokens, completionTokens }
}

/** Of a stream that tells its usage it is told near the end. */
const eventsSearched = 8

export function usageOfEvents(events: readonly RecordedEvent[]): Usage | undefined {
  for (const { data } of events.slice(-eventsSearched).reverse()) {
    if (typeof data !== 'string' || !data.includes('_tokens"')) continue
    const usage = usageOf(eventData(data))
    if (usage) return usage
  }
  return undefined
}

/** True for an event that says that the stream failed: `error` of chat, `error` and `response.failed` of Responses. */
export function isErrorEvent(event: string): boolean {
  if (/^event: ?(error|response\.failed)\r?$/m.test(event)) return true
  return /^data: ?\{\s*"error"/m.test(event) && fieldOf(eventData(event), 'error') !== null
}

/** The JSON of an event's data. */
function eventData(event: string): unknown {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'))
  try {
    return JSON.parse(lines.map((line) => line.slice(5)).join('\n'))
  } catch {
    return undefined
  }
}

export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}
