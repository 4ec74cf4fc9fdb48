/** The last requests, for tests and people to look at: a ring, so that it never grows. */
import type { Observation } from '../observation.ts'

export type Entry = {
  readonly id: string
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
  /** Milliseconds since its arrival: when the answer was made, when its first byte was due, when it had ended. */
  readonly timing: { readonly plannedMs: number; readonly firstByteMs: number; readonly totalMs: number }
  readonly tokens?: { readonly prompt: number; readonly completion: number }
  /** `passed`, or what refused it. Absent where no limiter was asked. */
  readonly limiter?: 'passed' | 'tokens' | 'requests'
  /** Name of the document that was replayed or written. */
  readonly recording?: string
  /** In words: `generated`, `replayed from …`, `rejected: tokens`, `error 404`. */
  readonly why: string
}

export type Wanted = {
  readonly deployment?: string | undefined
  readonly operation?: string | undefined
  readonly status?: number | undefined
  readonly clientId?: string | undefined
  /** Milliseconds since the Unix epoch. */
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
  readonly limit?: number | undefined
}

export class Journal {
  readonly #size: () => number
  readonly #followers = new Set<(observation: Observation) => void>()
  #ring: (Observation | undefined)[] = []
  #next = 0

  /** `size` is asked for at each request, as the configuration may change; 0 keeps nothing. */
  constructor(size: () => number) {
    this.#size = size
  }

  /** What it is given must not hold on to a body: see `withoutBytes`. */
  add(observation: Observation): void {
    const size = this.#size()
    if (size !== this.#ring.length) this.#resize(size)
    if (size === 0 && this.#followers.size === 0) return
    if (size > 0) {
      this.#ring[this.#next] = observation
      this.#next = (this.#next + 1) % size
    }
    for (const follow of this.#followers) follow(observation)
  }

  /** Newest first. */
  list(wanted: Wanted = {}): readonly Entry[] {
    const { limit = Infinity } = wanted
    return this.#newestFirst((observation) => isWanted(observation, wanted), limit).map(toEntry)
  }

  clear(): void {
    this.#ring.fill(undefined)
    this.#next = 0
  }

  /** Told of each request from now on that is wanted; gives the end of it. */
  follow(wanted: Wanted, told: (entry: Entry) => void): () => void {
    const follower = (observation: Observation) => {
      if (isWanted(observation, wanted)) told(toEntry(observation))
    }
    this.#followers.add(follower)
    return () => void this.#followers.delete(follower)
  }

  #resize(size: number): void {
    const kept = this.#newestFirst(() => true, size).reverse()
    this.#ring = [...kept, ...new Array<undefined>(size - kept.length).fill(undefined)]
    this.#next = size === 0 ? 0 : kept.length % size
  }

  #newestFirst(isWanted: (observation: Observation) => boolean, most: number): Observation[] {
    const found: Observation[] = []
    const { length } = this.#ring
    for (let back = 1; back <= length && found.length < most; back++) {
      const observation = this.#ring[(this.#next - back + length) % length]
      if (observation === undefined) break
      if (isWanted(observation)) found.push(observation)
    }
    return found
  }
}

/** Paths, names and ids come from clients, and may be long. */
const longest = 2000
const short = (text: string) => (text.length <= longest ? text : `${text.slice(0, longest)}…`)

/** The origin may hold on to what came over the wire: what is kept is its name. */
export function withoutBytes(observation: Observation): Observation {
  const { origin } = observation
  if (!origin?.recording) return observation
  const name = origin.recording()
  return { ...observation, origin: { kind: origin.kind, recording: () => name } }
}

function toEntry(observation: Observation): Entry {
  const { requestId, clientId, method, path, operation, deployment, model, status, stream, usage } = observation
  const { receivedAtMs, plannedAtMs, firstAtMs, endedAtMs, cost, refusedBy, origin } = observation
  const recording = origin?.recording?.()
  return {
    id: requestId,
    receivedAt: new Date(receivedAtMs).toISOString(),
    method,
    path: short(path),
    ...(operation !== undefined && { operation }),
    ...(deployment !== undefined && { deployment: short(deployment) }),
    ...(model && { model: model.servedName }),
    status,
    stream,
    ...(clientId !== null && { clientId: short(clientId) }),
    timing: {
      plannedMs: toTenths(plannedAtMs - receivedAtMs),
      firstByteMs: toTenths(firstAtMs - receivedAtMs),
      totalMs: toTenths(endedAtMs - receivedAtMs),
    },
    ...(usage && { tokens: { prompt: usage.promptTokens, completion: usage.completionTokens } }),
    ...(cost && deployment !== undefined && { limiter: refusedBy ?? 'passed' }),
    ...(recording !== undefined && { recording }),
    why: why(observation, recording),
  }
}

function why({ refusedBy, status, origin }: Observation, recording: string | undefined): string {
  if (refusedBy) return `rejected: ${refusedBy}`
  if (status === 499) return 'client left'
  if (!origin) return `error ${status}`
  switch (origin.kind) {
    case 'replayed':
      return `replayed from ${recording ?? 'a recording'}`
    case 'recorded':
      return `recorded as ${recording ?? 'a recording'}`
    case 'forwarded':
      return 'forwarded'
    case 'extension':
      return 'extension'
    case 'generated':
      return 'generated'
  }
}

const toTenths = (ms: number) => Math.round(ms * 10) / 10

function isWanted(observation: Observation, wanted: Wanted): boolean {
  const { deployment, operation, status, clientId, receivedAtMs } = observation
  return (
    (wanted.deployment === undefined || wanted.deployment === deployment) &&
    (wanted.operation === undefined || wanted.operation === operation) &&
    (wanted.status === undefined || wanted.status === status) &&
    (wanted.clientId === undefined || wanted.clientId === clientId) &&
    (wanted.sinceMs === undefined || receivedAtMs >= wanted.sinceMs) &&
    (wanted.untilMs === undefined || receivedAtMs < wanted.untilMs)
  )
}
