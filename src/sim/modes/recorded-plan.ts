import { bodyText } from '../recordings/body.ts'
import type { Interaction, RecordedEvent } from '../recordings/interaction.ts'
import type { Frame, Plan } from '../types.ts'
import { noUsage } from '../base/no-usage.ts'

/** `speed` is how many times as fast as recorded it goes; 0 leaves all waits out. */
export function planOf({ response, durationMs, usage }: Interaction, speed: number): Plan {
  const { status, body } = response
  const scale = speed > 0 ? 1 / speed : 0
  const { contentType, headers } = headOf(response)
  return {
    status,
    contentType,
    headers,
    usage: usage ?? noUsage,
    body:
      body.kind === 'events'
        ? { kind: 'stream', frames: framesOf(body.events, scale) }
        : { kind: 'whole', atMs: durationMs * scale, data: body.kind === 'bytes' ? body.bytes : bodyText(body) },
  }
}

type Response = Interaction['response']
type Head = { readonly contentType: string; readonly headers: Readonly<Record<string, string>> }

/** The same for each answer that is made of a recording, as long as somebody remembers it. */
const heads = new WeakMap<Response, Head>()

function headOf(response: Response): Head {
  let head = heads.get(response)
  if (head === undefined) {
    const { headers, body } = response
    const usual = body.kind === 'json' ? 'application/json' : 'application/octet-stream'
    head = { contentType: headerOf(headers, 'content-type') ?? usual, headers: headersOf(headers) }
    heads.set(response, head)
  }
  return head
}

/** Times are summed as they were recorded and scaled then, so that nothing adds up but what was recorded. */
function* framesOf(events: readonly RecordedEvent[], scale: number): Generator<Frame> {
  let recordedMs = 0
  for (const { afterMs, data } of events) {
    recordedMs += afterMs
    yield { atMs: recordedMs * scale, data }
  }
}

/** Made anew with each answer, or not the recording's to say; a person may have written them into the document. */
const ofEachAnswer = new Set([
  ...['content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'connection', 'keep-alive', 'date'],
  ...['apim-request-id', 'x-request-id', 'x-ms-client-request-id', 'request-id', 'set-cookie'],
  ...['strict-transport-security', 'x-content-type-options'],
])

function headersOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (!ofEachAnswer.has(lower) && !lower.startsWith('x-ratelimit-')) kept[lower] = value
  }
  return kept
}

function headerOf(headers: Readonly<Record<string, string>>, sought: string): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === sought)?.[1]
}
