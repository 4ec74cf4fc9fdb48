/** What the short texts of a rule mean: which calls, how many of them, numbers from and to. */

/** From and with `from`, up to and with `to`. */
export type Range = { readonly from: number; readonly to: number }
/** Calls count from 1. */
export type Calls = Range | { readonly every: number }

export const rangeForm = 'a number, as 3, or a range of them, as 1..2 or 5..'
export const callForm = `${rangeForm}, or every so many, as every 4`
export const chanceForm = 'a share, as 5%, or a number from 0 to 1'

export function readRange(value: string | number): Range | undefined {
  const [, from, dots, to] = /^(\d{1,9})(?:(\.\.)(\d{1,9})?)?$/.exec(String(value).trim()) ?? []
  if (from === undefined) return undefined
  const range = { from: Number(from), to: dots ? Number(to ?? Infinity) : Number(from) }
  return range.from >= 1 && range.to >= range.from ? range : undefined
}

export const utilizationForm = 'a bound of percents, as >90%, >=90%, <50% or <=50%'

/** Percents that lie on one side of a bound. */
export type Bound = { readonly isAbove: boolean; readonly isWithBound: boolean; readonly percent: number }

export function readUtilization(value: string | number): Bound | undefined {
  const [, side, equal, percent] = /^([<>])(=?) ?(\d{1,4}(?:\.\d+)?) ?%$/.exec(String(value).trim()) ?? []
  return side === undefined
    ? undefined
    : { isAbove: side === '>', isWithBound: equal === '=', percent: Number(percent) }
}

export const isBeyond = (value: number, { isAbove, isWithBound, percent }: Bound): boolean =>
  (isWithBound && value === percent) || (isAbove ? value > percent : value < percent)

export function readCalls(value: string | number): Calls | undefined {
  const [, every] = /^every (\d{1,9})$/.exec(String(value).trim()) ?? []
  if (every === undefined) return readRange(value)
  return Number(every) >= 1 ? { every: Number(every) } : undefined
}

/** From 0 to 1. */
export function readChance(value: string | number): number | undefined {
  const [, percent] = /^(\d+(?:\.\d+)?) ?%$/.exec(String(value).trim()) ?? []
  const share = percent === undefined ? (typeof value === 'number' ? value : NaN) : Number(percent) / 100
  return share >= 0 && share <= 1 ? share : undefined
}
