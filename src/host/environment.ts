/** Where settings are found: the environment, `.env` and the files they name. The only reader of `process.env`. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import {
  type ConfigSource,
  type Environment,
  findModel,
  fromEnvironment,
  fromLegacyDeployments,
  masked,
  mergeReadings,
  mismatch,
  modelNames,
  parseSettingsYaml,
  type Problem,
  readSource,
  type Resolved,
  resolveConfig,
  secretVariables,
  settingName,
  shown,
} from '../sim/index.ts'

export type LoadOptions = {
  /** Under Functions a key must be given: one drawn at random would be another on each instance. */
  readonly host: 'embedded' | 'functions'
  readonly env?: Environment
  readonly cwd?: string
  readonly flags?: { readonly mode?: string | undefined; readonly config?: string | undefined }
  /** Whether a `.env` in `cwd` is read; the Functions host has its own file of settings. */
  readonly readDotEnv?: boolean
}

export type Loaded = Resolved & {
  readonly warnings: readonly string[]
  /** Whether nobody gave a key, so that one was drawn for this run. */
  readonly generatedKey: boolean
  /** All that was said, for a change at run time to be put on top. */
  readonly inputs: readonly ConfigSource[]
}

/** `text` without the value of any variable that holds a secret: code that is not ours may say anything. */
export function withoutSecrets(text: string, env: Environment = process.env): string {
  const values = secretVariables().flatMap((name) => env[name] ?? [])
  return values
    .filter((value) => value.length >= minSecretLength)
    .reduce((left, value) => left.replaceAll(value, masked), text)
}

/** Shorter ones are no secrets, and to mask them would hide words that have them in it. */
const minSecretLength = 6

/** What `PORT` says, by which platforms tell a program where to listen: its text, as a flag would have it. */
export const portVariable = (env: Environment = process.env): string | undefined => env.PORT?.trim() || undefined

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
  const dotEnv = readDotEnv ? readDotEnvFile(cwd, problems) : {}
  const environment = { ...dotEnv, ...given(env) }
  const where = (name: string) => (env[name] === undefined && dotEnv[name] !== undefined ? '.env' : undefined)
  const { source, warnings } = fromEnvironment(environment, where)

  const yamlFile = flags.config ?? environment.SIMULATOR_CONFIG_PATH
  const yamlAsked = flags.config === undefined ? 'SIMULATOR_CONFIG_PATH' : '--config'
  const jsonFile = environment.OPENAI_DEPLOYMENT_CONFIG_PATH
  const read = { cwd, problems }
  const said = [
    ...(jsonFile ? legacySource({ ...read, file: jsonFile, asked: 'OPENAI_DEPLOYMENT_CONFIG_PATH' }) : []),
    ...(yamlFile || flags.config === '' ? yamlSource({ ...read, file: yamlFile ?? '', asked: yamlAsked }) : []),
    source,
    { name: 'flags', input: flags.mode === undefined ? {} : { mode: flags.mode }, spell: () => '--mode' },
  ]
  const hasKey = mergeReadings(said.map(readSource)).apiKey !== undefined
  const generatedKey = host === 'embedded' && !hasKey
  const inputs = generatedKey ? [...said, { name: drawnKey, input: { apiKey: randomBytes(16).toString('hex') } }] : said
  const resolved = resolveConfig(inputs, { findModel, modelNames }, problems)
  return { ...resolved, warnings: [...warnings, ...renamedSettings(said)], generatedKey, inputs }
}

/** Settings that are still given by names of earlier versions. */
const renamedSettings = (sources: readonly ConfigSource[]): readonly string[] =>
  sources.flatMap((source) =>
    readSource(source).renamed.map(
      ({ old, path, value }) =>
        `${settingName(source, old)}: ${value ? `"${value.old}" is now called "${value.name}"` : `is now called ${path.join('.')}`}; the old name still works`,
    ),
  )

type Reading = {
  readonly file: string
  /** The variable or flag that named the file. */
  readonly asked: string
  readonly cwd: string
  readonly problems: Problem[]
}

function yamlSource({ file, asked, cwd, problems }: Reading): readonly ConfigSource[] {
  const text = readText({ file, asked, cwd, problems })
  if (text === undefined) return []
  const parsed = parseSettingsYaml(file, text)
  if ('source' in parsed) return [parsed.source]
  problems.push(parsed.problem)
  return []
}

function legacySource({ file, asked, cwd, problems }: Reading): readonly ConfigSource[] {
  const text = readText({ file, asked, cwd, problems })
  if (text === undefined) return []
  try {
    return [fromLegacyDeployments(file, JSON.parse(text))]
  } catch (error) {
    const reason = reasonOf(error)
    const position = /at position (\d+)/.exec(reason)?.[1]
    const line = position === undefined ? '' : `, line ${text.slice(0, Number(position)).split('\n').length}`
    problems.push(problem(`${file}${line}`, `not valid JSON: ${reason}`))
    return []
  }
}

function readText({ file, asked, cwd, problems }: Reading): string | undefined {
  const path = resolve(cwd, file)
  try {
    return withoutMark(readFileSync(path, 'utf8'))
  } catch (error) {
    problems.push(problem(asked, mismatch(`${shown(file)}, ${whyUnreadable(error, path)}`, 'a file that can be read')))
    return undefined
  }
}

function readDotEnvFile(cwd: string, problems: Problem[]): Environment {
  const path = join(cwd, '.env')
  try {
    return parseEnv(withoutMark(readFileSync(path, 'utf8')))
  } catch (error) {
    // A folder of that name is somebody's virtual environment, not settings.
    if (['ENOENT', 'EISDIR'].includes(codeOf(error))) return {}
    problems.push(problem('.env', mismatch(whyUnreadable(error, path), 'a file that can be read')))
    return {}
  }
}

function given(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined))
}

function whyUnreadable(error: unknown, path: string): string {
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return `but there is no file ${path}`
  if (code === 'EISDIR') return `but ${path} is a folder`
  if (code === 'EACCES' || code === 'EPERM') return `but this user may not read ${path}`
  return `but ${path} cannot be read (${code || reasonOf(error)})`
}

const problem = (setting: string, message: string): Problem => ({ path: [], setting, message })

const withoutMark = (text: string) => (text.startsWith('\uFEFF') ? text.slice(1) : text)

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
