/**
 * What a run came to, in moments of one length: sums alone, and in bounded memory. When there are as many moments as may
 * be, each two become one, so that a run of a day is told as coarsely as one of a minute finely.
 */
import { percentileOf, timeBuckets, timeBucketOf } from './time-buckets.ts'
import type { Observation } from './observation.ts'
import { maxUsedShare } from '../base/used-share.ts'

/** Of each moment, a number for each of these. */
export type Sums = Readonly<Record<(typeof sumNames)[number], readonly number[]>>

const sumNames = [
  ...(['ok', 'limitedByTokens', 'limitedByRequests', 'limitedOtherwise', 'refused', 'failed', 'left'] as const),
  ...(['spilled', 'promptTokens', 'completionTokens'] as const),
  /** Percent of the limit that was used when it was used most. */
  'utilization',
] as const

const at = Object.fromEntries(sumNames.map((name, index) => [name, index])) as Record<keyof Sums, number>
const width = sumNames.length

/** In milliseconds; null where nothing was measured. */
export type Quantiles = { readonly p50: number; readonly p95: number; readonly p99: number }

export type HistoryRow = {
  /** Absent of requests that name none. */
  readonly deployment?: string
  readonly model?: string
  readonly totals: Readonly<Record<keyof Sums, number>> & {
    readonly requests: number
    readonly firstByteMs: Quantiles | null
    readonly totalMs: Quantiles | null
  }
  readonly sums: Sums
  /** Of answers that succeeded: to the first byte, and to the end. */
  readonly firstByteMs: readonly (Quantiles | null)[]
  readonly totalMs: readonly (Quantiles | null)[]
}

export type ToldHistory = {
  /** When the first moment began; absent where there was no request. */
  readonly fromMs?: number
  readonly momentMs: number
  /** Busiest first. */
  readonly rows: readonly HistoryRow[]
  /** Of the whole process: the most requests at once in each moment. */
  readonly inFlight: readonly number[]
  readonly phases: readonly { readonly name: string; readonly fromMs: number; readonly toMs: number }[]
  /** What clients were told is wrong, most frequent first. */
  readonly errors: readonly HistoryError[]
}

export type HistoryError = {
  readonly status: number
  readonly code?: string
  readonly message?: string
  readonly rule?: string
  readonly count: number
  /** Id of the latest. */
  readonly example: string
}

const firstMomentMs = 1_000
const firstMoments = 16
const maxWaiting = 64
const maxRows = 20
const maxPhases = 200
const maxErrors = 40
const otherNames = '(other)'

type Row = {
  readonly deployment: string | undefined
  readonly model: string | undefined
  sums: Float64Array
  firstByte: Uint32Array
  total: Uint32Array
}

export class History {
  readonly #size: () => number
  #waiting: Observation[] = []
  #waitingInFlight: number[] = []
  #rows = new Map<string | undefined, Row>()
  #latest: Row | undefined
  #inFlight: number[] = []
  #phases: { readonly name: string; readonly fromMs: number; toMs: number }[] = []
  #errors = new Map<string, Omit<HistoryError, 'count' | 'example'> & { count: number; example: string }>()
  #fromMs = NaN
  #momentMs = firstMomentMs
  #room = firstMoments

  /** How many moments are kept; with 0 nothing is. */
  constructor(size: () => number) {
    this.#size = size
  }

  /** Many at once take half as long as each by itself. */
  add(observation: Observation, inFlight: number): void {
    this.#waitingInFlight.push(inFlight)
    if (this.#waiting.push(observation) === maxWaiting) this.#settle()
  }

  #settle(): void {
    const [waiting, inFlight] = [this.#waiting, this.#waitingInFlight]
    this.#waiting = []
    this.#waitingInFlight = []
    const size = this.#size()
    if (size === 0) return
    for (const [index, observation] of waiting.entries()) this.#count(observation, inFlight[index] ?? 0, size)
  }

  #count(observation: Observation, inFlight: number, size: number): void {
    const moment = this.#momentOf(observation.endedAtMs, size)
    this.#inFlight[moment] = Math.max(this.#inFlight[moment] ?? 0, inFlight)
    const latest = this.#latest
    const row = latest && latest.deployment === observation.deployment ? latest : this.#rowOf(observation)
    this.#latest = row
    count(row, moment, observation)
    if (observation.phase !== undefined) this.#note(observation.phase, observation)
    if (observation.status >= 400 && observation.status !== 499) this.#noteError(observation)
  }

