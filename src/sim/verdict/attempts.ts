/** Which attempt of its call each request was, as far as that is clear. */
import { callsOf } from './calls.ts'
import type { Sightings } from './sightings.ts'

/** By the requests' ids, from 1. A call of which it is not clear what belongs to it has none. */
export function attemptsOf(sightings: Sightings, ids: readonly string[], nowMs: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const { attempts, isAmbiguous } of callsOf(sightings.like(new Set(ids)), nowMs)) {
    if (isAmbiguous) continue
    for (const [at, { id }] of attempts.entries()) found.set(id, at + 1)
  }
  return found
}
