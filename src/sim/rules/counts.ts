/** How often each rule was come to, and how often it was applied. */

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
