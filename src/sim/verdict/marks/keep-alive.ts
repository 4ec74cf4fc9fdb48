/** Whether connections are used again. Those that are needed at once are not held against anybody. */
import { type MarkJudge, minCalls, levelOf, mark, tooFew } from '../mark.ts'
import { unknown } from '../mark.ts'
import type { Sighting } from '../sighting.ts'
const name = 'keepAlive'
const advice =
  'Make one client for all requests and keep it: each connection costs a handshake before the first byte. ' +
  'Where a proxy stands in between, let it keep its own: nginx does with proxy_http_version 1.1 and keepalive in its upstream.'

export const keepAlive: MarkJudge = ({ sightings, warn, fail }) => {
  const known = sightings.filter(({ connection }) => !Number.isNaN(connection))
  if (known.length === 0)
    return unknown(name, 'A proxy stands before the simulator, or its host does not tell connections apart.', advice)
  if (known.length < minCalls) return tooFew(name, known.length, 'requests', advice)
  const connections = new Set(known.map(({ connection }) => connection)).size
  const beyond = Math.max(0, connections - maxOpenAtOnce(known))
  return mark({
    name,
    level: levelOf(beyond / known.length, warn.keepAlive, fail.keepAlive),
    count: beyond,
    of: known.length,
    value: connections,
    threshold: warn.keepAlive,
    why: `${known.length} requests came over ${connections} connections.`,
    advice,
  })
}

/** How many connections had a request at the same time: one that has several needs no other. */
function maxOpenAtOnce(sightings: readonly Sighting[]): number {
  const steps = sightings.flatMap(({ connection, atMs, endedAtMs }) => [
    { connection, atMs, by: 1 },
    { connection, atMs: endedAtMs + 1, by: -1 },
  ])
  steps.sort((one, other) => one.atMs - other.atMs || other.by - one.by)
  const open = new Map<number, number>()
  let most = 0
  for (const { connection, by } of steps) {
    const now = (open.get(connection) ?? 0) + by
    if (now === 0) open.delete(connection)
    else open.set(connection, now)
    most = Math.max(most, open.size)
  }
  return most
}
