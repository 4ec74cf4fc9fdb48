/**
 * How long models take, measured in 2026. Times between tokens and of the engine: from the service's own clock, in answers
 * of July to October 2026 that have `latency_checkpoint`, the median of each model's samples. First tokens of four models:
 * what modelstats.ai measured of short prompts, every five minutes for 24 hours. A model without a sample has the figures of
 * its nearest relative; `isGuess` says so. See docs/latency.md.
 */
import type { Percentiles } from '../base/log-normal.ts'

export type ModelTimes = {
  /** From one token to the next. */
  readonly interTokenMs: number
  /** Of the engine, until a short prompt's first token is there. */
  readonly engineMs: number
  /** Of each token of the prompt that was not cached. */
  readonly promptTokenMs: number
  /** From a short request to its first token, where that was measured by itself. */
  readonly firstTokenMs?: Percentiles
  readonly isGuess?: true
}

export const measured2026: Readonly<Record<string, ModelTimes>> = {
  'gpt-4o-mini': {
    interTokenMs: 11,
    engineMs: 34,
    promptTokenMs: 0.05,
    firstTokenMs: { p50: 536, p95: 844, p99: 4461 },
  },
  'gpt-4o': { interTokenMs: 8, engineMs: 32, promptTokenMs: 0.05, firstTokenMs: { p50: 639, p95: 1144, p99: 4517 } },
  'gpt-4.1': { interTokenMs: 14, engineMs: 318, promptTokenMs: 0.1, firstTokenMs: { p50: 726, p95: 1220, p99: 1946 } },
  'gpt-4.1-mini': {
    interTokenMs: 15,
    engineMs: 49,
    promptTokenMs: 0.05,
    firstTokenMs: { p50: 661, p95: 1087, p99: 2169 },
  },
  'gpt-4.1-nano': { interTokenMs: 10, engineMs: 34, promptTokenMs: 0.05, isGuess: true },
  'gpt-5': { interTokenMs: 12, engineMs: 80, promptTokenMs: 0.1, isGuess: true },
  'gpt-5-mini': { interTokenMs: 13, engineMs: 51, promptTokenMs: 0.02 },
  'gpt-5-nano': { interTokenMs: 9, engineMs: 40, promptTokenMs: 0.02, isGuess: true },
  'gpt-5.1': { interTokenMs: 12, engineMs: 80, promptTokenMs: 0.1, isGuess: true },
  'gpt-5.2': { interTokenMs: 13, engineMs: 80, promptTokenMs: 0.05 },
  'gpt-5.4': { interTokenMs: 10, engineMs: 113, promptTokenMs: 0.05 },
  'gpt-5.4-mini': { interTokenMs: 4, engineMs: 37, promptTokenMs: 0.05 },
  'gpt-5.4-nano': { interTokenMs: 9, engineMs: 40, promptTokenMs: 0.02 },
  'gpt-5.5': { interTokenMs: 9, engineMs: 150, promptTokenMs: 0.1, isGuess: true },
  'gpt-5.6-luna': { interTokenMs: 12, engineMs: 58, promptTokenMs: 0.05 },
  'gpt-5.6-terra': { interTokenMs: 10, engineMs: 150, promptTokenMs: 0.1, isGuess: true },
  'gpt-5.6-sol': { interTokenMs: 8, engineMs: 228, promptTokenMs: 0.1 },
  'gpt-6-sol': { interTokenMs: 8, engineMs: 228, promptTokenMs: 0.1, isGuess: true },
  'gpt-6-astra': { interTokenMs: 10, engineMs: 300, promptTokenMs: 0.2, isGuess: true },
  o1: { interTokenMs: 20, engineMs: 150, promptTokenMs: 0.1, isGuess: true },
  o3: { interTokenMs: 12, engineMs: 100, promptTokenMs: 0.1, isGuess: true },
  'o3-mini': { interTokenMs: 7, engineMs: 50, promptTokenMs: 0.05, isGuess: true },
  'o4-mini': { interTokenMs: 7, engineMs: 50, promptTokenMs: 0.05, isGuess: true },
  'gpt-35-turbo': { interTokenMs: 12, engineMs: 34, promptTokenMs: 0.05, isGuess: true },
  'gpt-4': { interTokenMs: 30, engineMs: 150, promptTokenMs: 0.1, isGuess: true },
}

/** Of a model that is none of them and named like none. */
export const otherModels: ModelTimes = { interTokenMs: 12, engineMs: 50, promptTokenMs: 0.05, isGuess: true }

/** What is before the engine, where first tokens were not measured by themselves: 28 samples of many models. */
export const gatewayMs: Percentiles = { p50: 380, p95: 676, tail: 0.015 }
/** Of provisioned throughput and of priority processing: 90 of 100 first tokens within about 605 ms, and no tail. */
export const steadyGatewayMs: Percentiles = { p50: 415, p95: 626 }
/** Part of what is before the engine: what the service does before it takes the prompt in. */
export const preInferenceMs: Percentiles = { p50: 91, p95: 200 }
/** Standard deviation of the logarithm of a request's time between tokens, around its model's. */
export const interTokenSigma = 0.15
/** The default content filter gathers so many tokens before it looks at them together, which takes it a while. */
export const gathered = { minTokens: 115, maxTokens: 130, checkMs: { mean: 80, stdDev: 20 } }
