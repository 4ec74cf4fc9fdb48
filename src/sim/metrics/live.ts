/** What happened in each second, summed up for those who watch: see `GET /++/live`. Costs nothing while nobody does. */
import type { Clock } from '../clock.ts'
import type { Spoken } from '../base/spoken.ts'
import type { Observation } from './observation.ts'

/** p50, p95 and p99 in milliseconds; absent where nothing was measured. */
export type ToldPercentiles = readonly [p50: number, p95: number, p99: number]

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
  /** 429s by what caused them: a limit, provisioned throughput that was used up, a rule, or another (a queue, an extension). */
  readonly limitedBy: {
    readonly tokens: number
    readonly requests: number
    readonly provisioned: number
    readonly rule: number
    readonly other: number
  }
  /** How many it answered in place of a provisioned deployment. */
  readonly spilled: number
  /** In percent, of provisioned throughput: the latest of the second. */
  readonly utilization?: number
  readonly tokens: { readonly prompt: number; readonly completion: number }
  /** Answers aloud, the seconds that they take to hear, and the gaps that listeners heard: how many, and how long in all. */
  readonly sound?: { readonly answers: number; readonly seconds: number; readonly gaps: number; readonly gapMs: number }
  /** Of answers that succeeded: to the first byte, and to the end. */
  readonly firstByteMs?: ToldPercentiles
  readonly totalMs?: ToldPercentiles
}

export type LiveError = {
  readonly id: string
  readonly status: number
  readonly deployment?: string
  readonly path: string
  readonly code?: string
  readonly message?: string
  /** That had a hand in it. */
  readonly rule?: string
}

export type LiveSecond = {
  /** End of the second, in milliseconds since the Unix epoch. */
  readonly atMs: number
  /** Requests that have arrived and have not ended. */
  readonly inFlight: number
  /** Of the process's timeline, where one holds. */
  readonly phase?: string
  /** Busiest deployments first, at most fifty. */
  readonly rows: readonly LiveRow[]
  /** The latest errors of this second, at most five. */
  readonly errors: readonly LiveError[]
}

export type LiveFigures = {
  /** A request has arrived. */
  readonly arrived: () => void
  /** It has ended. */
  readonly ended: (observation: Observation) => void
  /** An answer aloud has ended. */
  readonly spoke: (spoken: Spoken, resource: string | undefined) => void
  /** How many have arrived and have not ended. */
  readonly inFlight: () => number
  /** Tells nobody any more. */
  readonly close: () => void
  /** Calls `told` each second until the returned function is called; at once of the last minutes, where others followed. */
  readonly follow: (told: (second: LiveSecond) => void) => () => void
}

const maxRows = 50
const maxErrors = 5
/** Times of a second beyond so many are left out: percentiles of the rest are as good. */
const maxTimes = 500
const secondMs = 1000
/** What is told to whoever comes next, and how long it goes on when nobody follows any more: a page may be loaded again. */
const maxSeconds = 300
const lingerMs = 60_000

export function createLive(clock: Clock, phase: () => string | undefined): LiveFigures {
  const followers = new Set<(second: LiveSecond) => void>()
  let seconds: LiveSecond[] = []
  let leftAtMs = Infinity
  let isOn = false
  let inFlight = 0
  let sums = new Map<string, Sum>()
  let errors: LiveError[] = []
  const timer = clock.timer(() => {
    const atMs = clock.now()
    const rows = [...sums.values()].sort((a, b) => b.requests - a.requests)
    const now = phase()
    const second: LiveSecond = {
      atMs,
      inFlight,
      ...(now !== undefined && { phase: now }),
      rows: rows.slice(0, maxRows).map(toRow),
      errors,
    }
    sums = new Map()
    errors = []
    seconds.push(second)
    if (seconds.length > maxSeconds) seconds.shift()
    for (const told of followers) told(second)
    isOn = followers.size > 0 || atMs - leftAtMs < lingerMs
    if (isOn) timer.set(atMs + secondMs)
    else seconds = []
  })

  /** A client may name any number of deployments in a second. */
  const sumOf = (named: Named): Sum | undefined => {
    const key = `${named.resource ?? ''}/${named.deployment ?? ''}`
    let sum = sums.get(key)
    if (!sum && sums.size < 4 * maxRows) sums.set(key, (sum = newSum(named)))
    return sum
  }

  return {
    arrived() {
      inFlight++
    },
    ended(observation) {
      inFlight--
      if (!isOn) return
      const sum = sumOf(observation)
      if (!sum) return
      add(sum, observation)
      if (observation.status >= 400 && observation.status !== 499) {
        const { requestId: id, status, deployment, path, error, rule } = observation
        if (errors.length === maxErrors) errors.shift()
        errors.push({
          id,
          status,
          path: path.slice(0, 200),
          ...(deployment !== undefined && { deployment: deployment.slice(0, 200) }),
          ...(typeof error?.code === 'string' && { code: error.code }),
          ...(error && { message: error.message.slice(0, 600) }),
          ...(rule !== undefined && { rule: rule.slice(0, 200) }),
        })
      }
    },
    spoke({ deployment, model, soundMs, gaps, gapMs }, resource) {
      if (!isOn) return
      const sum = sumOf({ resource, deployment, model: { name: model } })
      if (!sum) return
      const { answers = 0, seconds = 0, gaps: before = 0, gapMs: beforeMs = 0 } = sum.sound ?? {}
      sum.sound = {
        answers: answers + 1,
        seconds: seconds + soundMs / 1000,
        gaps: before + gaps,
        gapMs: beforeMs + gapMs,
      }
    },
    inFlight: () => inFlight,
    close() {
      followers.clear()
      timer.cancel()
    },
    follow(told) {
      followers.add(told)
      leftAtMs = Infinity
      for (const second of seconds) told(second)
      if (!isOn) timer.set(clock.now() + secondMs)
      isOn = true
      return () => {
        followers.delete(told)
        if (followers.size === 0) leftAtMs = clock.now()
      }
    },
  }
}

