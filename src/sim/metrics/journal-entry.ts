/** What the journal tells of a request, and which requests somebody wants to be told of. */
import { type Client, saysOf } from './client.ts'
import type { SessionTold } from '../base/session-told.ts'
import type { Observation } from './observation.ts'

export type Entry = {
  readonly id: string
  /** Absent of the resource that the top level of the settings describes. */
  readonly resource?: string
  /** ISO 8601, of its arrival. */
  readonly receivedAt: string
  readonly method: string
  readonly path: string
  readonly operation?: string
  readonly deployment?: string
  readonly model?: string
  readonly status: number
  readonly stream: boolean
  /** As the client sent it in `x-ms-client-request-id`. */
  readonly clientId?: string
  /** Its user agent, and what official SDKs say of themselves (`x-stainless-…`). */
  readonly client?: Client
  /** Which of the host's connections it came over. */
  readonly connection?: number
  /** Which attempt of its call it was, from 1; absent where that is not known. */
  readonly attempt?: number
  /** Milliseconds since its arrival: when the answer was made, when its first byte was due, when it had ended. */
  readonly timing: { readonly plannedMs: number; readonly firstByteMs: number; readonly totalMs: number }
  readonly tokens?: { readonly prompt: number; readonly completion: number }
  /** `passed`, or what refused it. Absent where no limiter was asked. */
  readonly limiter?: 'passed' | 'tokens' | 'requests'
  /** Name of the document that was replayed, written, or looked for. */
  readonly recording?: string
  /** The phases of timelines that held, where any did. */
  readonly phase?: string
  /** The rule that had a hand in it. */
  readonly rule?: string
  /** The provisioned deployment that could not answer it. */
  readonly spilledFrom?: string
  /** What its client was told is wrong, with every answer from 400 on, and with a stream that an extension broke off. */
  readonly error?: { readonly code: string | null; readonly message: string }
  /** Of a live connection: frames and characters of both sides; how long it lasted and how it was closed, once it has ended. */
  readonly session?: {
    readonly state: 'open' | 'closed'
    readonly frames: { readonly in: number; readonly out: number }
    readonly characters: { readonly in: number; readonly out: number }
    readonly lastedMs?: number
    readonly code?: number
  }
  /** In words: `generated`, `recorded as …` where that is done, `to be recorded as …`, `rejected: tokens`, `error 404`. */
  readonly why: string
}

export type Wanted = {
  readonly deployment?: string | undefined
  readonly operation?: string | undefined
  readonly rule?: string | undefined
  readonly phase?: string | undefined
  readonly status?: number | undefined
  readonly clientId?: string | undefined
  /** A text of what the client says of itself. */
  readonly client?: string | undefined
  readonly connection?: number | undefined
  /** Milliseconds since the Unix epoch. */
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
  readonly limit?: number | undefined
}

/** What an entry is made from. */
export type Kept = Kind & Particulars

/** What many requests have in common. */
export type Kind = Pick<
  Observation,
  | 'method'
  | 'path'
  | 'clientId'
  | 'operation'
  | 'deployment'
  | 'model'
  | 'status'
  | 'stream'
  | 'refusedBy'
  | 'rule'
  | 'spilledFrom'
  | 'origin'
  | 'error'
  | 'session'
> & {
  readonly client: Client | undefined
  readonly wasMeasured: boolean
  readonly phase: string | undefined
  readonly resource: string | undefined
}

/** What is a request's own. */
export type Particulars = Pick<
  Observation,
  'requestId' | 'connection' | 'usage' | 'receivedAtMs' | 'plannedAtMs' | 'firstAtMs' | 'endedAtMs'
>

/** Paths, names and ids come from clients, and may be long. */
const longest = 2000
const short = (text: string) => (text.length <= longest ? text : `${text.slice(0, longest)}…`)

