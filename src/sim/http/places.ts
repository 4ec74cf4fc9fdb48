/** Which family of APIs a path is of. Slashes that come twice are one, as everywhere. */
import type { Family, Route } from '../operation.ts'

export type Places = {
  readonly familyOf: (path: string) => Family | undefined
  /** The path from a family's prefix on, whatever may stand before it. */
  readonly inside: (path: string) => string
  readonly ofRoute: (route: Route) => Family
}

export function createPlaces(families: readonly Family[]): Places {
  const places = families
    .flatMap((family) =>
      prefixesOf(family).map((prefix) => ({ family, depth: prefix.split('/').length, pattern: below(prefix) })),
    )
    // The longest first: one family's paths may lie below another's.
    .toSorted((a, b) => b.depth - a.depth)
  const familyOf = (path: string) => places.find(({ pattern }) => pattern.test(path))?.family
  const outer = families.flatMap(({ within, prefix }) =>
    within && prefix ? [{ before: below(within), whole: below(within + prefix) }] : [],
  )
  return {
    familyOf,
    inside(path) {
      const found = outer.find(({ whole }) => whole.test(path))
      return found ? path.replace(found.before, '') : path
    },
    ofRoute({ surface, template }) {
      const family = families.find(({ name }) => name === surface)
      if (!family) throw new Error(`There is no family ${surface} for ${template}`)
      // Where an operation is another's, whoever may come in there may come in to it, too.
      const place = family.prefix === undefined ? familyOf(template) : undefined
      return place ? { ...keysOf(place), ...family } : family
    },
  }
}

const keysOf = ({ keyHeader, takesBearerKey }: Family) => ({
  ...(keyHeader !== undefined && { keyHeader }),
  ...(takesBearerKey !== undefined && { takesBearerKey }),
})

const prefixesOf = ({ prefix, within, unknownBelow = [] }: Family): readonly string[] => [
  ...(prefix === undefined ? [] : [prefix]),
  ...(prefix === undefined || within === undefined ? [] : [within + prefix]),
  ...unknownBelow,
]

/** What lies below a prefix, in which `{name}` stands for any segment and the others are plain words; and the prefix itself. */
function below(prefix: string): RegExp {
  const segments = prefix.split('/').filter((segment) => segment !== '')
  const parts = segments.map((segment) => (segment.startsWith('{') ? '[^/]+' : segment))
  return new RegExp(`^/+${parts.join('/+')}(?=/|$)`)
}

/** With these a path could lead out again of what it lies below. */
const dotSegment = /(^|\/)(\.|%2e){1,2}(\/|$)/i
export const leadsOut = (path: string): boolean => dotSegment.test(path)
