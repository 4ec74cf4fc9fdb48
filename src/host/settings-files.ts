/** The files that settings are found in, as sources of them: `sim.yaml`, the old JSON file and `.env`. */
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import {
  type ConfigSource,
  type Environment,
  filePaths,
  fromLegacyDeployments,
  mismatch,
  parseSettingsYaml,
  type Problem,
  shown,
} from '../sim/index.ts'

type Reading = {
  readonly file: string
  /** The variable or flag that named the file. */
  readonly asked: string
  readonly cwd: string
  readonly problems: Problem[]
}

/** Paths in it are relative to it, not to the folder that the simulator happens to be started from. */
export function yamlSource({ file, asked, cwd, problems }: Reading): readonly ConfigSource[] {
  const text = readText({ file, asked, cwd, problems })
  if (text === undefined) return []
  const parsed = parseSettingsYaml(file, text)
  if ('source' in parsed) return [withPathsFrom(parsed.source, dirname(resolve(cwd, file)), cwd)]
  problems.push(parsed.problem)
  return []
}

export function legacySource({ file, asked, cwd, problems }: Reading): readonly ConfigSource[] {
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

/**
 * The file is the application's: its `LOG_LEVEL` or `REDIS_URL` is not meant for the simulator, which takes what can be
 * meant for nothing else. The service's address and key are the application's too, and are only asked for where the
 * service is.
 */
const isOurs = (name: string) =>
  /^(SIMULATOR_|LATENCY_OPENAI_|RECORDING_|ALLOW_UNDEFINED_)/.test(name) ||
  ['OPENAI_DEPLOYMENT_CONFIG_PATH', 'EXTENSION_PATH'].includes(name) ||
  ofService(name)

export const ofService = (name: string): boolean => name.startsWith('AZURE_OPENAI_')

export function readDotEnvFile(cwd: string, problems: Problem[]): Environment {
  const path = join(cwd, '.env')
  try {
    const all = parseEnv(withoutMark(readFileSync(path, 'utf8')))
    return Object.fromEntries(Object.entries(all).filter(([name]) => isOurs(name)))
  } catch (error) {
    // A folder of that name is somebody's virtual environment, not settings.
    if (['ENOENT', 'EISDIR'].includes(codeOf(error))) return {}
    problems.push(problem('.env', mismatch(whyUnreadable(error, path), 'a file that can be read')))
    return {}
  }
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

function withPathsFrom(source: ConfigSource, folder: string, cwd: string): ConfigSource {
  if (folder === resolve(cwd)) return source
  const { input } = source
  const moved = filePaths.reduce((tree: unknown, path) => movedAt(tree, path, (text) => resolve(folder, text)), input)
  return { ...source, input: moved }
}

function movedAt(tree: unknown, [key = '', ...rest]: readonly string[], move: (text: string) => string): unknown {
  if (typeof tree !== 'object' || tree === null || !Object.hasOwn(tree, key)) return tree
  const below = (tree as Readonly<Record<string, unknown>>)[key]
  if (rest.length > 0) return { ...tree, [key]: movedAt(below, rest, move) }
  if (Array.isArray(below))
    return { ...tree, [key]: below.map((each: unknown) => (typeof each === 'string' ? move(each) : each)) }
  return typeof below === 'string' && below !== '' ? { ...tree, [key]: move(below) } : tree
}
