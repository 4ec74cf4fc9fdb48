/** The configuration as the app sees it: one value, parsed and checked whole, never written to. */
import type { Latency, LatencyName } from '../types.ts'

export type Mode = 'generate' | 'record' | 'replay'

export type LimitAlgorithm = 'sliding' | 'fixed' | 'leaky'
export type LimitCharge = 'actual' | 'reserve' | 'old'

export type DeploymentConfig = {
  /** A name in the catalogue. */
  readonly model: string
  readonly tokensPerMinute: number | undefined
  readonly requestsPerMinute: number | undefined
  readonly dimensions: number | undefined
  readonly latency: Latency | undefined
}

export type Config = {
  readonly mode: Mode
  readonly apiKey: string
  /** Whether a deployment that nobody configured answers, or is 404. */
  readonly allowUndefinedDeployments: boolean
  /** Limits of each deployment that nobody configured. */
  readonly undefinedDeployments: {
    readonly tokensPerMinute: number | undefined
    readonly requestsPerMinute: number | undefined
  }
  readonly deployments: Readonly<Record<string, DeploymentConfig>>
  readonly latency: Readonly<Record<LatencyName, Latency>>
  readonly limits: { readonly algorithm: LimitAlgorithm; readonly charge: LimitCharge }
  readonly generate: {
    /** Tokens of an answer that the request does not bound: log-normal with this median and spread of the logarithm. */
    readonly medianTokens: number
    readonly sigma: number
  }
  readonly azure: {
    /** As answers and messages name it, for example `East US 2`. */
    readonly region: string
  }
  /** Makes the same request get the same answer, ids and timing draws included. */
  readonly seed: number | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly server: {
    readonly maxBodyBytes: number
    readonly maxHeaderBytes: number
    readonly headerTimeoutMs: number
    readonly bodyTimeoutMs: number
    readonly idleTimeoutMs: number
    /** How long a stop waits for what still runs. */
    readonly stopTimeoutMs: number
  }
}
