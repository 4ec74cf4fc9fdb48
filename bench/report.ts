/** How results are written: one line a measurement, with what was asked and what was reached. */

export type Line = {
  readonly title: string
  readonly target: string
  readonly reached: string
  /** `undefined` where it could not be measured. */
  readonly isMet: boolean | undefined
  /** What explains the number. */
  readonly details?: string
}

export function print({ title, target, reached, isMet, details }: Line): void {
  const verdict = isMet === undefined ? '' : isMet ? 'met' : 'MISSED'
  console.log(`${title.padEnd(44)} target ${target.padEnd(10)} reached ${reached.padEnd(10)} ${verdict}`.trimEnd())
  if (details) console.log(`    ${details}`)
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The median of those that could be measured. */
export function medianOf<T>(items: readonly T[], value: (item: T) => number | undefined): number | undefined {
  const known = items.map(value).filter((one) => one !== undefined)
  return known.length === 0 ? undefined : median(known)
}

export const megabytes = (bytes: number | undefined) =>
  bytes === undefined ? '? MB' : `${(bytes / 1_048_576).toFixed(0)} MB`

export const micros = (value: number | undefined) => (value === undefined ? '? µs' : `${value.toFixed(0)} µs`)
