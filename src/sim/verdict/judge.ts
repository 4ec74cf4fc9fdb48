/** The verdict: every mark over what was seen, and the worst of their levels. */
import type { Config } from '../config/config.ts'
import { callsOf } from './calls.ts'
import type { Evidence, MarkJudge, Level, Mark } from './mark.ts'
import { abandonedStreams } from './marks/abandoned-streams.ts'
import { amplification } from './marks/amplification.ts'
import { backOffGrows } from './marks/back-off-grows.ts'
import { cacheablePrefix } from './marks/cacheable-prefix.ts'
import { cutStreamAccepted } from './marks/cut-stream-accepted.ts'
import { failover } from './marks/failover.ts'
import { givesUp } from './marks/gives-up.ts'
import { identifiesItself } from './marks/identifies-itself.ts'
import { keepAlive } from './marks/keep-alive.ts'
import { layeredRetries } from './marks/layered-retries.ts'
import { maxTokens } from './marks/max-tokens.ts'
import { noReadTimeout } from './marks/no-read-timeout.ts'
import { provisionedFirst } from './marks/provisioned-first.ts'
import { ramp } from './marks/ramp.ts'
import { retriesHopeless } from './marks/retries-hopeless.ts'
import { retryAfterHonoured } from './marks/retry-after-honoured.ts'
import { retryStorm } from './marks/retry-storm.ts'
import { streamErrorMissed } from './marks/stream-error-missed.ts'
import { synchronisedRetries } from './marks/synchronised-retries.ts'
import { waitsTooLong } from './marks/waits-too-long.ts'
import { wastedTokens } from './marks/wasted-tokens.ts'
import type { Sighting } from './sighting.ts'

export type Verdict = {
  readonly level: Level
  /** ISO 8601: of the first attempt, and of the moment of judging. */
  readonly since?: string
  readonly until: string
  readonly calls: number
  readonly attempts: number
  /** Calls of which it is not clear which attempts are theirs. */
  readonly ambiguous: number
  readonly marks: readonly Mark[]
}

const judges: readonly MarkJudge[] = [
  retryAfterHonoured,
  waitsTooLong,
  retriesHopeless,
  givesUp,
  retryStorm,
  amplification,
  backOffGrows,
  synchronisedRetries,
  layeredRetries,
  cutStreamAccepted,
  streamErrorMissed,
  abandonedStreams,
  noReadTimeout,
  wastedTokens,
  maxTokens,
  cacheablePrefix,
  keepAlive,
  failover,
  ramp,
  provisionedFirst,
  identifiesItself,
]

export function judgeSightings(
  sightings: readonly Sighting[],
  config: Pick<Config, 'verdict'>,
  { nowMs, deployments }: { readonly nowMs: number; readonly deployments: Evidence['deployments'] },
): Verdict {
  const all = callsOf(sightings, nowMs)
  const calls = all.filter(({ isAmbiguous }) => !isAmbiguous)
  const ambiguous = all.length - calls.length
  const { warn, fail } = config.verdict
  const marks = judges.map((one) => one({ sightings, calls, ambiguous, warn, fail, deployments }))
  const [first] = sightings
  return {
    level: worstOf(marks),
    ...(first && { since: new Date(first.atMs).toISOString() }),
    until: new Date(nowMs).toISOString(),
    calls: all.length,
    attempts: sightings.length,
    ambiguous,
    marks,
  }
}

function worstOf(marks: readonly Mark[]): Level {
  for (const level of ['fail', 'warn', 'pass'] as const) if (marks.some((mark) => mark.level === level)) return level
  return 'unknown'
}
