/** What an answer takes its time from: its latency, as far as it is known before, and how its stream is delivered. */
import type { Config } from '../config/config.ts'
import type { AnyDeploymentOperation, Call, Generated } from '../operation.ts'
import type { Frame, Latency, LoadFactors, ProfileUse, StreamEvent } from '../types.ts'
import { inBursts } from './bursts.ts'
import { drawTimes } from './profile.ts'
import { schedule } from './schedule.ts'
import { times } from './spread.ts'

type Paced = {
  /** With the service's own clock, where that is told. */
  readonly answer: Generated
  readonly latency: Latency
  readonly frames: (events: Iterable<StreamEvent>) => Iterable<Frame>
}

type Timing = {
  readonly operation: AnyDeploymentOperation
  readonly config: Config
  /** An extension's word. */
  readonly given: Latency | undefined
}

export function paceOf(call: Call, made: Generated, timing: Timing): Paced {
  const { operation, config, given } = timing
  const usual = given ?? latencyOf(operation, call, config)
  const { answer, latency } = usual.profile
    ? drawn(call, made, timing, usual.profile)
    : { answer: made, latency: plain(usual, call, config) }
  const frames = isGathered(call, config, usual)
    ? (events: Iterable<StreamEvent>) => inBursts(events, gatheringOf(answer, latency, config), call.timing)
    : (events: Iterable<StreamEvent>) => schedule(events, latency, call.timing)
  return { answer, latency, frames }
}

/** As it is set: longer or shorter for all, and longer under load. */
function plain(usual: Latency, call: Call, { latencyFactor }: Config): Latency {
  const latency = latencyFactor === 1 ? usual : scaled(usual, latencyFactor)
  if (!call.load) return latency
  const { gateway, interToken, queuedMs } = factorsOf(call)
  const first = times(latency.firstMs ?? latency.unitMs, gateway)
  const { logNormal } = first
  const laterMs =
    queuedMs > 0 && logNormal ? { ...first, logNormal: { ...logNormal, median: logNormal.median + queuedMs } } : first
  return { firstMs: { ...laterMs, mean: first.mean + queuedMs }, unitMs: times(latency.unitMs, interToken) }
}

/** Growth that nobody published: guesses, which settings change. */
const usualGrowth = { interToken: 0.5, timeToFirstToken: 2 }

function factorsOf({ load, deployment: { underLoad } }: Call): LoadFactors {
  if (!load) return unloaded
  const { interToken = usualGrowth.interToken, timeToFirstToken = usualGrowth.timeToFirstToken } = underLoad ?? {}
  const share = Math.min(1, load.share)
  const { factor = 1, queuedMs } = load
  return {
    gateway: factor * (1 + timeToFirstToken * share ** 2),
    interToken: factor * (1 + interToken * share),
    queuedMs,
  }
}

const unloaded: LoadFactors = { gateway: 1, interToken: 1, queuedMs: 0 }

const scaled = ({ firstMs, unitMs }: Latency, factor: number): Latency => ({
  firstMs: firstMs && times(firstMs, factor),
  unitMs: times(unitMs, factor),
})

/** A profile is of tokens: what takes its time otherwise has what is configured for it. */
function latencyOf({ latency: name }: AnyDeploymentOperation, { deployment }: Call, config: Config): Latency {
  const { latency: own } = deployment
  const isByToken = name === 'chatCompletions' || name === 'completions'
  return own && (isByToken || !own.profile) ? own : config.latency[name]
}

function drawn(call: Call, answer: Generated, { config: { latencyFactor } }: Timing, profile: ProfileUse) {
  const { deployment, timing } = call
  const { usage, units } = answer
  const asked = {
    modelName: deployment.model.name,
    promptTokens: usage.promptTokens,
    cachedTokens: usage.cachedTokens ?? 0,
    isSteady: deployment.throughput !== undefined || call.tier === 'priority',
    factor: latencyFactor,
    load: factorsOf(call),
  }
  const { latency, checkpoint } = drawTimes(profile, asked, timing)
  return { answer: { ...answer, checkpoint: checkpoint(units) }, latency }
}

/** The default filter holds a stream back to look at it; of another service's models nobody does. */
const isGathered = (
  { match, stream }: Call,
  { contentFilter: { mode, delivery } }: Config,
  { profile }: Latency,
): boolean =>
  stream &&
  mode === 'default' &&
  (delivery ?? (profile ? 'buffered' : 'smooth')) === 'buffered' &&
  match.family.isFiltered !== false

const gatheringOf = ({ units, hiddenTokens = 0 }: Generated, latency: Latency, { latencyFactor }: Config) => ({
  tokens: units,
  hiddenTokens,
  latency,
  factor: latencyFactor,
})
