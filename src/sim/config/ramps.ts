/** Values that move evenly from one to another: `3 -> 1`, `200ms -> 2s`, `5% -> 50%`. */
import { formatDuration, parseDuration } from './duration.ts'
import { isTree, type Path, type Tree } from './tree.ts'

export type RampAt = { readonly path: Path }

const ramp = /^\s*(\S(?:.*?\S)?)\s*(?:->|→)\s*(\S(?:.*?\S)?)\s*$/
const number = /^-?\d+(?:\.\d+)?$/
const percent = /^(-?\d+(?:\.\d+)?) ?%$/

/** The value at that share of the way; what is no ramp stays as it is, so that the check tells what is wrong with it. */
function valueAtProgress(text: string, progress: number): unknown {
  const [, from = '', to = ''] = ramp.exec(text) ?? []
  const between = (a: number, b: number) => round(a + (b - a) * progress)
  if (number.test(from) && number.test(to)) return between(Number(from), Number(to))
  const [first, last] = [percent.exec(from)?.[1], percent.exec(to)?.[1]]
  if (first !== undefined && last !== undefined) return `${between(Number(first), Number(last))}%`
  const [start, end] = [parseDuration(from), parseDuration(to)]
  if (!start || !end) return text
  return formatDuration({ mean: between(start.mean, end.mean), stdDev: between(start.stdDev, end.stdDev) })
}

/** Without the dust of binary fractions. */
const round = (value: number) => Math.round(value * 1e6) / 1e6

const isRamp = (value: unknown): value is string =>
  typeof value === 'string' && valueAtProgress(value, 0) !== value && ramp.test(value)

/** The settings at that share of their phase; progress is from 0 to 1. */
export function settingsAt(settings: Tree, progress: number): Tree {
  return changed(settings, (text) => valueAtProgress(text, progress)) as Tree
}

function changed(value: unknown, change: (text: string) => unknown): unknown {
  if (typeof value === 'string') return ramp.test(value) ? change(value) : value
  if (Array.isArray(value)) return value.map((each) => changed(each, change))
  return isTree(value)
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, changed(each, change)]))
    : value
}

export function rampsIn(value: unknown, path: Path = []): readonly RampAt[] {
  if (isRamp(value)) return [{ path }]
  if (Array.isArray(value)) return value.flatMap((each, at) => rampsIn(each, [...path, String(at)]))
  return isTree(value) ? Object.entries(value).flatMap(([key, each]) => rampsIn(each, [...path, key])) : []
}
