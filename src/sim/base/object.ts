/** Mappings of names to values. */

export type JsonObject = Readonly<Record<string, unknown>>

/** As JSON and YAML have them: no list, and not nothing. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One to look somebody else's words up in: `constructor`, which every object has, is not in there. */
export const table = <T>(rows: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.assign(Object.create(null) as Record<string, T>, rows)

/** The object that a text is as JSON; undefined where it is none. */
export function objectIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether there are more than `max` values in it, however deep. */
export function hasMoreValues(value: unknown, max: number): boolean {
  const left: unknown[] = [value]
  let count = 0
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (typeof one !== 'object' || one === null) continue
    const inner: readonly unknown[] = Array.isArray(one) ? one : Object.values(one)
    count += inner.length
    if (count > max) return true
    for (const each of inner) if (typeof each === 'object' && each !== null) left.push(each)
  }
  return false
}
