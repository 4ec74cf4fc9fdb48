/** The environment variables, by what they set. Their names are the Python simulator's where it had them. */
import { unknownName } from './problem.ts'
import type { ConfigSource } from './read-source.ts'
import { mergeTrees, treeOf, type Path, type Tree } from './tree.ts'

export type Variable = {
  readonly name: string
  /** Absent for those that say where files are: they are read before any setting. */
  readonly path?: Path
  /** What the text stands for; the text itself where it cannot be read, so that the check tells what is allowed. */
  readonly read: (text: string) => unknown
  /** Where more is allowed than in a file. */
  readonly allowed?: string
}

const asText = (text: string) => text
const asNumber = (text: string) => (/^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text)

function asFlag(text: string): unknown {
  const word = text.trim().toLowerCase()
  if (word === 'true' || word === '1') return true
  return word === 'false' || word === '0' ? false : text
}

/** Python's names of levels are understood: `WARNING`. */
function asLevel(text: string): string {
  const word = text.trim().toLowerCase()
  return word === 'warning' ? 'warn' : word
}

const spread = (name: string, ...path: string[]): readonly Variable[] => [
  { name: `LATENCY_OPENAI_${name}_MEAN`, path: ['latency', ...path, 'meanMs'], read: asNumber },
  { name: `LATENCY_OPENAI_${name}_STD_DEV`, path: ['latency', ...path, 'stdDevMs'], read: asNumber },
]

export const variables: readonly Variable[] = [
  { name: 'SIMULATOR_CONFIG_PATH', read: asText },
  { name: 'OPENAI_DEPLOYMENT_CONFIG_PATH', read: asText },
  { name: 'SIMULATOR_MODE', path: ['mode'], read: asText },
  { name: 'SIMULATOR_API_KEY', path: ['apiKey'], read: asText },
  {
    name: 'ALLOW_UNDEFINED_OPENAI_DEPLOYMENTS',
    path: ['allowUndefinedDeployments'],
    read: asFlag,
    allowed: 'true or false in any case, 1 or 0',
  },
  ...spread('CHAT_COMPLETIONS', 'chatCompletions', 'interToken'),
  ...spread('COMPLETIONS', 'completions', 'interToken'),
  ...spread('EMBEDDINGS', 'embeddings'),
  ...spread('TRANSLATIONS', 'translations'),
  ...spread('TRANSCRIPTIONS', 'transcriptions'),
  ...spread('SPEECH', 'speech'),
  ...spread('IMAGES', 'images'),
  { name: 'RECORDING_DIR', path: ['recording', 'dir'], read: asText },
  { name: 'RECORDING_CONTAINER_URL', path: ['recording', 'containerUrl'], read: asText },
  { name: 'RECORDING_CONNECTION_STRING', path: ['recording', 'connectionString'], read: asText },
  { name: 'RECORDING_CONTAINER', path: ['recording', 'container'], read: asText },
  {
    name: 'RECORDING_AUTOSAVE',
    path: ['recording', 'autosave'],
    read: asFlag,
    allowed: 'true or false in any case, 1 or 0',
  },
  { name: 'AZURE_OPENAI_ENDPOINT', path: ['forward', 'endpoint'], read: asText },
  { name: 'AZURE_OPENAI_KEY', path: ['forward', 'key'], read: asText },
  {
    name: 'SIMULATOR_ACCEPT_ANY_TOKEN',
    path: ['auth', 'acceptAnyToken'],
    read: asFlag,
    allowed: 'true or false in any case, 1 or 0',
  },
  { name: 'SIMULATOR_ENTRA_TENANT_ID', path: ['auth', 'entra', 'tenantId'], read: asText },
  { name: 'REDIS_URL', path: ['redis', 'url'], read: asText },
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', path: ['telemetry', 'connectionString'], read: asText },
  { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', path: ['telemetry', 'authentication'], read: asText },
  { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', path: ['telemetry', 'otlpEndpoint'], read: asText },
  { name: 'OTEL_SERVICE_NAME', path: ['telemetry', 'serviceName'], read: asText },
  { name: 'OTEL_METRIC_EXPORT_INTERVAL', path: ['telemetry', 'exportInterval', 'ms'], read: asNumber },
  { name: 'EXTENSION_PATH', path: ['extensionPath'], read: asText },
  { name: 'SIMULATOR_STATE_DIR', path: ['state', 'dir'], read: asText },
  { name: 'SIMULATOR_STATE_CONTAINER_URL', path: ['state', 'containerUrl'], read: asText },
  { name: 'SIMULATOR_STATE_CONNECTION_STRING', path: ['state', 'connectionString'], read: asText },
  { name: 'SIMULATOR_STATE_CONTAINER', path: ['state', 'container'], read: asText },
  { name: 'SIMULATOR_SEED', path: ['seed'], read: asNumber },
  { name: 'LOG_LEVEL', path: ['logLevel'], read: asLevel },
]

/** Prefixes that are ours alone, so that an unknown name is a slip. */
const prefixes = ['SIMULATOR_', 'LATENCY_OPENAI_', 'RECORDING_']

export type Environment = Readonly<Record<string, string | undefined>>

/** The variable that sets what is at `path`. */
export function variableAt(path: Path): string | undefined {
  return rowAt(path)?.name
}

/** An empty variable counts as not set. `where` says in which file a variable stood, if in one. */
export function fromEnvironment(
  environment: Environment,
  where: (name: string) => string | undefined = () => undefined,
): { readonly source: ConfigSource; readonly warnings: readonly string[] } {
  const named = (name: string) => {
    const file = where(name)
    return file ? `${name} in ${file}` : name
  }
  let input: Tree = {}
  for (const { name, path, read } of variables) {
    const text = environment[name]
    if (path && text) input = mergeTrees(input, treeOf(path, read(text)))
  }
  const source: ConfigSource = {
    name: 'environment',
    input,
    spell: (path) => {
      const name = variableAt(path)
      return name && named(name)
    },
    allowed: (path) => rowAt(path)?.allowed,
  }
  return { source, warnings: unknownVariables(environment).map((name) => unknownVariable(name, named(name))) }
}

function unknownVariables(environment: Environment): readonly string[] {
  const known = new Set(variables.map(({ name }) => name))
  return Object.keys(environment).filter(
    (name) => environment[name] && !known.has(name) && prefixes.some((prefix) => name.startsWith(prefix)),
  )
}

function unknownVariable(name: string, shownName: string): string {
  const names = variables.map((variable) => variable.name)
  return `${shownName}: is not a variable of the simulator, and has no effect; ${unknownName(name, names)}`
}

function rowAt(path: Path): Variable | undefined {
  return variables.find((row) => row.path?.length === path.length && row.path.every((key, at) => key === path[at]))
}
