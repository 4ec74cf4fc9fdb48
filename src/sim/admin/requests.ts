/** `GET /++/requests`: the journal, newest first, or followed as it is written. */
import type { Clock } from '../clock.ts'
import { gatewayError } from '../errors.ts'
import { parseTarget } from '../http/target.ts'
import type { Wanted } from '../metrics/journal-entry.ts'
import type { Journal } from '../metrics/journal.ts'
import type { SimRequest, SimResponse } from '../types.ts'
import { json } from './answers.ts'

const usualNames = ['deployment', 'operation', 'status', 'clientId', 'since', 'until', 'limit', 'stream']

/** Throws an `ApiError` for a query that means nothing. */
export function listRequests(request: SimRequest, journal: Journal, clock: Clock): SimResponse {
  const { query } = parseTarget(request.url)
  const wanted = wantedBy(query)
  if (flagOf(query)) return followed(journal, wanted, clock)
  return json(200, { requests: journal.list(wanted) })
}

/** Not every host tells of clients that leave: a stream ends by itself, and an event source comes back. */
const longestMs = 10 * 60_000

/** Everything that is written from now on, as server-sent events, until the client leaves. */
function followed(journal: Journal, wanted: Wanted, clock: Clock): SimResponse {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache' },
    body(sink) {
      let hasRoom = true
      let missed = 0
      const stop = journal.follow(wanted, (entry) => {
        // A client that does not keep up misses entries, and is told how many; nothing piles up for it here.
        if (!hasRoom) {
          missed++
          return
        }
        const note = missed > 0 ? `event: missed\ndata: {"missed":${missed}}\n\n` : ''
        missed = 0
        hasRoom = sink.write(`${note}data: ${JSON.stringify(entry)}\n\n`)
        if (!hasRoom) sink.onDrain(() => (hasRoom = true))
      })
      const timer = clock.timer(() => {
        stop()
        sink.end()
      })
      timer.set(clock.now() + longestMs)
      sink.onClose(() => {
        stop()
        timer.cancel()
      })
      sink.write(': following\n\n')
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
    status: numberOf(query, 'status'),
    limit: numberOf(query, 'limit'),
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

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw wrong(name, `found ${JSON.stringify(text.slice(0, 60))}; allowed: a whole number`)
}

function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const ms = Date.parse(text)
  if (!Number.isNaN(ms)) return ms
  throw wrong(name, `found ${JSON.stringify(text.slice(0, 60))}; allowed: a time, as 2026-01-31T12:00:00Z`)
}

const wrong = (name: string, message: string) => gatewayError(400, 'InvalidQuery', `${name}: ${message}`)
