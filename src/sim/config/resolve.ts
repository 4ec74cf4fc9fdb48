/** From what each source says to the one `Config`: merged, checked whole, and refused whole with every problem. */
import type { Latency } from '../types.ts'
import { toAuth } from './auth.ts'
import { toContentFilter } from './content-filter.ts'
import { deploymentProblems, type ModelLookup } from './check-deployments.ts'
import type { Config, DeploymentConfig } from './config.ts'
import { ConfigError, mismatch, type Problem } from './problem.ts'
import { once, ownerOf, readSource, settingName, type ConfigSource, type Reading } from './read-source.ts'
import { defaultSettings } from './schema-parts.ts'
import { Settings } from './schema.ts'
import { leaves, mergeTrees, type Path, type Tree } from './tree.ts'
import { variableAt } from './variables.ts'

export type Resolved = {
  readonly config: Config
  /** Where each value came from, by its path joined with dots: the source's name, or the variable's or flag's. */
  readonly origin: ReadonlyMap<string, string>
  /** The same values as `sim.yaml` is structured, for showing. */
  readonly settings: Settings
}

const defaultSource: ConfigSource = { name: 'default', input: defaultSettings }

/**
 * Later sources beat earlier ones, and all beat the defaults. Throws a `ConfigError`. `found` are problems that were met
 * while the sources were fetched, to be told with the others.
 */
export function resolveConfig(
  sources: readonly ConfigSource[],
  models: ModelLookup,
  found: readonly Problem[] = [],
): Resolved {
  const readings = [defaultSource, ...sources].map(readSource)
  const [defaults, ...given] = readings
  const merged = mergeTrees(defaults?.tree ?? {}, mergeReadings(given))
  const parsed = Settings.safeParse(merged, once)
  const early = [...found, ...readings.flatMap(({ problems }) => problems)]
  const late = [
    ...(parsed.error?.issues.map((issue) => missing(issue.path.map(String), given)) ?? []),
    ...deploymentProblems(merged, given, models),
  ]
  const problems = [...early, ...late.filter(({ path }) => !early.some((known) => covers(known.path, path)))]
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  return { config: toConfig(parsed.data), origin: originOf(parsed.data, readings), settings: parsed.data }
}

/** What all sources say together, in canonical form and without defaults. */
export function mergeReadings(readings: readonly Reading[]): Tree {
  return readings.reduce<Tree>((below, { tree }) => mergeTrees(below, tree), {})
}

/** A value that was refused is missing afterwards, which need not be told again. */
function covers(known: Path, path: Path): boolean {
  return known.length > 0 && known.every((key, at) => path[at] === key)
}

/** All that is there was checked, source by source; so what is wrong with the whole is what nobody gave. */
function missing(path: Path, readings: readonly Reading[]): Problem {
  const owner = ownerOf(readings, path.slice(0, -1))
  const setting = path.length > 1 && owner ? settingName(owner, path) : (variableAt(path) ?? path.join('.'))
  const allowed = path[0] === 'apiKey' ? 'the key that clients must send' : 'a value; this one is required'
  return { path, setting, message: mismatch('nothing', allowed) }
}

function originOf(settings: Tree, readings: readonly Reading[]): ReadonlyMap<string, string> {
  const origin = new Map<string, string>()
  for (const { path } of leaves(settings)) {
    const source = ownerOf(readings, path)
    origin.set(path.join('.'), source?.spell?.(path) ?? source?.name ?? 'default')
  }
  return origin
}

