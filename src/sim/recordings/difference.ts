/** Where two requests differ, in words for a person. */
import { hidden } from './secrets.ts'

export type Difference = {
  /** For example `messages[0].content`. */
  readonly first: string
  /** The fewer, the nearer. */
  readonly count: number
}

/** Enough to tell which of two is nearer. */
const maxCounted = 1000
const deepest = 100

/** `undefined` where they are the same, but for what is left out. */
export function differenceOf(
  sought: unknown,
  recorded: unknown,
  ignore: readonly string[] = [],
): Difference | undefined {
  let first: string | undefined
  let count = 0
  eachDifference(sought, recorded, ignore, ({ path }) => {
    first ??= path
    return ++count < maxCounted
  })
  return first === undefined ? undefined : { first, count }
}

/** A place where they differ, and what stands there. */
export type DifferentPlace = { readonly path: string; readonly sought: unknown; readonly recorded: unknown }

/** At most so many are shown to a person. */
const maxShown = 50

export function differencesOf(
  sought: unknown,
  recorded: unknown,
  ignore: readonly string[] = [],
): readonly DifferentPlace[] {
  const places: DifferentPlace[] = []
  eachDifference(sought, recorded, ignore, (place) => places.push(place) < maxShown)
  return places
}

/** Until `told` says that it has enough. */
function eachDifference(
  sought: unknown,
  recorded: unknown,
  ignore: readonly string[],
  told: (place: DifferentPlace) => boolean,
): void {
  const ignored = new Set(ignore)
  let isEnough = false
  const compare = (a: unknown, b: unknown, at: { path: string; plain: string; depth: number }) => {
    if (isEnough || Object.is(a, b) || b === hidden || ignored.has(at.plain)) return
    if (!isStructured(a) || !isStructured(b) || Array.isArray(a) !== Array.isArray(b) || at.depth > deepest) {
      isEnough = !told({ path: at.path === '' ? 'body' : at.path, sought: a, recorded: b })
      return
    }
    const depth = at.depth + 1
    if (Array.isArray(a) && Array.isArray(b)) {
      for (let index = 0; index < Math.max(a.length, b.length); index++) {
        compare(a[index], b[index], { path: `${at.path}[${index}]`, plain: at.plain, depth })
      }
      return
    }
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const inner = (start: string) => (start === '' ? name : `${start}.${name}`)
      compare(own(a, name), own(b, name), { path: inner(at.path), plain: inner(at.plain), depth })
    }
  }
  compare(sought, recorded, { path: '', plain: '', depth: 0 })
}

const isStructured = (value: unknown): value is object => typeof value === 'object' && value !== null

const own = (fields: object, name: string): unknown =>
  Object.hasOwn(fields, name) ? (fields as Record<string, unknown>)[name] : undefined
