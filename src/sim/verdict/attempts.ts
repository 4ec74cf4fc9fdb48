/** Which attempt of its call each request was, as far as that is clear. */
import { callsOf } from './calls.ts'
import type { Sightings } from './sightings.ts'

/** The ids of all attempts of the call that this request is one of, in their order; itself alone where that is not clear. */
export function chainOf(sightings: Sightings, id: string, nowMs: number): readonly string[] {
  const calls = callsOf(sightings.like(new Set([id])), nowMs)
  const own = calls.find(({ attempts }) => attempts.some((attempt) => attempt.id === id))
  return own && !own.isAmbiguous ? own.attempts.map((attempt) => attempt.id) : [id]
}

/** By the requests' ids, from 1. A call of which it is not clear what belongs to it has none. */
export function attemptsOf(sightings: Sightings, ids: readonly string[], nowMs: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const { attempts, isAmbiguous } of callsOf(sightings.like(new Set(ids)), nowMs)) {
    if (isAmbiguous) continue
    for (const [at, { id }] of attempts.entries()) found.set(id, at + 1)
  }
  return found
}