  clear(): void {
    this.#waiting = []
    this.#waitingInFlight = []
    this.#rows = new Map()
    this.#latest = undefined
    this.#inFlight = []
    this.#phases = []
    this.#errors = new Map()
    this.#fromMs = NaN
    this.#momentMs = firstMomentMs
    this.#room = firstMoments
  }

  tell(): ToldHistory {
    this.#settle()
    const moments = this.#inFlight.length
    return {
      ...(!Number.isNaN(this.#fromMs) && { fromMs: this.#fromMs }),
      momentMs: this.#momentMs,
      rows: [...this.#rows.values()]
        .map((row) => toldOf(row, moments))
        .sort((one, other) => other.totals.requests - one.totals.requests),
      inFlight: Array.from(this.#inFlight, (most: number | undefined) => most ?? 0),
      phases: this.#phases.map((phase) => ({ ...phase })),
      errors: [...this.#errors.values()].sort((one, other) => other.count - one.count).map((error) => ({ ...error })),
    }
  }

  #momentOf(atMs: number, size: number): number {
    if (Number.isNaN(this.#fromMs)) this.#fromMs = Math.floor(atMs / firstMomentMs) * firstMomentMs
    let moment = Math.floor((atMs - this.#fromMs) / this.#momentMs)
    while (moment >= size) {
      this.#halve()
      moment = Math.floor((atMs - this.#fromMs) / this.#momentMs)
    }
    if (moment >= this.#room) this.#grow(moment)
    return Math.max(0, moment)
  }

  /** Each two moments become one. */
  #halve(): void {
    this.#momentMs *= 2
    const half = Math.ceil(this.#inFlight.length / 2)
    this.#inFlight = Array.from({ length: half }, (_, to) =>
      Math.max(this.#inFlight[2 * to] ?? 0, this.#inFlight[2 * to + 1] ?? 0),
    )
    for (const row of this.#rows.values()) {
      row.sums = paired(row.sums, width, at.utilization)
      row.firstByte = paired(row.firstByte, timeBuckets)
      row.total = paired(row.total, timeBuckets)
    }
  }

  #grow(moment: number): void {
    while (this.#room <= moment) this.#room *= 2
    for (const row of this.#rows.values()) {
      row.sums = grown(row.sums, new Float64Array(this.#room * width))
      row.firstByte = grown(row.firstByte, new Uint32Array(this.#room * timeBuckets))
      row.total = grown(row.total, new Uint32Array(this.#room * timeBuckets))
    }
  }

  #rowOf({ deployment: asked, model }: Observation): Row {
    const known = this.#rows.get(asked)
    if (known) return known
    // A client may name any number of deployments.
    const isOther = this.#rows.size >= maxRows
    const deployment = isOther ? otherNames : asked
    const other = isOther ? this.#rows.get(otherNames) : undefined
    if (other) return other
    const row: Row = {
      deployment,
      model: isOther ? undefined : model?.name,
      sums: new Float64Array(this.#room * width),
      firstByte: new Uint32Array(this.#room * timeBuckets),
      total: new Uint32Array(this.#room * timeBuckets),
    }
    this.#rows.set(deployment, row)
    return row
  }

  #note(name: string, { receivedAtMs, endedAtMs }: Observation): void {
    const last = this.#phases.at(-1)
    if (last?.name === name) {
      last.toMs = Math.max(last.toMs, endedAtMs)
      return
    }
    // An answer of the phase before, which has ended only now.
    const before = this.#phases.at(-2)
    if (before?.name === name && last && receivedAtMs < last.fromMs) return
    if (this.#phases.length < maxPhases) this.#phases.push({ name, fromMs: receivedAtMs, toMs: endedAtMs })
  }

  #noteError({ status, error, rule, requestId }: Observation): void {
    const key = `${status} ${error?.code ?? ''} ${rule ?? ''}`
    const known = this.#errors.get(key)
    if (known) {
      known.count++
      known.example = requestId
      return
    }
    if (this.#errors.size >= maxErrors) return
    const { message } = error ?? {}
    const code = error?.code ?? undefined
    this.#errors.set(key, {
      status,
      ...(code !== undefined && { code }),
      ...(message !== undefined && { message: message.slice(0, 600) }),
      ...(rule !== undefined && { rule }),
      count: 1,
      example: requestId,
    })
  }
}

function count(row: Row, moment: number, observation: Observation): void {
  const { status, refusedBy, usage, receivedAtMs, firstAtMs, endedAtMs, limits, spilledFrom } = observation
  const { sums } = row
  const start = moment * width
  const add = (index: number, amount: number) => {
    sums[start + index] = (sums[start + index] ?? 0) + amount
  }
  add(kindOf(status, refusedBy), 1)
  if (spilledFrom !== undefined) add(at.spilled, 1)
  if (usage) {
    add(at.promptTokens, usage.promptTokens)
    add(at.completionTokens, usage.completionTokens)
  }
  if (limits) sums[start + at.utilization] = Math.max(sums[start + at.utilization] ?? 0, maxUsedShare(limits))
  if (status >= 300) return
  const first = moment * timeBuckets + timeBucketOf(firstAtMs - receivedAtMs)
  row.firstByte[first] = (row.firstByte[first] ?? 0) + 1
  const total = moment * timeBuckets + timeBucketOf(endedAtMs - receivedAtMs)
  row.total[total] = (row.total[total] ?? 0) + 1
}

function kindOf(status: number, refusedBy: Observation['refusedBy']): number {
  if (status < 400) return at.ok
  if (status === 429)
    return refusedBy === 'tokens'
      ? at.limitedByTokens
      : refusedBy === 'requests'
        ? at.limitedByRequests
        : at.limitedOtherwise
  if (status === 499) return at.left
  return status < 500 ? at.refused : at.failed
}

/** Each two of `size` numbers added up; of what stands at `most`, the larger one. */
function paired<T extends Float64Array | Uint32Array>(columns: T, size: number, most?: number): T {
  const half = new (columns.constructor as new (length: number) => T)(columns.length)
  for (let from = 0; from < columns.length; from++) {
    const column = from % size
    const to = Math.floor(from / size / 2) * size + column
    const [own, more] = [half[to] ?? 0, columns[from] ?? 0]
    half[to] = column === most ? Math.max(own, more) : own + more
  }
  return half
}

function grown<T extends Float64Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}

function toldOf({ deployment, model, sums, firstByte, total }: Row, moments: number): HistoryRow {
  const series = Object.fromEntries(
    sumNames.map((name, index) => [
      name,
      Array.from({ length: moments }, (_, moment) => sums[moment * width + index] ?? 0),
    ]),
  ) as unknown as Sums
  const totals = Object.fromEntries(
    sumNames.map((name) => [
      name,
      name === 'utilization' ? Math.max(0, ...series[name]) : series[name].reduce((sum, each) => sum + each, 0),
    ]),
  ) as Record<keyof Sums, number>
  const { ok, limitedByTokens, limitedByRequests, limitedOtherwise, refused, failed, left } = totals
  return {
    ...(deployment !== undefined && { deployment }),
    ...(model !== undefined && { model }),
    totals: {
      requests: ok + limitedByTokens + limitedByRequests + limitedOtherwise + refused + failed + left,
      ...totals,
      firstByteMs: quantilesOf(firstByte, 0, moments),
      totalMs: quantilesOf(total, 0, moments),
    },
    sums: series,
    firstByteMs: Array.from({ length: moments }, (_, moment) => quantilesOf(firstByte, moment, moment + 1)),
    totalMs: Array.from({ length: moments }, (_, moment) => quantilesOf(total, moment, moment + 1)),
  }
}

/** Of the moments from the one to before the other. */
function quantilesOf(columns: Uint32Array, from: number, to: number): Quantiles | null {
  const counts = new Array<number>(timeBuckets).fill(0)
  for (let index = from * timeBuckets; index < to * timeBuckets; index++)
    counts[index % timeBuckets] = (counts[index % timeBuckets] ?? 0) + (columns[index] ?? 0)
  const p50 = percentileOf(counts, 0.5)
  if (p50 === undefined) return null
  return { p50, p95: percentileOf(counts, 0.95) ?? p50, p99: percentileOf(counts, 0.99) ?? p50 }
}