type Named = {
  readonly resource?: string | undefined
  readonly deployment: string | undefined
  readonly model: { readonly name: string } | undefined
}

type Sum = {
  readonly resource: string | undefined
  readonly deployment: string | undefined
  readonly model: string | undefined
  requests: number
  readonly answers: { ok: number; limited: number; refused: number; failed: number; left: number }
  readonly limitedBy: { tokens: number; requests: number; provisioned: number; rule: number; other: number }
  spilled: number
  utilization: number | undefined
  readonly tokens: { prompt: number; completion: number }
  readonly firstByteMs: number[]
  readonly totalMs: number[]
  sound?: LiveRow['sound']
}

const newSum = ({ resource, deployment, model }: Named): Sum => ({
  resource,
  deployment: deployment?.slice(0, 200),
  model: model?.name,
  requests: 0,
  answers: { ok: 0, limited: 0, refused: 0, failed: 0, left: 0 },
  limitedBy: { tokens: 0, requests: 0, provisioned: 0, rule: 0, other: 0 },
  spilled: 0,
  utilization: undefined,
  tokens: { prompt: 0, completion: 0 },
  firstByteMs: [],
  totalMs: [],
})

function add(sum: Sum, observation: Observation): void {
  const { status, usage, receivedAtMs, firstAtMs, endedAtMs } = observation
  sum.requests++
  sum.answers[kindOf(status)]++
  if (status === 429) sum.limitedBy[causeOf(observation)]++
  if (observation.spilledFrom !== undefined) sum.spilled++
  const utilization = observation.limits?.utilization
  if (utilization !== undefined) sum.utilization = utilization
  if (usage) {
    sum.tokens.prompt += usage.promptTokens
    sum.tokens.completion += usage.completionTokens
  }
  // How long a connection was there is no answer's time.
  if (status < 200 || status >= 300 || sum.totalMs.length >= maxTimes) return
  sum.firstByteMs.push(firstAtMs - receivedAtMs)
  sum.totalMs.push(endedAtMs - receivedAtMs)
}

function causeOf({ refusedBy, isRefusedByRule, rule, limits }: Observation): keyof LiveRow['limitedBy'] {
  if (refusedBy && !isRefusedByRule) return limits?.utilization === undefined ? refusedBy : 'provisioned'
  return rule === undefined ? 'other' : 'rule'
}

function kindOf(status: number): keyof LiveRow['answers'] {
  if (status < 400) return 'ok'
  if (status === 429) return 'limited'
  if (status === 499) return 'left'
  return status < 500 ? 'refused' : 'failed'
}

function toRow({ resource, deployment, model, utilization, sound, firstByteMs, totalMs, ...sum }: Sum): LiveRow {
  return {
    ...sum,
    ...(sound && { sound }),
    ...(resource !== undefined && { resource }),
    ...(deployment !== undefined && { deployment }),
    ...(model !== undefined && { model }),
    ...(utilization !== undefined && { utilization: Math.round(utilization * 10) / 10 }),
    ...(firstByteMs.length > 0 && { firstByteMs: percentiles(firstByteMs), totalMs: percentiles(totalMs) }),
  }
}

function percentiles(times: number[]): ToldPercentiles {
  const sorted = Float64Array.from(times).sort()
  const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? 0) * 10) / 10
  return [at(0.5), at(0.95), at(0.99)]
}