function toConfig(settings: Settings): Config {
  const { server, latency, recording, forward, files, batches, redis, state, responses, telemetry } = settings
  return {
    mode: settings.mode,
    apiKey: settings.apiKey,
    auth: toAuth(settings.auth),
    allowUndefinedDeployments: settings.allowUndefinedDeployments,
    undefinedDeployments: {
      tokensPerMinute: settings.undefinedDeployments.tokensPerMinute,
      requestsPerMinute: settings.undefinedDeployments.requestsPerMinute,
    },
    deployments: toDeployments(settings.deployments),
    latency: {
      chatCompletions: toLatency(latency.chatCompletions.interToken, latency.chatCompletions.timeToFirstToken),
      completions: toLatency(latency.completions.interToken, latency.completions.timeToFirstToken),
      embeddings: toLatency(latency.embeddings),
      translations: toLatency(latency.translations),
      transcriptions: toLatency(latency.transcriptions),
      speech: toLatency(latency.speech),
      images: toLatency(latency.images),
    },
    limits: settings.limits,
    generate: settings.generate,
    contentFilter: toContentFilter(settings.contentFilter),
    promptCache: { isEnabled: settings.promptCache.enabled, lifetimeMs: settings.promptCache.lifetime.ms },
    responses: {
      maxResponses: responses.maxResponses,
      maxBytes: responses.maxBytes,
      lifetimeMs: responses.lifetime.ms,
      queueMs: toSpread(responses.queueTime),
    },
    azure: toAzure(settings.azure),
    recording: {
      ...recording,
      containerUrl: recording.containerUrl,
      connectionString: recording.connectionString,
    },
    replay: settings.replay,
    forward: {
      endpoint: forward.endpoint,
      key: forward.key,
      connectTimeoutMs: forward.connectTimeout.ms,
      idleTimeoutMs: forward.idleTimeout.ms,
      totalTimeoutMs: forward.totalTimeout.ms,
    },
    files: {
      processTimeMs: files.processTime.ms,
      maxFiles: files.maxFiles,
      maxBytes: files.maxBytes,
      lifetimeMs: files.lifetime.ms,
    },
    batches: {
      validateTimeMs: batches.validateTime.ms,
      runTimeMs: batches.runTime.ms,
      finalizeTimeMs: batches.finalizeTime.ms,
      maxBatches: batches.maxBatches,
      lifetimeMs: batches.lifetime.ms,
    },
    redis: { url: redis.url, timeoutMs: redis.timeout.ms, auth: redis.auth },
    telemetry: {
      metrics: telemetry.metrics,
      connectionString: telemetry.connectionString,
      authentication: telemetry.authentication,
      otlpEndpoint: telemetry.otlpEndpoint,
      serviceName: telemetry.serviceName,
      exportIntervalMs: telemetry.exportInterval.ms,
    },
    journal: settings.journal,
    extensionPath: settings.extensionPath,
    state: {
      dir: state.dir,
      containerUrl: state.containerUrl,
      connectionString: state.connectionString,
      container: state.container,
      refreshMs: state.refresh.ms,
    },
    seed: settings.seed,
    logLevel: settings.logLevel,
    server: {
      maxBodyBytes: server.maxBodyBytes,
      maxHeaderBytes: server.maxHeaderBytes,
      headerTimeoutMs: server.headerTimeout.ms,
      bodyTimeoutMs: server.bodyTimeout.ms,
      idleTimeoutMs: server.idleTimeout.ms,
      stopTimeoutMs: server.stopTimeout.ms,
    },
  }
}

function toAzure({ timeout, flexTimeout, timingHeaders, ...azure }: Settings['azure']): Config['azure'] {
  const usualMs = timeout?.ms ?? Infinity
  return {
    ...azure,
    maxRepeats: azure.maxRepeats,
    maxCustomHeaders: azure.maxCustomHeaders,
    timeouts: timeout || flexTimeout ? { usualMs, flexMs: flexTimeout?.ms ?? usualMs } : undefined,
    tellsTimes: timingHeaders,
  }
}

/** Without a prototype: `deployments['constructor']` is then nothing, as it should be. */
function toDeployments(settings: Settings['deployments']): Readonly<Record<string, DeploymentConfig>> {
  const deployments: Record<string, DeploymentConfig> = Object.create(null) as Record<string, never>
  for (const [name, { model, tokensPerMinute, requestsPerMinute, dimensions, latency }] of Object.entries(settings)) {
    const unit = latency?.each ?? latency?.interToken
    deployments[name] = {
      model,
      tokensPerMinute,
      requestsPerMinute,
      dimensions,
      latency: unit && toLatency(unit, latency?.timeToFirstToken),
    }
  }
  return deployments
}

type SpreadMs = { readonly meanMs: number; readonly stdDevMs: number }

function toLatency(unit: SpreadMs, first?: SpreadMs): Latency {
  return { firstMs: first && toSpread(first), unitMs: toSpread(unit) }
}

const toSpread = ({ meanMs, stdDevMs }: SpreadMs) => ({ mean: meanMs, stdDev: stdDevMs })
