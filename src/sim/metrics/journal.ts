/** The last requests, for tests and people to look at: a ring, so that it never grows. */
import type { Observation } from './observation.ts'
import { clientOf } from './client.ts'
import type { ToldError } from '../base/told-error.ts'
import { type Entry, isWanted, type Kept, type Kind, type Particulars, toEntry, type Wanted } from './journal-entry.ts'

/**
 * Of each entry: its four moments, its prompt's tokens (not a number where they are not known), its answer's, those that
 * were cached, and its connection.
 */
const numbersEach = 8
const maxWaiting = 64

/**
 * A ring of columns, and not of objects: each of those would outlive the young heap, to be copied and then looked for
 * again in the old one, which under load is a twentieth of what a request costs.
 */
export class Journal {
  readonly #size: () => number
  readonly #followers = new Set<(kept: Kept) => void>()
  #kinds: Kind[] = []
  #ids: string[] = []
  #numbers = new Float64Array(0)
  /** The latest entry's, which the next one mostly shares. */
  #kind: Kind | undefined
  #next = 0
  #waiting: Observation[] = []

  /** `size` is asked for at each request, as the configuration may change; 0 keeps nothing. */
  constructor(size: () => number) {
    this.#size = size
  }

  /**
   * What it is given must not hold on to a body: see `withoutBytes`. Where nobody follows, many are kept at once, which
   * takes half as long as each by itself.
   */
  add(observation: Observation): void {
    const { length } = this.#waiting
    this.#waiting[length] = observation
    if (this.#followers.size > 0 || length === maxWaiting - 1) this.#settle()
  }

  #settle(): void {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const observation of waiting) this.#keep(observation)
  }

  #keep(observation: Observation): void {
    const size = this.#size()
    if (size !== this.#ids.length) this.#resize(size)
    if (size === 0 && this.#followers.size === 0) return
    const client = clientOf(observation.headers, this.#kind?.client)
    const known = this.#kind
    const kind = known && isOf(known, observation) && known.client === client ? known : kindOf(observation, client)
    this.#kind = kind
    if (size > 0) this.#put(kind, observation)
    for (const follow of this.#followers) follow({ ...observation, ...kind })
  }

  /** Newest first, as they are kept. */
  kept(wanted: Wanted): readonly Kept[] {
    this.#settle()
    return this.#newestFirst((kept) => isWanted(kept, wanted), Infinity)
  }

  /** Newest first. */
  list(wanted: Wanted = {}): readonly Entry[] {
    const { limit = Infinity } = wanted
    this.#settle()
    return this.#newestFirst((kept) => isWanted(kept, wanted), limit).map(toEntry)
  }

  clear(): void {
    this.#waiting = []
    this.#kind = undefined
    this.#resize(0)
  }

  /** Told of each request from now on that is wanted; gives the end of it. */
  follow(wanted: Wanted, told: (entry: Entry) => void): () => void {
    const follower = (kept: Kept) => {
      if (isWanted(kept, wanted)) told(toEntry(kept))
    }
    this.#settle()
    this.#followers.add(follower)
    return () => void this.#followers.delete(follower)
  }

  #put(kind: Kind, told: Particulars): void {
    const slot = this.#next
    this.#kinds[slot] = kind
    this.#ids[slot] = told.requestId
    const { usage } = told
    const at = slot * numbersEach
    const numbers = this.#numbers
    numbers[at] = told.receivedAtMs
    numbers[at + 1] = told.plannedAtMs
    numbers[at + 2] = told.firstAtMs
    numbers[at + 3] = told.endedAtMs
    numbers[at + 4] = usage ? usage.promptTokens : NaN
    numbers[at + 5] = usage ? usage.completionTokens : NaN
    numbers[at + 6] = usage?.cachedTokens ?? 0
    numbers[at + 7] = told.connection ?? NaN
    this.#next = slot + 1 === this.#ids.length ? 0 : slot + 1
  }

  #at(slot: number): Kept | undefined {
    const kind = this.#kinds[slot]
    const requestId = this.#ids[slot]
    if (kind === undefined || requestId === undefined) return undefined
    const [
      receivedAtMs = 0,
      plannedAtMs = 0,
      firstAtMs = 0,
      endedAtMs = 0,
      promptTokens = NaN,
      completionTokens = NaN,
      cachedTokens = 0,
      connection = NaN,
    ] = this.#numbers.subarray(slot * numbersEach)
    const usage = Number.isNaN(promptTokens) ? undefined : { promptTokens, completionTokens, cachedTokens }
    const over = Number.isNaN(connection) ? undefined : connection
    return { ...kind, requestId, connection: over, receivedAtMs, plannedAtMs, firstAtMs, endedAtMs, usage }
  }

  #resize(size: number): void {
    const kept = this.#newestFirst(() => true, size).reverse()
    this.#kinds = new Array<Kind>(size)
    this.#ids = new Array<string>(size)
    this.#numbers = new Float64Array(size * numbersEach)
    this.#next = 0
    for (const entry of kept) this.#put(entry, entry)
  }

  #newestFirst(isWanted: (kept: Kept) => boolean, max: number): Kept[] {
    const found: Kept[] = []
    const { length } = this.#ids
    for (let back = 1; back <= length && found.length < max; back++) {
      const kept = this.#at((this.#next - back + length) % length)
      if (kept === undefined) break
      if (isWanted(kept)) found.push(kept)
    }
    return found
  }
}

const kindOf = (observation: Observation, client: Kind['client']): Kind => ({
  client,
  method: observation.method,
  path: observation.path,
  clientId: observation.clientId,
  operation: observation.operation,
  deployment: observation.deployment ?? observation.askedDeployment,
  model: observation.model,
  status: observation.status,
  stream: observation.stream,
  refusedBy: observation.refusedBy,
  rule: observation.rule,
  phase: observation.phase,
  resource: observation.resource,
  spilledFrom: observation.spilledFrom,
  origin: observation.origin,
  error: observation.error,
  session: observation.session,
  wasMeasured: observation.cost !== undefined,
})

const isOf = (kind: Kind, observation: Observation): boolean =>
  kind.path === observation.path &&
  kind.status === observation.status &&
  kind.stream === observation.stream &&
  kind.deployment === (observation.deployment ?? observation.askedDeployment) &&
  kind.model === observation.model &&
  kind.origin === observation.origin &&
  kind.session === observation.session &&
  kind.clientId === observation.clientId &&
  kind.operation === observation.operation &&
  kind.method === observation.method &&
  kind.refusedBy === observation.refusedBy &&
  kind.rule === observation.rule &&
  kind.phase === observation.phase &&
  kind.spilledFrom === observation.spilledFrom &&
  isSame(kind.error, observation.error) &&
  kind.wasMeasured === (observation.cost !== undefined)

const isSame = (one: ToldError | undefined, other: ToldError | undefined): boolean =>
  one === other || (one?.message === other?.message && one?.code === other?.code)

/** The origin may hold on to what came over the wire: what is kept is its name. */
export function withoutBytes(observation: Observation): Observation {
  const { origin } = observation
  if (!origin?.recording) return observation
  const name = origin.recording()
  return { ...observation, origin: { ...origin, recording: () => name } }
}
