/** Measures whether many open pages disturb streams, and the cost of their sums for each second. */
import { createLive } from '../src/sim/metrics/live.ts'
import type { Observation } from '../src/sim/metrics/observation.ts'
import { eventStream } from '../src/sim/admin/event-stream.ts'
import type { Clock } from '../src/sim/clock.ts'
import type { Sink } from '../src/sim/types.ts'
import { apiKey, paceTokenMs } from './cases.ts'
import type { PacedOutcome } from './load-paced.ts'
import type { PacedSize } from './paced.ts'
import type { Load, Server } from './processes.ts'
import { digits, median, print } from './report.ts'

const pages = 20
const targetMoreMs = 2
const targetShare = 0.02
const requestsPerSecond = 5_000
const summedSeconds = 60
const warmUpRounds = 3
/** Without and with, in turn, so that what else the machine does falls on both. */
const rounds = 3

/** `server` should be one that has not served yet: it is warmed up here. */
export async function measurePages(server: Server, load: Load, { streams, seconds }: PacedSize): Promise<void> {
  const { port, pid } = server
  const tokens = Math.round((seconds * 1_000) / paceTokenMs / rounds)
  const run = async (size: { streams: number; tokens: number }) =>
    (await load.run({ kind: 'paced', port, pid, ...size })) as PacedOutcome
  for (let round = 0; round < warmUpRounds; round++) await run({ streams: 200, tokens: 100 })
  const without: number[] = []
  const withPages: number[] = []
  let seen = 0
  for (let round = 0; round < rounds; round++) {
    without.push((await run({ streams, tokens })).p99ErrorMs ?? NaN)
    const open = Array.from({ length: pages }, () => openPage(port))
    withPages.push((await run({ streams, tokens })).p99ErrorMs ?? NaN)
    for (const page of open) seen += page.close()
  }
  const [before = NaN, after = NaN] = [median(without), median(withPages)]
  print({
    title: `${pages} open pages, ${streams} streams: error of a gap, p99`,
    target: `<= +${targetMoreMs} ms`,
    reached: `${after >= before ? '+' : ''}${digits(after - before, 1)} ms`,
    isMet: Number.isFinite(after - before) ? after - before <= targetMoreMs : undefined,
    details: `${digits(before, 1)} ms without, ${digits(after, 1)} ms with (medians of ${rounds}: ${each(without)} and ${each(withPages)}); the pages were told of ${seen} seconds`,
  })
  const { share, bytes } = costOfSums()
  print({
    title: `  sums of ${requestsPerSecond} requests a second for ${pages} pages`,
    target: `<= ${100 * targetShare} %`,
    reached: `${digits(100 * share, 2)} %`,
    isMet: share <= targetShare,
    details: `of a core; ${digits(bytes / 1_024, 1)} KB a second to each page`,
  })
}

const each = (values: readonly number[]) => values.map((value) => digits(value, 1)).join(', ')

/** Asks what a page with its overview open asks. */
function openPage(port: number): { readonly close: () => number } {
  const leaving = new AbortController()
  const ask = (path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'api-key': apiKey }, signal: leaving.signal })
  const poll = (path: string, eachMs: number) =>
    setInterval(() => void ask(path).then((answer) => answer.text(), ignore), eachMs)
  const timers = [poll('/++/settings', 5_000), poll('/++/timeline', 2_000)]
  let seen = 0
  const follow = async () => {
    const answer = await ask('/++/live')
    for await (const piece of answer.body ?? []) if (Buffer.from(piece).includes('data: ')) seen++
  }
  follow().catch(ignore)
  return {
    close() {
      for (const timer of timers) clearInterval(timer)
      leaving.abort()
      return seen
    },
  }
}

const ignore = () => undefined

/** In this process, on a clock that goes by itself: what a second of requests takes, and the telling of it. */
function costOfSums(): { readonly share: number; readonly bytes: number } {
  let nowMs = 0
  let due: { atMs: number; run: () => void } | undefined
  const clock: Clock = {
    now: () => nowMs,
    timer: (run, about) => ({
      set: (atMs) => (due ??= { atMs, run: () => run(about as never, nowMs) }),
      cancel: () => (due = undefined),
    }),
  }
  const live = createLive(clock, () => undefined)
  let bytes = 0
  const sink = {
    write: (chunk: string | Uint8Array) => {
      bytes += chunk.length
      return true
    },
    onDrain: ignore,
    onClose: ignore,
    end: ignore,
  } as unknown as Sink
  const still: Clock = { now: () => 0, timer: () => ({ set: ignore, cancel: ignore }) }
  for (let page = 0; page < pages; page++) {
    const { body } = eventStream({ clock: still, follow: live.follow, tellsMissed: false })
    if (typeof body === 'function') body(sink)
  }
  const second = () => {
    for (let n = 0; n < requestsPerSecond; n++) {
      live.arrived()
      live.ended(observationOf(n, nowMs))
    }
    nowMs += 1_000
    const timer = due
    due = undefined
    timer?.run()
  }
  for (let warm = 0; warm < 5; warm++) second()
  bytes = 0
  const before = process.cpuUsage()
  for (let n = 0; n < summedSeconds; n++) second()
  const { user, system } = process.cpuUsage(before)
  return { share: (user + system) / 1e6 / summedSeconds, bytes: bytes / summedSeconds / pages }
}

/** A tenth is refused, over ten deployments. */
function observationOf(n: number, atMs: number): Observation {
  const isRefused = n % 10 === 0
  return {
    method: 'POST',
    path: '/openai/v1/chat/completions',
    requestId: 'a-request',
    clientId: null,
    headers: { get: () => null },
    connection: undefined,
    operation: 'ChatCompletions_Create',
    deployment: `deployment-${(n >> 4) % 10}`,
    askedDeployment: undefined,
    model: undefined,
    status: isRefused ? 429 : 200,
    stream: false,
    receivedAtMs: atMs,
    plannedAtMs: atMs + 1,
    firstAtMs: atMs + 300 + (n % 100),
    endedAtMs: atMs + 900 + (n % 300),
    cost: undefined,
    usage: isRefused ? undefined : { promptTokens: 100, completionTokens: 50 },
    refusedBy: isRefused ? 'tokens' : undefined,
    rule: undefined,
    spilledFrom: undefined,
    error: isRefused
      ? { code: 'RateLimitReached', message: 'Requests to this deployment have exceeded the limit.' }
      : undefined,
    origin: undefined,
  }
}
