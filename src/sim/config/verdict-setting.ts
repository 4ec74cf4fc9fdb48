/** `verdict`: whether callers are watched, and from where on something is to be held against them. */
import * as z from 'zod'
import { flag, group, whole } from './forms.ts'

const numberForm = 'a number of 0 or more'
const bound = (description: string, value: number) =>
  z.number({ error: numberForm }).min(0, { error: numberForm }).meta({ description, default: value })

const warnings = () =>
  group({
    waitsTooLong: bound('Times the wait that was asked for.', 3),
    givesUp: bound('Share of calls whose last answer was a failure that passes.', 0.01),
    retryStorm: bound('Attempts of one call.', 5),
    amplification: bound('Attempts a call, over the run and in its worst ten seconds.', 1.2),
    backOffGrows: bound('Least growth from one wait to the next, where none was asked for.', 1.5),
    synchronisedRetries: bound('Share of retries that came in the same fortieth of their usual wait.', 0.35),
    abandonedStreams: bound('Share of streams that were left before their end.', 0.01),
    noReadTimeout: bound('Seconds that a silent answer was waited for.', 60),
    wastedTokens: bound('Share of tokens in answers that were asked for again.', 0.02),
    maxTokens: bound('Tokens that requests allow, as times of those that answers had.', 3),
    keepAlive: bound('Connections a request, beyond those that were needed at once.', 0.1),
    ramp: bound('Growth of calls from one minute to the next.', 2),
    provisionedFirst: bound('Share of calls beside a provisioned deployment that had room.', 0),
  }).meta({ description: 'Above this the mark warns.' })

const failures = () =>
  group({
    retryAfterHonoured: bound('Least share of the asked wait that is to pass, less 50 ms.', 0.95),
    waitsTooLong: bound('Times the wait that was asked for.', 10),
    givesUp: bound('Share of calls whose last answer was a failure that passes.', 0.1),
    retryStorm: bound('Attempts of one call.', 10),
    amplification: bound('Attempts a call, over the run and in its worst ten seconds.', 2),
    backOffGrows: bound('Least milliseconds between attempts, where no wait was asked for.', 50),
    synchronisedRetries: bound('Share of retries that came in the same fortieth of their usual wait.', 0.5),
    layeredRetries: bound('Attempts of a call that several layers repeat.', 6),
    abandonedStreams: bound('Share of streams that were left before their end.', 0.1),
    noReadTimeout: bound('Seconds that a silent answer was waited for.', 600),
    wastedTokens: bound('Share of tokens in answers that were asked for again.', 0.1),
    maxTokens: bound('Tokens that requests allow, as times of those that answers had.', 10),
    keepAlive: bound('Connections a request, beyond those that were needed at once.', 0.5),
    failover: bound('Seconds that a refused deployment was asked while another one was idle.', 30),
    provisionedFirst: bound('Share of calls beside a provisioned deployment that had room.', 0.05),
  }).meta({ description: 'Above this the mark fails.' })

export const verdictSetting = () =>
  group({
    enabled: flag().meta({ description: 'Whether callers are judged, for GET /++/verdict.', default: true }),
    size: whole(100, 1_000_000).meta({
      description: 'Number of recent attempts that callers are judged by.',
      default: 10_000,
    }),
    warn: warnings(),
    fail: failures(),
  }).meta({ description: 'The verdict on how callers behave.' })
