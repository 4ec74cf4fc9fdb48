/**
 * `npm run soak`: a simulator under mixed load for `SOAK_SECONDS` (600): answers, streams, clients that leave, bodies that
 * are wrong, names that nobody configured, changes of settings. It prints what the process holds after a collection, and
 * fails where that keeps growing, where something is answered with 5xx, or where a stream or a socket is left behind.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Health } from '../support/server-process.ts'

const seconds = Number(process.env['SOAK_SECONDS'] ?? 600)
const key = 'soak'
/** What may be more in the last third than in the one before it. */
const allowedGrowthMegabytes = 8
const samples = 12

const child = fork(join(import.meta.dirname, '../support/server-process.ts'), [key], { execArgv: ['--expose-gc'] })
const [port] = (await once(child, 'message')) as [number]
const origin = `http://127.0.0.1:${port}`

const health = async (): Promise<Health> => {
  child.send('health')
  return ((await once(child, 'message')) as [Health])[0]
}

const messages = [{ role: 'user', content: 'Say something about the sea.' }]
let asked = 0
let failed = 0

async function ask(path: string, body: unknown, { method = 'POST', leavesAfterMs = 0 } = {}): Promise<void> {
  const signal = leavesAfterMs > 0 ? AbortSignal.timeout(leavesAfterMs) : null
  const headers = { 'api-key': key, 'content-type': 'application/json' }
  asked++
  try {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await fetch(origin + path, { method, headers, body: text, signal })
    if (answer.status >= 500) {
      failed++
      console.error(`${method} ${path} was answered with ${answer.status}: ${(await answer.text()).slice(0, 200)}`)
    } else await answer.arrayBuffer()
  } catch (error) {
    if (!signal?.aborted) throw error
  }
}

const chat = (name: string) => `/openai/deployments/${name}/chat/completions?api-version=2024-10-21`
const loads: readonly ((turn: number) => Promise<void>)[] = [
  () => ask(chat('gpt-4o'), { messages, max_tokens: 20 }),
  () => ask(chat('gpt-4o'), { messages, max_tokens: 20, stream: true }),
  () => ask(chat('gpt-4o'), { messages, max_tokens: 200, stream: true }, { leavesAfterMs: 300 }),
  (turn) => ask(chat(`name-${turn}`), { messages, max_tokens: 5 }),
  (turn) => ask('/openai/v1/responses', { model: 'gpt-4.1-mini', input: `Question ${turn}`, max_output_tokens: 20 }),
  (turn) => ask('/openai/v1/embeddings', { model: 'text-embedding-3-small', input: [`text ${turn}`] }),
  (turn) => ask(chat('gpt-4o'), ['{', '[]', '{"messages":1}', '"\\ud800"'][turn % 4]),
  (turn) => ask('/++/settings', { limits: { requests: turn % 2 ? 'on' : 'off' } }, { method: 'PATCH' }),
]

const endsAtMs = performance.now() + seconds * 1_000
const worker = async (first: number) => {
  for (let turn = first; performance.now() < endsAtMs; turn += 16) {
    const load = loads[turn % 8 === 7 && turn % 64 !== 7 ? 0 : turn % loads.length]
    await load?.(turn)
  }
}
const working = Promise.all(Array.from({ length: 16 }, (_, first) => worker(first)))

const megabytes: number[] = []
for (let sample = 0; sample < samples; sample++) {
  await Promise.race([sleep((seconds * 1_000) / samples), working])
  const { heapUsedBytes, openStreams } = await health()
  megabytes.push(heapUsedBytes / 1_048_576)
  console.log(
    `${asked} requests, ${failed} failed, ${megabytes.at(-1)?.toFixed(1)} MB of heap, ${openStreams} streams open`,
  )
}
await working
// Those who left have been noticed by then.
await sleep(1_000)
const { openStreams } = await health()
child.kill()

const third = samples / 3
const least = (values: readonly number[]) => Math.min(...values)
const growth = least(megabytes.slice(2 * third)) - least(megabytes.slice(third, 2 * third))
console.log(
  `Heap grew by ${growth.toFixed(1)} MB from the second third to the last; ${openStreams} streams were left open.`,
)
process.exitCode = failed > 0 || openStreams > 0 || growth > allowedGrowthMegabytes ? 1 : 0
