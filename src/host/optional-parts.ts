/**
 * Libraries that only some settings need. They are not installed with the package: a setting that needs one asks for it at
 * the start, rather than by a failure later on.
 */
import { type Config, ConfigError, type Problem } from '../sim/index.ts'

type Name = keyof typeof parts
type Path = readonly [string, ...string[]]
type Need = { readonly path: Path; readonly name: Name }

const parts = {
  '@azure/identity': () => import('@azure/identity'),
  '@azure/monitor-opentelemetry-exporter': () => import('@azure/monitor-opentelemetry-exporter'),
  '@azure/storage-blob': () => import('@azure/storage-blob'),
  '@opentelemetry/exporter-metrics-otlp-http': () => import('@opentelemetry/exporter-metrics-otlp-http'),
  '@modelcontextprotocol/sdk': () => import('@modelcontextprotocol/sdk/client/index.js'),
  '@redis/client': () => import('@redis/client'),
}

/** Rejects with a `ConfigError` that names each setting with the library that is missing for it. */
export async function requireParts(config: Config, settingAt: (...path: readonly string[]) => string): Promise<void> {
  const problems: Problem[] = []
  for (const { path, name } of needs(config))
    if (!(await isInstalled(name)))
      problems.push({ path, setting: settingAt(...path), message: `needs the package ${name}: npm install ${name}` })
  if (problems.length > 0) throw new ConfigError(problems)
}

async function isInstalled(name: Name): Promise<boolean> {
  try {
    await parts[name]()
    return true
  } catch (error) {
    if (missingPackage(error) === name) return false
    throw error
  }
}

/** The package that was not found, where that is what an error is about. */
export function missingPackage(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const isMissing = 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
  return (isMissing && /Cannot find package '([^']+)'/.exec(error.message)?.[1]) || missingPackage(error.cause)
}

function needs({ mode, replay, recording, state, redis, forward, telemetry, mcp }: Config): readonly Need[] {
  const forwards = mode === 'record' || (mode === 'replay' && replay.onMiss === 'forward')
  return [
    ...(mode === 'generate' ? [] : blobNeeds('recording', recording)),
    ...blobNeeds('state', state),
    ...(redis.url === undefined ? [] : [{ path: ['redis', 'url'], name: '@redis/client' } as const]),
    ...(mcp.servers.length === 0 ? [] : [{ path: ['mcp', 'servers'], name: '@modelcontextprotocol/sdk' } as const]),
    ...(forwards && forward.endpoint !== undefined && forward.key === undefined
      ? [{ path: ['forward', 'endpoint'], name: '@azure/identity' } as const]
      : []),
    ...(telemetry.metrics && telemetry.connectionString !== undefined
      ? [{ path: ['telemetry', 'connectionString'], name: '@azure/monitor-opentelemetry-exporter' } as const]
      : []),
    ...(telemetry.metrics && telemetry.otlpEndpoint !== undefined
      ? [{ path: ['telemetry', 'otlpEndpoint'], name: '@opentelemetry/exporter-metrics-otlp-http' } as const]
      : []),
  ]
}

type Store = { readonly containerUrl?: string | undefined; readonly connectionString?: string | undefined }

function blobNeeds(group: string, { containerUrl, connectionString }: Store): readonly Need[] {
  if (containerUrl === undefined && connectionString === undefined) return []
  const path: Path = [group, containerUrl === undefined ? 'connectionString' : 'containerUrl']
  const isSigned = containerUrl === undefined || /[?&]sig=/.test(containerUrl)
  return [{ path, name: '@azure/storage-blob' }, ...(isSigned ? [] : [{ path, name: '@azure/identity' } as const])]
}
