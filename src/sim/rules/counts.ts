/** How often each rule was come to, and how often it was applied. */
import { inAddress } from '../base/text-of.ts'
import type { SharedCounts } from '../limits/shared-counts.ts'

export type RuleCounts = {
  /** Counts one more request for which all else of a rule holds; gives its number, from 1 on. */
  readonly next: (key: string) => number | Promise<number>
  readonly applied: (key: string) => void
  readonly appliedTimes: (key: string) => number
  /** What is not among these is forgotten. */
  readonly keepOnly: (keys: ReadonlySet<string>) => void
}

export function localCounts(): RuleCounts {
  const seen = new Map<string, number>()
  const applied = new Map<string, number>()
  const more = (map: Map<string, number>, key: string): number => {
    const number = (map.get(key) ?? 0) + 1
    map.set(key, number)
    return number
  }
  return {
    next: (key) => more(seen, key),
    applied: (key) => void more(applied, key),
    appliedTimes: (key) => applied.get(key) ?? 0,
    keepOnly(keys) {
      for (const map of [seen, applied]) for (const key of map.keys()) if (!keys.has(key)) map.delete(key)
    },
  }
}

/** What nobody asked for so long begins anew. */
const lifetimeMs = 3_600_000

/** The same, counted together with other instances; alone while that is not to be had. */
export function sharedCounts(shared: SharedCounts, resource: string): RuleCounts {
  const local = localCounts()
  const together = (key: string) =>
    shared.increment(`aoai-sim:rule:${inAddress(resource)}:${inAddress(key)}`, lifetimeMs).catch(() => local.next(key))
  return {
    ...local,
    next(key) {
      if (shared.state() === 'shared') return together(key)
      if (shared.state() === 'away') return local.next(key)
      return shared.started.then(() => (shared.state() === 'shared' ? together(key) : local.next(key)))
    },
  }
}
