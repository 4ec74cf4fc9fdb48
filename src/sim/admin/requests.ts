/** `GET /++/requests`: the journal, newest first, or followed as it is written. */
import type { Clock } from '../clock.ts'
import { textProblem } from '../base/patterns.ts'
import { gatewayError } from '../errors.ts'
import { parseTarget } from '../http/target.ts'
import type { Bodies } from '../metrics/bodies.ts'
import type { Entry, Wanted } from '../metrics/journal-entry.ts'
import type { Journal } from '../metrics/journal.ts'
import { TextSearch } from '../base/text-search.ts'
import { attemptsOf, chainOf } from '../verdict/attempts.ts'
import type { Sightings } from '../verdict/sightings.ts'
import type { SimRequest, SimResponse } from '../types.ts'
import { json } from './answers.ts'
import { searchedText, type ShownBodies, shownBodies } from './bodies.ts'
import { eventStream } from './event-stream.ts'

export type JournalSource = {
  readonly journal: Journal
  readonly bodies: Bodies
  readonly sightings: Sightings
  readonly clock: Clock
}

const usualNames = [
  ...['deployment', 'operation', 'status', 'clientId', 'client', 'connection'],
  ...['attempt', 'rule', 'phase', 'body'],
  ...['since', 'until', 'limit', 'stream'],
]

/** Throws an `ApiError` for a query that means nothing. */
export function listRequests(request: SimRequest, { journal, bodies, sightings, clock }: JournalSource): SimResponse {
  const { query } = parseTarget(request.url)
  const { limit, ...wanted } = wantedBy(query)
  const attempt = numberIn(query, 'attempt')
  const finds = searchOf(query, 'body')
  const withBodies = (entry: Entry): Entry & ShownBodies => {
    const exchanged = bodies.of(entry.id)
    return exchanged ? { ...entry, ...shownBodies(exchanged) } : entry
  }
  const hasBody = ({ id }: Entry) => {
    const exchanged = finds && bodies.of(id)
    return !finds || (exchanged !== undefined && finds(searchedText(exchanged)))
  }
  const withAttempts = (entries: readonly Entry[]): readonly Entry[] => {
    const ids = entries.map(({ id }) => id)
    const attempts = attemptsOf(sightings, ids, clock.now())
    const all = entries.map((entry) => {
      const known = attempts.get(entry.id)
      return known === undefined ? entry : { ...entry, attempt: known }
    })
    return attempt === undefined ? all : all.filter((entry) => entry.attempt === attempt)
  }
  if (flagOf(query))
    return eventStream<Entry>({
      clock,
      follow: (told) =>
        journal.follow(wanted, (entry) => {
          for (const each of hasBody(entry) ? withAttempts([entry]) : []) told(withBodies(each))
        }),
      tellsMissed: true,
    })
  const isSifted = finds !== undefined || attempt !== undefined
  const found = isSifted ? journal.list(wanted).filter(hasBody) : journal.list({ ...wanted, limit })
  return json(200, { requests: withAttempts(found).slice(0, limit).map(withBodies) })
}

/** `GET /++/requests/{id}`: one request, and the others of the same call. Throws an `ApiError` where it is not kept. */
export function tellRequest(id: string, { journal, bodies, sightings, clock }: JournalSource): SimResponse {
  const chain = chainOf(sightings, id, clock.now())
  const found = new Map(
    journal
      .list()
      .filter((entry) => entry.id === id || chain.includes(entry.id))
      .map((entry) => [entry.id, entry]),
  )
  const entry = found.get(id)
  if (!entry) throw requestNotFound(id)
  const exchanged = bodies.of(id)
  const attempts = chain.map((each) => found.get(each)).filter((each) => each !== undefined)
  return json(200, { ...entry, ...(exchanged && shownBodies(exchanged)), attempts })
}

export const requestNotFound = (id: string) =>
  gatewayError(404, 'RequestNotFound', `The journal has no request ${JSON.stringify(id.slice(0, 64))}.`)

/** Looks for words in any case, or for a pattern. */
export function searchOf(query: URLSearchParams, name: string): ((body: string) => boolean) | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const problem = text === '' ? 'a text' : textProblem(text)
  if (problem !== undefined) throw wrong(name, `found ${JSON.stringify(text.slice(0, 60))}; allowed: ${problem}`)
  const finds = new TextSearch().add(text)
  return (body) => finds.in(body)
}

/** Throws an `ApiError` for what is none of `names`, or means nothing. */
export function wantedBy(query: URLSearchParams, names: readonly string[] = usualNames): Wanted {
  for (const name of query.keys()) if (!names.includes(name)) throw wrong(name, `allowed: ${names.join(', ')}`)
  return {
    deployment: query.get('deployment') ?? undefined,
    operation: query.get('operation') ?? undefined,
    clientId: query.get('clientId') ?? undefined,
    client: query.get('client') ?? undefined,
    connection: numberIn(query, 'connection'),
    rule: query.get('rule') ?? undefined,
    phase: query.get('phase') ?? undefined,
    status: numberIn(query, 'status'),
    limit: numberIn(query, 'limit'),
    sinceMs: timeOf(query, 'since'),
    untilMs: timeOf(query, 'until'),
  }
}

function flagOf(query: URLSearchParams): boolean {
  const text = query.get('stream')
  if (text === null || text === 'false') return false
  if (text === 'true') return true
  throw wrong('stream', `found ${JSON.stringify(text)}; allowed: true or false`)
}

export function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw wrong(name, `found ${JSON.stringify(text.slice(0, 60))}; allowed: a whole number`)
}

function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  // What Date.parse makes of a bare number is a year or a month.
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN
  if (!Number.isNaN(ms)) return ms
  throw wrong(name, `found ${JSON.stringify(text.slice(0, 60))}; allowed: a time, as 2026-01-31T12:00:00Z`)
}

const wrong = (name: string, message: string) => gatewayError(400, 'InvalidQuery', `${name}: ${message}`)
