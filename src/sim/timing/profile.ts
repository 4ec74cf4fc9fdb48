/** A profile's times for one request: drawn once, so that the answer can tell them and its pieces keep them. */
import { type LogNormal, logNormalOf, type Percentiles } from '../base/log-normal.ts'
import type { Random } from '../random.ts'
import type { Checkpoint, Latency, LoadFactors, ProfileUse, Spread } from '../types.ts'
import {
  gatewayMs,
  interTokenSigma,
  measured2026,
  type ModelTimes,
  otherModels,
  preInferenceMs,
  steadyGatewayMs,
} from './measured-2026.ts'
import { draw } from './spread.ts'

export type TimedRequest = {
  readonly modelName: string
  readonly promptTokens: number
  readonly cachedTokens: number
  /** Provisioned throughput, or priority: it has no tail. */
  readonly isSteady: boolean
  /** All latencies are so many times as long. */
  readonly factor: number
  readonly load: LoadFactors
}

/** Times of one request: nothing in them varies any more. */
export type DrawnTimes = {
  readonly latency: Latency & { readonly headMs: number }
  /** What the answer tells of them, of so many tokens. */
  readonly checkpoint: (tokens: number) => Checkpoint
}

export function drawTimes(use: ProfileUse, asked: TimedRequest, random: Random): DrawnTimes {
  const { promptTokens, cachedTokens, load } = asked
  const factor = asked.factor * (use.factor ?? 1)
  const times = timesOf(asked.modelName)
  const preMs = draw(preInference, random)
  const gateway = draw(gatewayOf(asked.modelName, asked.isSteady), random) * load.gateway
  const tokenMs = times.interTokenMs * Math.exp(interTokenSigma * random.normal()) * load.interToken
  const promptMs = times.engineMs + times.promptTokenMs * Math.max(0, promptTokens - cachedTokens)
  const told = use.firstMs && Math.max(0, draw(use.firstMs, random))
  const engineMs = Math.round(Math.min(promptMs, told ?? Infinity) * factor)
  const firstMs = Math.round((told === undefined ? gateway + promptMs : told * load.gateway) * factor + load.queuedMs)
  const unitMs = (use.unitMs ? Math.max(0, draw(use.unitMs, random)) * load.interToken : tokenMs) * factor
  const beforeMs = Math.round(Math.min(preMs * factor, (firstMs - engineMs) * 0.9))
  const headMs = Math.round(headOf(firstMs - engineMs - load.queuedMs, gatewayMedian(asked) * factor) + load.queuedMs)
  return {
    latency: { firstMs: constant(firstMs), unitMs: constant(unitMs), headMs },
    checkpoint: (tokens) => {
      const restMs = Math.round(Math.max(0, tokens - 1) * unitMs)
      return {
        engineTbtMs: Math.round(unitMs),
        engineTtftMs: engineMs,
        engineTtltMs: engineMs + restMs,
        preInferenceMs: beforeMs,
        serviceTbtMs: Math.round(unitMs),
        serviceTtftMs: firstMs,
        serviceTtltMs: firstMs + restMs,
        userVisibleTtftMs: firstMs - beforeMs,
      }
    },
  }
}

/** The head of a stream goes out when the prompt has passed, which varies less than what comes behind it. */
const headOf = (gateway: number, median: number): number =>
  Math.min(gateway, headShare * Math.sqrt(Math.max(0, gateway * median)))
const headShare = 0.9

const gatewayMedian = ({ modelName, isSteady }: TimedRequest): number =>
  gatewayOf(modelName, isSteady).logNormal?.median ?? 0

const constant = (ms: number): Spread => ({ mean: ms, stdDev: 0 })
const varying = (percentiles: Percentiles): Spread & { readonly logNormal: LogNormal } => ({
  mean: percentiles.p50,
  stdDev: percentiles.p50,
  logNormal: logNormalOf(percentiles),
})

const preInference = varying(preInferenceMs)
const steady = varying(steadyGatewayMs)
const usual = varying(gatewayMs)

const known = new Map<string, ModelTimes>()
/** Of the model itself, else of the one whose name it goes on from: `gpt-5.2-chat` is like `gpt-5.2`. */
function timesOf(modelName: string): ModelTimes {
  const remembered = known.get(modelName)
  if (remembered) return remembered
  const nearest = Object.keys(measured2026)
    .filter((name) => modelName === name || modelName.startsWith(`${name}-`))
    .reduce((longest, name) => (name.length > longest.length ? name : longest), '')
  const times = measured2026[nearest] ?? otherModels
  known.set(modelName, times)
  return times
}

const gateways = new Map<ModelTimes, Spread>()
/** What was measured is the whole time to the first token, of which the engine's part is known. */
function gatewayOf(modelName: string, isSteady: boolean): Spread {
  if (isSteady) return steady
  const times = timesOf(modelName)
  const { firstTokenMs, engineMs } = times
  if (!firstTokenMs) return usual
  const remembered = gateways.get(times)
  if (remembered) return remembered
  const { p50, p95, p99 } = firstTokenMs
  const made = varying({ p50: p50 - engineMs, p95: p95 - engineMs, p99: p99 && p99 - engineMs })
  gateways.set(times, made)
  return made
}
