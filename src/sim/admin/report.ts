/** `GET /++/report`: what a run came to, for pictures of it; see `aoai-sim report`. */
import type { ListedSetting } from '../config/describe.ts'
import type { History, ToldHistory } from '../metrics/history.ts'
import type { SimResponse } from '../types.ts'
import { json } from './answers.ts'
import type { VerdictSource } from './verdict.ts'

export type Reported = Pick<VerdictSource, 'clock' | 'resourceName'> & {
  readonly history: History
  /** With where each came from; secrets masked. */
  readonly listedSettings: () => readonly ListedSetting[]
  readonly limitsOf: (deployments: readonly string[]) => readonly DeploymentLimits[]
}

export type DeploymentLimits = {
  readonly deployment: string
  /** Absent where nothing limits them. */
  readonly tokensPerMinute?: number
  readonly requestsPerMinute?: number
  /** Units of provisioned throughput. */
  readonly provisionedUnits?: number
}

export type RunReport = ToldHistory & {
  readonly resource: string
  readonly nowMs: number
  readonly limits: readonly DeploymentLimits[]
  readonly settings: readonly ListedSetting[]
}

export function tellReport({ clock, resourceName, history, listedSettings, limitsOf }: Reported): SimResponse {
  const told = history.tell()
  const names = told.rows.flatMap(({ deployment }) => (deployment === undefined ? [] : [deployment]))
  const report: RunReport = {
    resource: resourceName,
    nowMs: clock.now(),
    ...told,
    limits: limitsOf(names),
    // Of other resources each tells by itself.
    settings: listedSettings()
      .filter(({ setting }) => setting !== 'resources' && !setting.startsWith('resources.'))
      .map((each) => (each.value.length > longest ? { ...each, value: `${each.value.slice(0, longest)}…` } : each)),
  }
  return json(200, report)
}

const longest = 500
