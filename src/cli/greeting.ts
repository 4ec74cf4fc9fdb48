/** What a start prints: where the simulator is, what it does, and a line to try. No more than a screenful. */
import type { Loaded } from '../host/environment.ts'
import { masked } from '../sim/index.ts'
import type { Config } from '../sim/config/config.ts'
import { exampleRequest } from './example-request.ts'

/** Where it listens, and what named the port where that was no flag. */
type Place = { readonly url: string; readonly portFrom?: string }

/** A key that was given is known to whoever gave it, and is not for a log. */
export function greeting({ config, generatedKey }: Loaded, { url, portFrom }: Place): readonly string[] {
  const key = generatedKey ? config.apiKey : '$SIMULATOR_API_KEY'
  return [
    `aoai-simulated-api is running in ${config.mode} mode; Ctrl+C stops it.`,
    `  Endpoint: ${url}${portFrom === undefined ? '' : ` (the port is from ${portFrom})`}`,
    `  Key:      ${generatedKey ? `${key} (for this run; set SIMULATOR_API_KEY to choose one)` : masked}`,
    ...whatIsSet(config),
    'Try it:',
    `  ${exampleRequest(config, url, key)}`,
  ]
}

/** What differs from a start without a setting, of that which decides what the simulator does. Hosts alone are named. */
function whatIsSet(config: Config): readonly string[] {
  const { mode, generate, deployments, forward, recording, extensionPath, redis, state, telemetry } = config
  const names = Object.keys(deployments)
  const sharedState = placeOf(state)
  const sent = [
    ...(telemetry.connectionString === undefined ? [] : ['Application Insights']),
    ...(telemetry.otlpEndpoint === undefined ? [] : [hostOf(telemetry.otlpEndpoint)]),
  ]
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Deployments', names.length > 0 ? listed(names) : undefined],
    ['Answers', mode === 'generate' ? lengths[generate.maxTokens] : undefined],
    ['Forwards to', mode === 'record' && forward.endpoint !== undefined ? hostOf(forward.endpoint) : undefined],
    ['Recordings', mode === 'generate' ? undefined : placeOf(recording)],
    ['Extension', extensionPath],
    ['Limits', redis.url === undefined ? undefined : `counted in Redis at ${hostOf(redis.url)}`],
    ['Shared with other instances', sharedState && `the configuration, in ${sharedState}`],
    ['Metrics', sent.length > 0 && telemetry.metrics ? `sent to ${sent.join(' and ')}` : undefined],
  ]
  return rows.flatMap(([what, text]) => (text === undefined ? [] : [`  ${what}: ${text}`]))
}

const lengths = {
  exact: 'exactly as many tokens as a request allows (generate.maxTokens: exact)',
  bound: 'at most as many tokens as a request allows (generate.maxTokens: bound)',
}

const maxNamed = 8
const listed = (names: readonly string[]) =>
  names.length <= maxNamed
    ? names.join(', ')
    : `${names.slice(0, maxNamed).join(', ')} and ${names.length - maxNamed} more`

type Store = Pick<Config['state'], 'dir' | 'containerUrl' | 'connectionString' | 'container'>

function placeOf({ dir, containerUrl, connectionString, container }: Store): string | undefined {
  if (containerUrl !== undefined) return `the container at ${hostOf(containerUrl)}`
  if (connectionString !== undefined) return `the container ${container}`
  return dir === undefined ? undefined : `the folder ${dir}`
}

/** Neither a path nor a signature in it. */
const hostOf = (address: string) => URL.parse(address)?.host ?? masked
