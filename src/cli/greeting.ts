/** What a start prints: where the simulator is, what it does, and a line to try. No more than a screenful. */
import type { Loaded } from '../host/environment.ts'
import { derivedLimits, masked } from '../sim/index.ts'
import type { Config } from '../sim/config/config.ts'
import type { Certificate } from '../host/certificate.ts'
import { exampleRequest } from './example-request.ts'

/**
 * Where it listens, what named the port where that was no flag, the folder that it runs in, and the code that signs the
 * page in.
 */
type Place = {
  readonly url: string
  readonly portFrom?: string
  readonly cwd: string
  readonly tls?: Certificate
  readonly signInCode?: string
}

/** A key that was given is known to whoever gave it, and is not for a log. */
export async function greeting(
  loaded: Loaded,
  { url, portFrom, cwd, tls, signInCode }: Place,
): Promise<readonly string[]> {
  const { config, generatedKey, fromDotEnv } = loaded
  const key = generatedKey ? config.apiKey : '$SIMULATOR_API_KEY'
  const line = await exampleRequest(config, { url, ...(tls?.file && { trusts: tls.file }) }, key, cwd)
  return [
    `aoai-simulated-api is running in ${config.mode} mode; Ctrl+C stops it.`,
    ...whatAnswersAre(loaded),
    `  Endpoint: ${url}${portFrom === undefined ? '' : ` (the port is from ${portFrom})`}`,
    `  Key:      ${generatedKey ? `${key} (for this run; set SIMULATOR_API_KEY to choose one)` : masked}`,
    ...(tls?.file === undefined ? [] : [`  Clients must trust the certificate ${tls.file}`]),
    ...(signInCode === undefined ? [] : [`  Page:     ${url}/++/#code=${signInCode} (this link signs in once)`]),
    ...(fromDotEnv.length > 0 ? [`  Read from .env: ${fromDotEnv.join(', ')}`] : []),
    ...whatIsSet(config),
    ...(line === undefined
      ? ['Nothing that a line could ask for is recorded yet.']
      : [tryIt(generatedKey), `  ${line}`]),
  ]
}

/** The line is for another terminal, which has no variable that this one may have. */
const tryIt = (generatedKey: boolean) =>
  generatedKey ? 'Try it:' : 'Try it, after export SIMULATOR_API_KEY="<the key>" in that terminal:'

/** For whoever takes the text for a model's, or the wait for a fault. */
function whatAnswersAre({ config, settingAt }: Loaded): readonly string[] {
  if (config.mode !== 'generate') return []
  const isOff = settingAt('latency', 'chatCompletions', 'interToken') === '--no-latency'
  const waits = isOff ? 'at once (--no-latency)' : 'with simulated latency; --no-latency answers at once'
  return [`  Text is generated, not by a model, and sent ${waits}.`]
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
    ['Deployments', names.length > 0 ? listed(withLimits(config)) : undefined],
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

/** Each with its limits per minute, also those that nobody set. */
function withLimits(config: Config): readonly string[] {
  const derived = new Map(derivedLimits(config).map(({ name, key, value }) => [`${key} ${name}`, value]))
  return Object.entries(config.deployments).map(([name, given]) => {
    const told = (
      [
        ['tokensPerMinute', 'TPM'],
        ['requestsPerMinute', 'RPM'],
      ] as const
    ).flatMap(([key, unit]) => {
      const value = given[key] ?? derived.get(`${key} ${name}`)
      return value === undefined ? [] : [`${value} ${unit}${given[key] === undefined ? ' derived' : ''}`]
    })
    return told.length === 0 ? name : `${name} (${told.join(', ')})`
  })
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
