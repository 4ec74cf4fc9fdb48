/** Tells the operator, once for each, of operations that clients ask for and the simulator does not have. */
import type { Log } from '../base/log.ts'
import { leadsOut } from './places.ts'
import type { Router } from './router.ts'

export type Missing = (method: string, path: string) => void

/** Whoever tries paths at random fills no log. */
const maxTold = 100

/** `insteadOf` knows what has taken the place of what is retired. */
export function createMissing(
  log: Log,
  { familyOf }: Pick<Router, 'familyOf'>,
  insteadOf: (path: string) => string | undefined,
): Missing {
  const told = new Set<string>()
  return (method, path) => {
    if (!familyOf(path) || leadsOut(path) || told.size >= maxTold) return
    const operation = `${method.slice(0, 16)} ${withoutIds(path)}`
    if (told.has(operation)) return
    told.add(operation)
    const instead = insteadOf(path)
    log.warn(
      instead === undefined
        ? `${operation} is not simulated: it is answered with 404, as by a resource that lacks it. (logged once)`
        : `${operation} is retired, and answered with 404: use ${instead}. (logged once)`,
    )
  }
}

/** One operation, whatever it is asked of: what names a deployment or a thing is left out. */
const withoutIds = (path: string) =>
  `/${path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment, at, segments) => (isName(segment) || segments[at - 1] === 'deployments' ? '{name}' : segment))
    .slice(0, maxSegments)
    .join('/')}`

const maxSegments = 12

/** Parts of the API's own paths are words; `v1` is one, too. */
const isName = (segment: string) => !/^(?:[A-Za-z_:]{1,40}|v\d)$/.test(segment)
