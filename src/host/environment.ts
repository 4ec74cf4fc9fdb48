/** Where settings are found: the environment, `.env` and the files they name. The only reader of `process.env`. */
import { randomBytes } from 'node:crypto'
import {
  type ConfigSource,
  type Environment,
  findModel,
  fromEnvironment,
  masked,
  mergeReadings,
  modelNames,
  noLatency,
  type Problem,
  readSource,
  type Resolved,
  resolveConfig,
  secretVariables,
  settingName,
  settingOf,
  type Tree,
  isTree,
  isVariable,
} from '../sim/index.ts'
import { legacySource, ofService, readDotEnvFile, yamlSource } from './settings-files.ts'

/** What a command's flags say of settings, as they were typed. */
export type Flags = {
  readonly mode?: string | undefined
  readonly config?: string | undefined
  readonly key?: string | undefined
  readonly seed?: string | undefined
  /** False for `--no-latency`. */
  readonly latency?: boolean | undefined
}

export type LoadOptions = {
  /** Under Functions a key must be given: one drawn at random would be another on each instance. */
  readonly host: 'embedded' | 'functions'
  readonly env?: Environment
  readonly cwd?: string
  readonly flags?: Flags
  /** Whether a `.env` in `cwd` is read; the Functions host has its own file of settings. */
  readonly readDotEnv?: boolean
}

export type Loaded = Resolved & {
  readonly warnings: readonly string[]
  /** Whether nobody gave a key, so that one was drawn for this run. */
  readonly generatedKey: boolean
  /** The variables of `.env` that count. */
  readonly fromDotEnv: readonly string[]
  /** What the source that gave the setting at a path calls it, for a message. */
  readonly settingAt: (...path: readonly string[]) => string
  /** All that was said, for a change at run time to be put on top. */
  readonly inputs: readonly ConfigSource[]
}

/** `text` without the value of any variable that holds a secret: code that is not ours may say anything. */
export function withoutSecretValues(text: string, env: Environment = process.env): string {
  const values = secretVariables().flatMap((name) => env[name] ?? [])
  return values
    .filter((value) => value.length >= minSecretLength)
    .reduce((left, value) => left.replaceAll(value, masked), text)
}

/** Shorter ones are no secrets, and to mask them would hide words that have them in it. */
const minSecretLength = 6

/** What `PORT` says, by which platforms tell a program where to listen: its text, as a flag would have it. */
export const portVariable = (env: Environment = process.env): string | undefined => env.PORT?.trim() || undefined

/** A simulator that runs already, for tests that start one otherwise. */
export const simulatorElsewhere = (env: Environment = process.env) => ({
  url: env.AOAI_SIMULATOR_URL || undefined,
  key: env.AOAI_SIMULATOR_KEY || undefined,
})

const drawnKey = 'a random draw at each start'

/** What is set, with what `.env` in `cwd` adds; one that cannot be read adds nothing. */
export const loadEnvironment = ({ env = process.env, cwd = process.cwd() }: Pick<LoadOptions, 'env' | 'cwd'>) => ({
  ...readDotEnvFile(cwd, []),
  ...given(env),
})

/** Flags beat the environment, which beats `.env`, `sim.yaml`, the old JSON file and the defaults. */
export function loadConfig(options: LoadOptions): Loaded {
  const { host, env = process.env, cwd = process.cwd(), flags = {}, readDotEnv = host === 'embedded' } = options
  const problems: Problem[] = []
  const inFile = readDotEnv ? readDotEnvFile(cwd, problems) : {}
  const read = { cwd, problems }
  const { dotEnv, said, warnings } = sourcesOf({ env: given(env), inFile, flags }, read)
  const hasKey = mergeReadings(said.map(readSource)).apiKey !== undefined
  const generatedKey = host === 'embedded' && !hasKey
  const inputs = generatedKey ? [...said, { name: drawnKey, input: { apiKey: randomBytes(16).toString('hex') } }] : said
  const resolved = resolveConfig(inputs, { findModel, modelNames }, problems)
  const isUsed = (name: string) => dotEnv[name] && env[name] === undefined && isVariable(name)
  return {
    ...resolved,
    warnings: [...warnings, ...renamedSettings(said)],
    generatedKey,
    fromDotEnv: Object.keys(dotEnv).filter(isUsed).sort(),
    settingAt: (...path) => settingOf(inputs, path),
    inputs,
  }
}

type Given = { readonly env: Environment; readonly inFile: Environment; readonly flags: Flags }
type Read = { readonly cwd: string; readonly problems: Problem[] }

function sourcesOf({ env, inFile, flags }: Given, read: Read) {
  const withFile = (dotEnv: Environment) => {
    const where = (name: string) => (env[name] === undefined && dotEnv[name] !== undefined ? '.env' : undefined)
    return fromEnvironment({ ...dotEnv, ...env }, where)
  }
  const ours = Object.fromEntries(Object.entries(inFile).filter(([name]) => !ofService(name)))
  const { SIMULATOR_CONFIG_PATH: config, OPENAI_DEPLOYMENT_CONFIG_PATH: json } = { ...ours, ...env }
  const yaml = flags.config ?? config
  const yamlAsked = flags.config === undefined ? 'SIMULATOR_CONFIG_PATH' : '--config'
  const files = [
    ...(json ? legacySource({ ...read, file: json, asked: 'OPENAI_DEPLOYMENT_CONFIG_PATH' }) : []),
    ...(yaml || flags.config === '' ? yamlSource({ ...read, file: yaml ?? '', asked: yamlAsked }) : []),
  ]
  const withFlags = (dotEnv: Environment) => {
    const { source, warnings } = withFile(dotEnv)
    const below = [...files, source]
    return { dotEnv, warnings, said: [...below, fromFlags(flags, mergeReadings(below.map(readSource)))] }
  }
  const first = withFlags(ours)
  const { mode, replay } = mergeReadings(first.said.map(readSource))
  const forwards = mode === 'record' || (isTree(replay) && replay.onMiss === 'forward')
  return forwards ? withFlags(inFile) : first
}

const flagNames: Readonly<Record<string, string>> = { mode: '--mode', apiKey: '--key', seed: '--seed' }

function fromFlags({ mode, key, seed, latency }: Flags, below: Tree): ConfigSource {
  const input = {
    ...(mode !== undefined && { mode }),
    ...(key !== undefined && { apiKey: key }),
    ...(seed !== undefined && { seed: /^\d+$/.test(seed) ? Number(seed) : seed }),
    ...(latency === false && noLatency(below)),
  }
  return { name: 'flags', input, spell: ([first = '']) => flagNames[first] ?? '--no-latency' }
}

/** Settings that are still given by names of earlier versions. */
const renamedSettings = (sources: readonly ConfigSource[]): readonly string[] =>
  sources.flatMap((source) =>
    readSource(source).renamed.map(
      ({ old, path, value }) =>
        `${settingName(source, old)}: ${value ? `"${value.old}" is now called "${value.name}"` : `is now called ${path.join('.')}`}; the old name still works`,
    ),
  )

function given(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined))
}
