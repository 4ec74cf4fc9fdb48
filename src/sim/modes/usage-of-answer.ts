/** What a real service says that an answer used. */
import type { RecordedEvent } from '../recordings/interaction.ts'
import { toUsage } from '../recordings/recorded-usage.ts'
import type { Usage } from '../types.ts'

/**
 * From the bytes of an answer of chat, completions, embeddings, the Responses API or audio; absent where they say
 * nothing. Only the part that tells it is parsed, so that a long answer is not held up.
 */
export function usageOfBytes(bytes: Uint8Array): Usage | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // In a text the quotes would be escaped, so what is found is a key.
  const at = buffer.lastIndexOf('"usage"')
  return at < 0 ? undefined : usageAt(buffer.toString('utf8', at, at + maxUsageBytes))
}

/** Of a stream that tells its usage it is told near the end. */
const eventsSearched = 8

export function usageOfEvents(events: readonly RecordedEvent[]): Usage | undefined {
  for (const { data } of events.slice(-eventsSearched).reverse()) {
    if (typeof data !== 'string') continue
    const at = data.lastIndexOf('"usage"')
    const usage = at < 0 ? undefined : usageAt(data.slice(at, at + maxUsageBytes))
    if (usage) return usage
  }
  return undefined
}

const maxUsageBytes = 4096

/** `text` begins with the key. */
function usageAt(text: string): Usage | undefined {
  const start = /^"usage"\s*:\s*\{/.exec(text)?.[0].length
  if (start === undefined) return undefined
  let depth = 1
  let end = start
  for (; end < text.length && depth > 0; end++) {
    if (text[end] === '{') depth++
    else if (text[end] === '}') depth--
  }
  return toUsage(parsed(text.slice(start - 1, end)))
}

/** True for an event that says that the stream failed: `error` of chat, `error` and `response.failed` of Responses. */
export function isErrorEvent(event: string): boolean {
  if (/^event: ?(error|response\.failed)\r?$/m.test(event)) return true
  // Chat has no other event whose first key is this one.
  return /^data: ?\{\s*"error"\s*:\s*[{"]/m.test(event)
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
