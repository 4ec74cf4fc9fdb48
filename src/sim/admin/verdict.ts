/** `GET /++/verdict`: how callers behave, judged by what they were seen to do. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { parseTarget } from '../http/target.ts'
import { judgeSightings } from '../verdict/judge.ts'
import type { Evidence } from '../verdict/mark.ts'
import type { Sightings } from '../verdict/sightings.ts'
import type { SimRequest, SimResponse } from '../types.ts'
import { json } from './answers.ts'
import { wantedBy } from './requests.ts'

export type VerdictSource = {
  readonly sightings: Sightings
  readonly deployments: () => Evidence['deployments']
  readonly current: () => Config
  readonly clock: Clock
  readonly resourceName: string
}

/** Throws an `ApiError` for a query that means nothing. */
export function tellVerdict(request: SimRequest, judged: VerdictSource): SimResponse {
  const between = wantedBy(parseTarget(request.url).query, ['since', 'until'])
  return json(200, verdictOf(judged, between))
}

type Between = { readonly sinceMs?: number | undefined; readonly untilMs?: number | undefined }

/** Of what was seen in that time; without one, of all. */
export function verdictOf(judged: VerdictSource, { sinceMs = -Infinity, untilMs = Infinity }: Between = {}) {
  const config = judged.current()
  const seen = config.verdict.enabled ? judged.sightings.all() : []
  const wanted = seen.filter(({ atMs }) => atMs >= sinceMs && atMs < untilMs)
  const verdict = judgeSightings(wanted, config, { nowMs: judged.clock.now(), deployments: judged.deployments() })
  const { level, ...rest } = verdict
  return {
    level,
    resource: judged.resourceName,
    ...(!config.verdict.enabled && { why: 'verdict.enabled is false: callers are not watched.' }),
    ...rest,
  }
}
