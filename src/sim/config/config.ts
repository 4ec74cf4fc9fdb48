/**
 * The configuration as the app sees it: one value, parsed and checked whole, never written to. Its type follows from the
 * settings; what is not as the file has it is said here.
 */
import type { Latency, LatencyName } from '../types.ts'
import type { AuthConfig } from './auth.ts'
import type { ContentFilter } from './content-filter.ts'
import type { Plain } from './plain.ts'
import type { Settings } from './schema.ts'

export type { ContentFilter, FilterCategory, FilterRule } from './content-filter.ts'
export type { EntraConfig } from './auth.ts'

type PlainConfig = Plain<Settings>

export type ModeName = Settings['mode']
export type { LimitAlgorithm, LimitCharge } from '../types.ts'

export type DeploymentConfig = {
  readonly [Key in Exclude<keyof PlainConfig['deployments'][string], 'latency'>]-?:
    PlainConfig['deployments'][string][Key] | undefined
} & {
  /** A name in the catalogue. */
  readonly model: string
  readonly latency: Latency | undefined
}

export type Config = Omit<
  PlainConfig,
  'auth' | 'azure' | 'contentFilter' | 'contentFilters' | 'deployments' | 'latency'
> & {
  readonly auth: AuthConfig
  readonly azure: Omit<PlainConfig['azure'], 'timeoutMs' | 'flexTimeoutMs'> & {
    /** After which an answer in one piece is given up; absent where none is, so that it takes one look to see that. */
    readonly timeouts: { readonly usualMs: number; readonly flexMs: number } | undefined
  }
  readonly contentFilter: ContentFilter
  /** By name in small letters; absent where there is none beside that one. */
  readonly contentFilters: ReadonlyMap<string, ContentFilter> | undefined
  readonly deployments: Readonly<Record<string, DeploymentConfig>>
  readonly latency: Readonly<Record<LatencyName, Latency>>
  /** All latencies are so many times as long. */
  readonly latencyFactor: number
}
