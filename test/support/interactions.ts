/** Interactions of invented content. */
import { bodyText, jsonBody } from '../../src/sim/recordings/body.ts'
import type { Interaction, RecordedEvent, Sought } from '../../src/sim/recordings/interaction.ts'

export const chatPath = '/openai/deployments/gpt-4o/chat/completions'

export const toSought = (body: string | Uint8Array | object, more: Partial<Sought> = {}): Sought => ({
  method: 'POST',
  path: chatPath,
  contentType: 'application/json',
  bytes:
    body instanceof Uint8Array
      ? body
      : new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
  ...more,
})

export const exampleSought = (content = 'Hello!') => toSought({ messages: [{ role: 'user', content }] })

type Answer = Interaction['response']['body']

export const exampleInteraction = (
  body: Answer = jsonBody('{"choices":[{"message":{"role":"assistant","content":"Hi there."}}]}'),
  contentType = body.kind === 'events' ? 'text/event-stream; charset=utf-8' : 'application/json',
): Interaction => ({
  recordedAt: '2026-11-03T10:00:00.000Z',
  durationMs: 812,
  usage: { promptTokens: 9, completionTokens: 3 },
  request: {
    method: 'POST',
    path: chatPath,
    query: { 'api-version': '2024-10-21' },
    contentType: 'application/json',
    body: jsonBody('{"messages":[{"role":"user","content":"Hello!"}]}'),
  },
  response: { status: 200, headers: { 'content-type': contentType, 'x-ms-region': 'Sweden Central' }, body },
})

export const streamOf = (...texts: readonly string[]): { kind: 'events'; events: RecordedEvent[] } => ({
  kind: 'events',
  events: texts.map((data, index) => ({ afterMs: index === 0 ? 120 : 20, data })),
})

/** What a client would receive. */
export function answerText({ response: { body } }: Interaction): string {
  if (body.kind === 'events') return body.events.map(({ data }) => Buffer.from(data as string).toString()).join('')
  return body.kind === 'bytes' ? Buffer.from(body.bytes).toString('base64') : bodyText(body)
}
