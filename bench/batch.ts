/** The memory of a large batch, and its effect on chat completions. */
import { apiKey } from './cases.ts'
import { residentBytes } from './proc.ts'
import type { Server } from './processes.ts'
import { digits, megabytes, print, quantile } from './report.ts'

/** Beside what the process has before. */
const maxBytes = 100 * 1_048_576
/** What 99 of 100 chat completions may take longer than without a batch. */
const maxDelayMs = 5

export async function measureBatch({ port, pid }: Server, lines: number): Promise<void> {
  const client = clientOf(port)
  const alone = await latencies(client, (count) => count < 500)
  const bytesBefore = residentBytes(pid)

  const input = await client.upload(Array.from({ length: lines }, (_, index) => lineOf(index)).join('\n'))
  const startedAt = performance.now()
  const batch = await client.post<Batch>('batches', {
    input_file_id: input.id,
    endpoint: '/chat/completions',
    completion_window: '24h',
  })
  let state = batch
  let peakBytes = bytesBefore ?? 0
  const beside = await latencies(client, async (count) => {
    peakBytes = Math.max(peakBytes, residentBytes(pid) ?? 0)
    if (count % 50 === 0) state = await client.get<Batch>(`batches/${batch.id}`)
    return state.status !== 'completed' && state.status !== 'failed'
  })
  const seconds = (performance.now() - startedAt) / 1000
  const grownBytes = bytesBefore === undefined ? undefined : peakBytes - bytesBefore
  const [besideMs, aloneMs] = [quantile(beside, 0.99), quantile(alone, 0.99)]
  const delayMs = besideMs === undefined || aloneMs === undefined ? undefined : besideMs - aloneMs
  const { completed, failed } = state.request_counts
  print({
    title: `memory for a batch of ${lines} lines`,
    target: `<= ${megabytes(maxBytes)}`,
    reached: megabytes(grownBytes),
    isMet: grownBytes === undefined || state.status !== 'completed' ? undefined : grownBytes <= maxBytes,
    details: `${state.status} after ${seconds.toFixed(1)} s, ${completed} answered, ${failed} refused; ${megabytes(bytesBefore)} before, ${megabytes(peakBytes)} at most`,
  })
  print({
    title: 'chat beside it, 99 of 100',
    target: `<= +${maxDelayMs} ms`,
    reached: `${(delayMs ?? 0) < 0 ? '' : '+'}${digits(delayMs, 1)} ms`,
    isMet: delayMs === undefined ? undefined : delayMs <= maxDelayMs,
    details: `alone ${told(alone)}; beside ${told(beside)}`,
  })
}

type Batch = {
  readonly id: string
  readonly status: string
  readonly request_counts: { completed: number; failed: number }
}
type Client = ReturnType<typeof clientOf>

const chat = { model: 'free', messages: [{ role: 'user', content: 'Say something about the sea.' }], max_tokens: 100 }
const lineOf = (index: number) =>
  JSON.stringify({ custom_id: `task-${index}`, method: 'POST', url: '/chat/completions', body: chat })

function clientOf(port: number) {
  const send = async <T>(path: string, init: RequestInit): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${port}/openai/v1/${path}`, {
      ...init,
      headers: { 'api-key': apiKey, ...(init.headers as Record<string, string>) },
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  return {
    get: <T>(path: string) => send<T>(path, {}),
    post: <T>(path: string, body: unknown) =>
      send<T>(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    upload: (text: string) => {
      const body = new FormData()
      body.set('purpose', 'batch')
      body.set('file', new File([text], 'input.jsonl'))
      return send<{ id: string }>('files', { method: 'POST', body })
    },
  }
}

/** One request after another, as long as `goesOn`. */
async function latencies(client: Client, goesOn: (count: number) => boolean | Promise<boolean>): Promise<number[]> {
  const found: number[] = []
  while (await goesOn(found.length)) {
    const sentAt = performance.now()
    await client.post('chat/completions', chat)
    found.push(performance.now() - sentAt)
  }
  return found
}

const told = (values: readonly number[]) => {
  const [middle, most, worst] = [0.5, 0.99, 1].map((share) => digits(quantile(values, share), 1))
  return `${middle} ms, 99 of 100 ${most} ms, worst ${worst} ms of ${values.length}`
}
