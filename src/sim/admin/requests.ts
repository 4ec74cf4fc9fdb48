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
import { step, through } from '../base/slices.ts'
import { inPieces, json, type Sliced } from './answers.ts'
import { searchedText, type ShownBodies, shownBodies, shownParts } from './bodies.ts'
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
export async function listRequests(
  request: SimRequest,
  { journal, bodies, sightings, clock, sliced }: JournalSource & { readonly sliced: Sliced },
): Promise<SimResponse> {
  const { query } = parseTarget(request.url)
  const { limit, ...wanted } = wantedBy(query)
  const attempt = numberIn(query, 'attempt')
  const search = searchOf(query, 'body')
  const withBodies = (entry: Entry): Entry & ShownBodies => {
    const exchanged = bodies.of(entry.id)
    return exchanged ? { ...entry, ...shownBodies(exchanged) } : entry
  }
  /** In slices where work is done so. */
  const hasBody = ({ id }: Entry): boolean => {
    const exchanged = search && bodies.of(id)
    if (!search || !exchanged) return !search
    const text = step(() => searchedText(exchanged))
    if (step(() => search.isDear(text.length))) search.ahead(text)
    return step(() => search.in(text))
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
      follow: (told) => {
        /** Of what is being looked through, whatever came after it waits. */
        let before: Promise<unknown> | undefined
        const tell = (entry: Entry, has: boolean) => {
          for (const each of has ? withAttempts([entry]) : []) told(withBodies(each))
        }
        return journal.follow(wanted, (entry) => {
          const has = before ? before.then(() => sliced(() => hasBody(entry))) : sliced(() => hasBody(entry))
          if (!(has instanceof Promise)) {
            tell(entry, has)
            return
          }
          const mine = has.then((is) => {
            tell(entry, is)
          })
          before = mine
          void mine.finally(() => (before = before === mine ? undefined : before))
        })
      },
      tellsMissed: true,
    })
  const isSifted = search !== undefined || attempt !== undefined
  const found = await sliced(() => {
    const all = step(() => (isSifted ? journal.list(wanted) : journal.list({ ...wanted, limit })))
    const having = search ? all.filter((entry) => step(() => hasBody(entry))) : all
    return step(() => withAttempts(having).slice(0, limit))
  })
  return inPieces(200, listed(found, bodies), 'application/json')
}

/** Bodies may be long: each is a piece of its own. */
function* listed(entries: readonly Entry[], bodies: Bodies): Generator<string> {
  let text = '{"requests":['
  for (const [at, entry] of entries.entries()) {
    text += `${at === 0 ? '' : ','}${JSON.stringify(entry)}`
    const exchanged = bodies.of(entry.id)
    if (exchanged) {
      text = text.slice(0, -1)
      for (const [name, part] of shownParts(exchanged)) {
        text += `,"${name}":${JSON.stringify(part())}`
        if (text.length < pieceCharacters) continue
        yield text
        text = ''
      }
      text += '}'
    }
    if (text.length < pieceCharacters) continue
    yield text
    text = ''
  }
  yield `${text}]}`
}

const pieceCharacters = 65_536

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

type Search = {
  readonly in: (text: string) => boolean
  readonly isDear: (characters: number) => boolean
  /** In slices where work is done so; what it finds is known afterwards. */
  readonly ahead: (text: string) => void
}

/** Looks for words in any case, or for a pattern. */
export function searchOf(query: URLSearchParams, name: string): Search | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const problem = text === '' ? 'a text' : textProblem(text)
  if (problem !== undefined) throw wrong(name, `found ${JSON.stringify(text.slice(0, 60))}; allowed: ${problem}`)
  const search = new TextSearch()
  const finds = search.add(text)
  return {
    in: (body) => finds.in(body),
    isDear: (characters) => search.isDear(characters),
    ahead: (body) => {
      through(() => search.ahead(body))
    },
  }
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
