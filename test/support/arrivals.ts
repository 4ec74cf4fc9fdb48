/** Requests on a manual clock, and when each piece of their answers arrives. */
import type { Sink } from '../../src/sim/types.ts'
import { type ManualClock, manualClock } from './manual-clock.ts'
import { testSimulator } from './simulator.ts'

export type Arrival = { readonly atMs: number; readonly text: string }

export type Arrived = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly headersAtMs: number
  /** One of each write. */
  readonly writes: readonly Arrival[]
  readonly text: string
  readonly endedAtMs: number
}

export function timedSimulator(
  input: Record<string, unknown>,
  options: Parameters<typeof testSimulator>[1] = {},
  clock: ManualClock = manualClock(Date.UTC(2026, 10, 29)),
) {
  const simulator = testSimulator(input, { clock, ...options })
  /** Sends at this moment; times count from here. */
  const send = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Arrived> => {
    const startMs = clock.now()
    const answer = await simulator.handle({
      method: 'POST',
      url: path,
      headers: new Headers({ 'api-key': 'test-key', 'content-type': 'application/json', ...headers }),
      bytes: () => Promise.resolve(Buffer.from(JSON.stringify(body))),
    })
    const headersAtMs = clock.now() - startMs
    const writes: Arrival[] = []
    const told = (text: string | Uint8Array) =>
      writes.push({ atMs: clock.now() - startMs, text: typeof text === 'string' ? text : Buffer.from(text).toString() })
    const { body: content } = answer
    if (typeof content === 'function')
      await new Promise<void>((resolve) => {
        const sink: Sink = {
          write: (chunk) => told(chunk) > 0,
          onDrain: queueMicrotask,
          end: resolve,
          onClose: () => undefined,
        }
        content(sink)
      })
    else if (content !== undefined) told(content)
    return {
      status: answer.status,
      headers: answer.headers,
      headersAtMs,
      writes,
      text: writes.map(({ text }) => text).join(''),
      endedAtMs: clock.now() - startMs,
    }
  }
  /** Until the answers are there, however long they take. */
  const answered = async <T>(answers: Promise<T>): Promise<T> => {
    const state = { isThere: false }
    const done = answers.finally(() => (state.isThere = true))
    for (let seconds = 0; !state.isThere && seconds < 3_600; seconds++) await clock.advanceAsync(1_000)
    return done
  }
  return {
    simulator,
    clock,
    send,
    answered,
    ask: (path: string, body: unknown, headers?: Record<string, string>) => answered(send(path, body, headers)),
  }
}

export type Chunk = {
  readonly choices: readonly { readonly delta?: { readonly content?: string | null } }[]
  readonly latency_checkpoint?: Readonly<Record<string, number>>
  readonly usage?: { readonly completion_tokens: number } | null
}

export const chunksOf = (text: string): Chunk[] =>
  text
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice('data: '.length)) as Chunk)

export const contentOf = (text: string): number =>
  chunksOf(text).filter(({ choices }) => (choices[0]?.delta?.content ?? '') !== '').length

/** When text comes, and how many tokens at once; a long burst is more than one write. */
export function bursts({ writes }: Arrived) {
  const found: { atMs: number; tokens: number }[] = []
  for (const { atMs, text } of writes) {
    const tokens = contentOf(text)
    const last = found.at(-1)
    if (tokens > 0 && last?.atMs === atMs) last.tokens += tokens
    else if (tokens > 0) found.push({ atMs, tokens })
  }
  return found
}
