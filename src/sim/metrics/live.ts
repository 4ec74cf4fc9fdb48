/** What happened in each second, summed up for those who watch: see `GET /++/live`. Costs nothing while nobody does. */
import type { Clock } from '../clock.ts'
import type { Observation } from './observation.ts'

/** p50, p95 and p99 in milliseconds; absent where nothing was measured. */
export type Percentiles = readonly [p50: number, p95: number, p99: number]

export type LiveRow = {
  /** Absent of the resource that the top level of the settings describes. */
  readonly resource?: string
  /** Absent for requests that name none. */
  readonly deployment?: string
  readonly model?: string
  readonly requests: number
  /** How many were answered how; `left` counts clients that left before the end. */
  readonly answers: {
    readonly ok: number
    readonly limited: number
    readonly refused: number
    readonly failed: number
    readonly left: number
  }
  /** 429s by the limit that caused them. */
  readonly limitedBy: { readonly tokens: number; readonly requests: number }
  readonly tokens: { readonly prompt: number; readonly completion: number }
  /** Of answers that succeeded: to the first byte, and to the end. */
  readonly firstByteMs?: Percentiles
  readonly totalMs?: Percentiles
}

export type LiveError = {
  readonly id: string
  readonly status: number
  readonly deployment?: string
  readonly path: string
}

export type LiveSecond = {
  /** End of the second, in milliseconds since the Unix epoch. */
  readonly atMs: number
  /** Requests that have arrived and have not ended. */
  readonly inFlight: number
  /** Busiest deployments first, at most fifty. */
  readonly rows: readonly LiveRow[]
  /** The latest errors of this second, at most five. */
  readonly errors: readonly LiveError[]
}

export type Live = {
  /** A request has arrived. */
  readonly arrived: () => void
  /** It has ended. */
  readonly ended: (observation: Observation) => void
  /** How many have arrived and have not ended. */
  readonly inFlight: () => number
  /** Calls `told` each second until the returned function is called. */
  readonly follow: (told: (second: LiveSecond) => void) => () => void
}

const maxRows = 50
const maxErrors = 5
/** Times of a second beyond so many are left out: percentiles of the rest are as good. */
const maxTimes = 500
const secondMs = 1000

export function createLive(clock: Clock): Live {
  const followers = new Set<(second: LiveSecond) => void>()
  let inFlight = 0
  let sums = new Map<string, Sum>()
  let errors: LiveError[] = []
  const timer = clock.timer(() => {
    const atMs = clock.now()
    const rows = [...sums.values()].sort((a, b) => b.requests - a.requests)
    const second = { atMs, inFlight, rows: rows.slice(0, maxRows).map(toRow), errors }
    sums = new Map()
    errors = []
    for (const told of followers) told(second)
    if (followers.size > 0) timer.set(atMs + secondMs)
  })

  return {
    arrived() {
      inFlight++
    },
    ended(observation) {
      inFlight--
      if (followers.size === 0) return
      const key = `${observation.resource ?? ''}/${observation.deployment ?? ''}`
      let sum = sums.get(key)
      if (!sum) {
        // A client may name any number of deployments in a second.
        if (sums.size >= 4 * maxRows) return
        sums.set(key, (sum = newSum(observation)))
      }
      add(sum, observation)
      if (observation.status >= 400 && observation.status !== 499) {
        const { requestId: id, status, deployment, path } = observation
        if (errors.length === maxErrors) errors.shift()
        errors.push({
          id,
          status,
          path: path.slice(0, 200),
          ...(deployment !== undefined && { deployment: deployment.slice(0, 200) }),
        })
      }
    },
    inFlight: () => inFlight,
    follow(told) {
      followers.add(told)
      if (followers.size === 1) timer.set(clock.now() + secondMs)
      return () => {
        followers.delete(told)
        if (followers.size === 0) timer.cancel()
      }
    },
  }
}

type Sum = {
  readonly resource: string | undefined
  readonly deployment: string | undefined
  readonly model: string | undefined
  requests: number
  readonly answers: { ok: number; limited: number; refused: number; failed: number; left: number }
  readonly limitedBy: { tokens: number; requests: number }
  readonly tokens: { prompt: number; completion: number }
  readonly firstByteMs: number[]
  readonly totalMs: number[]
}

const newSum = ({ resource, deployment, model }: Observation): Sum => ({
  resource,
  deployment: deployment?.slice(0, 200),
  model: model?.name,
  requests: 0,
  answers: { ok: 0, limited: 0, refused: 0, failed: 0, left: 0 },
  limitedBy: { tokens: 0, requests: 0 },
  tokens: { prompt: 0, completion: 0 },
  firstByteMs: [],
  totalMs: [],
})

function add(sum: Sum, { status, refusedBy, usage, receivedAtMs, firstAtMs, endedAtMs }: Observation): void {
  sum.requests++
  sum.answers[kindOf(status)]++
  if (refusedBy === 'tokens' || refusedBy === 'requests') sum.limitedBy[refusedBy]++
  if (usage) {
    sum.tokens.prompt += usage.promptTokens
    sum.tokens.completion += usage.completionTokens
  }
  if (status >= 300 || sum.totalMs.length >= maxTimes) return
  sum.firstByteMs.push(firstAtMs - receivedAtMs)
  sum.totalMs.push(endedAtMs - receivedAtMs)
}

function kindOf(status: number): keyof LiveRow['answers'] {
  if (status < 400) return 'ok'
  if (status === 429) return 'limited'
  if (status === 499) return 'left'
  return status < 500 ? 'refused' : 'failed'
}

function toRow({ resource, deployment, model, firstByteMs, totalMs, ...sum }: Sum): LiveRow {
  return {
    ...sum,
    ...(resource !== undefined && { resource }),
    ...(deployment !== undefined && { deployment }),
    ...(model !== undefined && { model }),
    ...(firstByteMs.length > 0 && { firstByteMs: percentiles(firstByteMs), totalMs: percentiles(totalMs) }),
  }
}

function percentiles(times: number[]): Percentiles {
  const sorted = Float64Array.from(times).sort()
  const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? 0) * 10) / 10
  return [at(0.5), at(0.95), at(0.99)]
}
