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

/** A number that can be told: what was divided by nothing is not. */
export const known = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined)

/** With so many digits behind the point; a question mark where it is not known. */
export const digits = (value: number | undefined, count: number) =>
  value === undefined || !Number.isFinite(value) ? '?' : value.toFixed(count)

export const median = (values: readonly number[]) => quantile(values, 0.5)

/** The value below which that share of the values lies; `undefined` where there are none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return below === undefined || above === undefined ? undefined : below + (above - below) * (at - Math.floor(at))
}

/** The median of those that could be measured. */
export const medianOf = <T>(items: readonly T[], value: (item: T) => number | undefined): number | undefined =>
  median(items.map(value).filter((one) => one !== undefined))

export const megabytes = (bytes: number | undefined) =>
  `${digits(bytes === undefined ? undefined : bytes / 1_048_576, 0)} MB`

export const micros = (value: number | undefined) => `${digits(value, 0)} µs`
