/** Types of deployments, what a unit of them comes to, what throughput a deployment was given, and tiers and routers. */

/** The types of deployments, by Azure's names. */
export const skus = [
  'Standard',
  'GlobalStandard',
  'DataZoneStandard',
  'DeveloperTier',
  'ProvisionedManaged',
  'GlobalProvisionedManaged',
  'DataZoneProvisionedManaged',
  'GlobalBatch',
  'DataZoneBatch',
] as const
export type Sku = (typeof skus)[number]

/** What one unit of capacity lets pass. */
export type UnitLimits = {
  readonly requests: number
  /** Of the requests; of tokens it is a minute. */
  readonly periodMs: number
  readonly tokens: number | undefined
}

/** What one unit of provisioned throughput does for a model, and how many there must be. */
export type Provisioning = {
  readonly inputTokensPerMinute: number
  /** For how many input tokens one of the output counts, and one that was cached. */
  readonly outputRatio: number
  readonly cachedRatio: number
  readonly global: Step
  /** It is not to be had in a data zone either. */
  readonly isGlobalOnly?: boolean
  /** Absent where it is not to be had in a region. */
  readonly regional: Step | undefined
  /** A longer prompt is refused. */
  readonly maxPromptTokens: number | undefined
}
type Step = { readonly min: number; readonly step: number }

/** The throughput that a deployment was given, in place of limits. */
export type Throughput = Pick<
  Provisioning,
  'inputTokensPerMinute' | 'outputRatio' | 'cachedRatio' | 'maxPromptTokens'
> & {
  /** How much use may come at once: so long of the whole rate. */
  readonly burstMs: number
  /** What the output of a call is taken to be that sets no bound, before there are any to learn from. */
  readonly estimatedOutputTokens: number
}

/** What serves a request, of the tiers of processing. */
export type ServedTier = 'default' | 'priority' | 'flex'

/** How a model router chooses. */
export type Routing = {
  readonly mode?: 'balanced' | 'cost' | 'quality' | undefined
  readonly models?: readonly string[] | undefined
}
