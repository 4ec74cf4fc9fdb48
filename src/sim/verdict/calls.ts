/**
 * Which attempts belong to one call: the same question again, after it failed. Load generators ask the same over and
 * over, so where it is not clear which of several calls an attempt goes on with, it is said so and none is judged by it.
 */
import { isGood, isHopeless, isAbandoned, isStopped, mayPass, type Sighting } from './sighting.ts'

export type RetriedCall = {
  readonly attempts: readonly Sighting[]
  /** Whether what it went on with, or what goes on with it, is not clear. */
  readonly isAmbiguous: boolean
  /** It may still be tried again: how it ends is not known. */
  readonly isOpen: boolean
}

const longestWaitMs = 600_000
/** A question that was answered so often is asked by many. */
const commonCount = 3
const minSettleMs = 5_000

type Growing = { readonly attempts: Sighting[]; isAmbiguous: boolean }

/** `sightings` in their order. */
export function callsOf(sightings: readonly Sighting[], nowMs: number): readonly RetriedCall[] {
  const calls: Growing[] = []
  const mayBeAnother = strangers(sightings)
  const open = new Map<number, Growing[]>()
  const begun = new Map<number, number>()
  for (const seen of sightings) {
    const waiting = (open.get(seen.print) ?? []).filter((call) => isWaiting(call, seen.atMs))
    const isCommon = (begun.get(seen.print) ?? 0) >= commonCount
    const { call, isUnclear } = continued(
      seen,
      waiting.filter((each) => lastOf(each).endedAtMs <= seen.atMs),
      isCommon,
      mayBeAnother,
    )
    const own = call ?? { attempts: [], isAmbiguous: false }
    if (isUnclear) own.isAmbiguous = true
    own.attempts.push(seen)
    if (!call) {
      calls.push(own)
      begun.set(seen.print, (begun.get(seen.print) ?? 0) + 1)
    }
    const others = waiting.filter((each) => each !== own)
    open.set(seen.print, isGood(seen) || isStopped(seen) ? others : [...others, own])
  }
  return calls.map(({ attempts, isAmbiguous }) => ({
    attempts,
    isAmbiguous,
    isOpen: isStillOpen(attempts.at(-1) as Sighting, nowMs),
  }))
}

const lastOf = ({ attempts }: Growing) => attempts.at(-1) as Sighting

const isWaiting = (call: Growing, atMs: number) => atMs - lastOf(call).endedAtMs < longestWaitMs

function continued(
  seen: Sighting,
  waiting: readonly Growing[],
  isCommon: boolean,
  mayBeAnother: (last: Sighting, seen: Sighting) => boolean,
) {
  const sure = waiting.find((call) => isSurelyNext(lastOf(call), seen))
  if (sure) return { call: sure, isUnclear: false }
  const possible = waiting.filter((call) => mayBeNext(lastOf(call), seen))
  const [only] = possible
  if (only === undefined) return { call: undefined, isUnclear: false }
  if (possible.length === 1 && !isCommon && !mayBeAnother(lastOf(only), seen)) return { call: only, isUnclear: false }
  for (const call of possible) call.isAmbiguous = true
  return { call: undefined, isUnclear: true }
}

/** By the client's own count or id. */
function isSurelyNext(last: Sighting, seen: Sighting): boolean {
  if (seen.retryCount > 0) return last.retryCount === seen.retryCount - 1 && last.agent === seen.agent
  return !Number.isNaN(seen.clientHash) && last.clientHash === seen.clientHash
}

function mayBeNext(last: Sighting, seen: Sighting): boolean {
  if (seen.retryCount > 0 && last.retryCount >= seen.retryCount) return false
  const haveIds = !Number.isNaN(seen.clientHash) && !Number.isNaN(last.clientHash)
  return !(haveIds && seen.clientHash !== last.clientHash)
}

/**
 * Whether somebody else may be asking the same. Where callers ask questions of their own, the same again is the same
 * caller's. Where all ask the same, it is told by what comes over another connection, sooner than any that does as it is
 * told would come; and where connections tell nothing, as each has one request alone, by how often the question comes.
 */
function strangers(sightings: readonly Sighting[]): (last: Sighting, seen: Sighting) => boolean {
  const counts = new Map<number, number>()
  const connections = new Set<number>()
  for (const { print, connection } of sightings) {
    counts.set(print, (counts.get(print) ?? 0) + 1)
    connections.add(connection)
  }
  const haveOwnQuestions = counts.size >= minQuestions && counts.size * maxAttempts >= sightings.length
  const areKept = connections.size * 2 < sightings.length
  return (last, seen) => {
    const count = counts.get(seen.print) ?? 0
    if (haveOwnQuestions && count <= 2 * maxAttempts) return false
    const areKnown = !Number.isNaN(last.connection) && !Number.isNaN(seen.connection)
    if (!areKnown || (!areKept && connections.size > minQuestions)) return count > maxAttempts
    if (isHopeless(last)) return false
    const minMs = last.waitMs > 0 ? 0.95 * last.waitMs : soonMs
    return last.connection !== seen.connection && seen.atMs - last.endedAtMs < minMs
  }
}

/** So many different ones are no chance. */
const minQuestions = 10
/** Few callers make more of one call. */
const maxAttempts = 15

const soonMs = 50

function isStillOpen(last: Sighting, nowMs: number): boolean {
  if (isGood(last) || isHopeless(last) || isAbandoned(last) || !mayPass(last)) return false
  const settleMs = Math.max(minSettleMs, Number.isNaN(last.waitMs) ? 0 : 3 * last.waitMs + 1_000)
  return nowMs - last.endedAtMs <= settleMs
}