export function toEntry(kept: Kept): Entry {
  const { requestId, clientId, method, path, operation, deployment, model, status, stream, usage } = kept
  const { receivedAtMs, plannedAtMs, firstAtMs, endedAtMs, wasMeasured, refusedBy, origin } = kept
  const recording = origin?.recording?.()
  return {
    id: requestId,
    ...(kept.resource !== undefined && { resource: kept.resource }),
    receivedAt: new Date(receivedAtMs).toISOString(),
    method,
    path: short(path),
    ...(operation !== undefined && { operation }),
    ...(deployment !== undefined && { deployment: short(deployment) }),
    ...(model && { model: model.servedName }),
    status,
    stream,
    ...(clientId !== null && { clientId: short(clientId) }),
    ...(kept.client !== undefined && { client: kept.client }),
    ...(kept.connection !== undefined && { connection: kept.connection }),
    timing: {
      plannedMs: toTenths(plannedAtMs - receivedAtMs),
      firstByteMs: toTenths(firstAtMs - receivedAtMs),
      totalMs: toTenths(endedAtMs - receivedAtMs),
    },
    ...(usage && { tokens: { prompt: usage.promptTokens, completion: usage.completionTokens } }),
    ...(wasMeasured && deployment !== undefined && { limiter: refusedBy ?? 'passed' }),
    ...(recording !== undefined && { recording }),
    ...(kept.phase !== undefined && { phase: kept.phase }),
    ...(kept.rule !== undefined && { rule: kept.rule }),
    ...(kept.spilledFrom !== undefined && { spilledFrom: short(kept.spilledFrom) }),
    ...(kept.error && { error: kept.error }),
    ...(kept.session && { session: sessionOf(kept.session) }),
    why: why(kept, recording),
  }
}

const sessionOf = ({ framesIn, framesOut, charactersIn, charactersOut, lastedMs, code }: SessionTold) => ({
  state: lastedMs === undefined ? ('open' as const) : ('closed' as const),
  frames: { in: framesIn, out: framesOut },
  characters: { in: charactersIn, out: charactersOut },
  ...(lastedMs !== undefined && { lastedMs }),
  ...(code !== undefined && { code }),
})

function why({ rule, ...kept }: Kept, recording: string | undefined): string {
  const reason = reasonOf(kept, recording)
  return rule === undefined ? reason : `${reason}, rule: ${rule}`
}

function reasonOf({ refusedBy, status, origin, error }: Omit<Kept, 'rule'>, recording: string | undefined): string {
  if (refusedBy) return `rejected: ${refusedBy}`
  if (status === 499) return 'client left'
  if (!origin) return `error ${status}`
  switch (origin.kind) {
    case 'replayed':
      return `replayed from ${recording ?? 'a recording'}`
    case 'missed':
      return `no recording ${recording ?? ''}`
    case 'recorded':
      return `${origin.isWrittenLater ? 'to be recorded' : 'recorded'} as ${recording ?? 'a recording'}`
    case 'forwarded':
      return 'forwarded'
    case 'extension':
      return error && status < 400 ? 'extension: broke off' : 'extension'
    case 'generated':
      return 'generated'
  }
}

const toTenths = (ms: number) => Math.round(ms * 10) / 10

export function isWanted(kept: Kept, wanted: Wanted): boolean {
  const { deployment, operation, status, clientId, receivedAtMs } = kept
  return (
    (wanted.deployment === undefined || wanted.deployment === deployment) &&
    (wanted.operation === undefined || wanted.operation === operation) &&
    (wanted.status === undefined || wanted.status === status) &&
    (wanted.rule === undefined || wanted.rule === kept.rule) &&
    (wanted.phase === undefined || (kept.phase?.split(', ').includes(wanted.phase) ?? false)) &&
    (wanted.clientId === undefined || wanted.clientId === clientId) &&
    (wanted.client === undefined || saysOf(kept.client, wanted.client)) &&
    (wanted.connection === undefined || wanted.connection === kept.connection) &&
    (wanted.sinceMs === undefined || receivedAtMs >= wanted.sinceMs) &&
    (wanted.untilMs === undefined || receivedAtMs < wanted.untilMs)
  )
}
